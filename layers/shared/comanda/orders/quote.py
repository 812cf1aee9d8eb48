"""What a request costs: its lines, discount, surcharge and delivery, by the shop's settings and codes."""

from dataclasses import replace
from typing import Any

from comanda.discounts.model import Basket, DiscountCode, Given, Item, redeem, spelt
from comanda.errors import Invalid
from comanda.money import decimal_text, fraction_of
from comanda.orders.bill import Extra, Price, TaxRule, Wanted
from comanda.orders.model import Offer
from comanda.orders.offer import why_not
from comanda.orders.price import price
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.vocabulary import Channel, Method
from comanda.orders.zones import Parcel, delivery_cost, destination, free, zone_of
from comanda.settings.sections import Checkout, PaymentMethod, Shipping
from comanda.stock.bundles import stock_skus
from comanda.stock.model import Product

MOST_SKUS = 80


def quote(asked: OrderRequest, shelf: Shelf) -> Price:
    """What the request costs this buyer now; the delivery of a draft may be left open.

    Raises Invalid for lines, delivery or discount that cannot be had.
    """
    wanted = _wanted(asked, shelf)
    _enough(wanted, asked, shelf)
    code = known_code(asked.discount_code, shelf.checkout, shelf.code)
    basket = _basket(wanted, shelf)
    given = redeem(code, basket) if code else Given(0)
    value = basket.subtotal - given.amount - _off_by_hand(asked, basket.subtotal - given.amount)
    shipping = _delivered(asked, shelf, wanted, value)
    extras: list[Extra] = []
    if code and given.free_shipping and shipping:
        shipping = replace(shipping, amount=0, title=f"{shipping.title} ({code.code})")
    if code and (given.amount or not given.free_shipping):
        extras.append(Extra("discount", code.code, code.code, given.amount, lines=given.lines))
    extras += sorted(asked.charges, key=lambda extra: extra.kind)  # discounts first
    less = discount_extra(asked.method, shelf.payment, value, asked.locale)
    extras += [less] if less else []
    more = sum(extra.amount for extra in asked.charges if extra.kind == "surcharge")
    base = value + more + (shipping.amount if shipping else 0)
    surcharge = surcharge_extra(asked.method, shelf.payment, base, asked.locale)
    extras += [extra for extra in (surcharge, shipping) if extra]
    rule = TaxRule(shelf.shop.tax_included, shelf.shop.rounding == "line")
    return price(wanted, extras, rule, asked.locale, shelf.stock.default_location)


def _off_by_hand(asked: OrderRequest, goods: int) -> int:
    """What staff take off, which is no more than the goods still cost. Raises Invalid."""
    off = 0
    for place, extra in enumerate(asked.charges):
        off += extra.amount if extra.kind == "discount" else 0
        if off > goods:
            raise Invalid.at(f"/charges/{place}/amount", "this is more than what the goods still cost")
    return off


def _basket(wanted: list[Wanted], shelf: Shelf) -> Basket:
    items = [Item(item.line_id, item.product.sku, item.each * item.units) for item in wanted]
    buyer = shelf.buyer
    return Basket(items, shelf.shop.currency, shelf.at, known=buyer.known, group=buyer.group)


def _delivered(asked: OrderRequest, shelf: Shelf, wanted: list[Wanted], value: int) -> Extra | None:
    """The delivery's price; a draft may leave it open."""
    if not asked.delivery:
        return None
    parcel = Parcel(value, sum(item.product.weight_grams * item.units for item in wanted))
    judge_slot(asked.delivery, asked.delivery_slot, shelf.shipping)
    extra = delivery_extra(asked.delivery, asked.shipping, shelf.shipping, parcel, asked.locale)
    return carried(extra, asked.offer, asked.shipping, shelf.shipping, parcel) if asked.offer else extra


def carried(extra: Extra, offer: Offer, address: dict[str, Any], shipping: Shipping, parcel: Parcel) -> Extra:
    """The delivery at the carrier's price that was promised, free from where the zone says so.

    Raises Invalid when it was promised for another place or another weight.
    """
    if offer.to != destination(address):
        raise Invalid.at("/delivery_quote", "this price is for another address: ask for it anew")
    if offer.grams != parcel.grams:
        raise Invalid.at("/delivery_quote", "this price is for another weight: ask for it anew")
    delivery = next(one for one in shipping.deliveries if one.code == extra.code)
    zone = zone_of(delivery, address)
    amount = 0 if zone and free(zone, parcel) else offer.carriage.amount
    return replace(extra, amount=amount, title=f"{extra.title} ({offer.carriage.title})")


def _enough(wanted: list[Wanted], asked: OrderRequest, shelf: Shelf) -> None:
    """Customers order so much at least; staff may take less. Raises Invalid."""
    least, worth = shelf.tariff.minimum_order, sum(item.each * item.units for item in wanted)
    if worth >= least or asked.channel is not Channel.WEB:
        return
    currency = shelf.shop.currency
    wanted_worth, own_worth = (f"{decimal_text(one, currency)} {currency}" for one in (least, worth))
    told = f"an order takes goods for {wanted_worth} at least; these are {own_worth}"
    raise Invalid(
        "the order is too small",
        errors=[{"pointer": "/lines", "detail": told}],
        minimum={"amount": least, "currency": currency},
    )


def _misfits(asked: OrderRequest, shelf: Shelf) -> list[dict[str, Any]]:
    """Quantities that are no whole boxes, or too few; of a product on several lines, their sum."""
    if asked.channel is not Channel.WEB:
        return []
    errors: list[dict[str, Any]] = []
    for sku, quantity in asked.sums.items():
        rule = shelf.tariff.rule(sku)
        if sku in shelf.products and not rule.fits(quantity):
            place = next(index for index, (name, _) in enumerate(asked.lines) if name == sku)
            errors.append({"pointer": f"/lines/{place}/quantity"} | rule.refusal(sku, quantity))
    return errors


def _each(product: Product, asked: OrderRequest, shelf: Shelf) -> int:
    """The unit price: what staff agreed to, else the buyer's tariff for all of it together."""
    if product.sku in asked.agreed:
        return asked.agreed[product.sku]
    return shelf.tariff.unit_price(product.sku, product.price, asked.sums[product.sku])


def _wanted(asked: OrderRequest, shelf: Shelf) -> list[Wanted]:
    errors = _misfits(asked, shelf)
    wanted = []
    for index, (sku, quantity) in enumerate(asked.lines):
        product = shelf.products.get(sku)
        if product is None or not product.active:
            errors.append(
                {"pointer": f"/lines/{index}/sku", "detail": f"there is no product {sku!r} for sale"}
            )
        else:
            wanted.append(Wanted(product, quantity, _each(product, asked, shelf), f"l{index + 1}"))
    if not asked.lines:
        errors.append({"pointer": "/lines", "detail": "an order needs at least one line"})
    kept = {sku for item in wanted for sku in stock_skus(item.product)}
    if max(len(kept), len({sku for sku, _ in asked.lines})) > MOST_SKUS:
        told = f"an order takes at most {MOST_SKUS} different products, bundles by what they are made of"
        errors.append({"pointer": "/lines", "detail": told})
    if errors:
        raise Invalid("some lines cannot be ordered", errors=errors)
    return wanted


def known_code(code: str, checkout: Checkout, kept: DiscountCode | None) -> DiscountCode | None:
    """The code that was given: one of its own, else one of the checkout's settings. None: none was given.

    Raises Invalid for a code the shop does not know.
    """
    name = spelt(code)
    if not name or kept is not None:
        return kept if name else None
    found = next((one for one in checkout.discount_codes if one.active and spelt(one.code) == name), None)
    if found is None:
        raise Invalid(
            "the discount code is not valid",
            errors=[{"pointer": "/discount_code", "detail": "not a valid code"}],
            reason="unknown",
        )
    return DiscountCode(found.code, found.percent_ppm, found.amount, counted=False)


def surcharge_extra(method: Method, settings: PaymentMethod, base: int, locale: str) -> Extra | None:
    """What the payment method adds: a fixed amount and a fraction of what is paid with it."""
    amount = settings.surcharge + fraction_of(base, settings.surcharge_ppm)
    return Extra("surcharge", method, settings.title.of(locale) or method, amount) if amount else None


def discount_extra(method: Method, settings: PaymentMethod, goods: int, locale: str) -> Extra | None:
    """What the payment method takes off the goods, never more than they still cost."""
    amount = min(goods, settings.discount + fraction_of(goods, settings.discount_ppm))
    return Extra("discount", method, settings.title.of(locale) or method, amount) if amount else None


def collected(code: str, shipping: Shipping) -> bool:
    """Whether a delivery goes to no address; one that is not chosen yet may."""
    return not code or any(one.code == code and not one.needs_address for one in shipping.deliveries)


def method_errors(asked: OrderRequest, total: int, shelf: Shelf) -> list[dict[str, Any]]:
    """Why the way to pay does not take this order, as errors of a problem."""
    here = collected(asked.delivery, shelf.shipping)
    why = why_not(shelf.payment, total, shelf.shop.currency, collected=here)
    return [_error("/payment_method", why)] if why else []


def delivery_extra(
    code: str, address: dict[str, Any], shipping: Shipping, parcel: Parcel, locale: str
) -> Extra:
    """The delivery's price for this parcel and address. Raises Invalid when it is not offered."""
    amount = delivery_cost(code, address, shipping, parcel)
    delivery = next(one for one in shipping.deliveries if one.code == code)
    return Extra("shipping", code, delivery.title.of(locale) or code, amount, delivery.tax_ppm)


def judge_slot(code: str, slot: str, shipping: Shipping) -> None:
    """Whether the customer may have it at this time. Raises Invalid."""
    delivery = next((one for one in shipping.deliveries if one.code == code), None)
    if delivery is None or (not slot and not delivery.slot_required) or slot in delivery.slots:
        return
    detail = f"one of: {', '.join(delivery.slots)}" if delivery.slots else f"{code} has no times to choose"
    raise Invalid("this time cannot be chosen", errors=[_error("/delivery_slot", detail)])


def _error(pointer: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "detail": detail}
