"""What a draft asks for, priced as far as it can be, and what it lacks to be placed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from comanda.errors import Invalid
from comanda.orders.bill import Extra, Price, TaxRule
from comanda.orders.form import judge_form
from comanda.orders.model import Draft, DraftCharge, DraftLine, Order
from comanda.orders.price import price
from comanda.orders.quote import quote
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.vocabulary import Channel, Method
from comanda.settings.sections import PaymentMethod

UNDECIDED = Method.REQUEST  # stands for a method that is not chosen yet; costs nothing
ADDRESS = ("line1", "city", "postal_code", "country")

type Errors = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What staff write into a draft. None leaves a field as it is; an empty value clears it.

    `texts` are personal: contact, shipping, billing, comment, purchase_order, fields.
    """

    lines: tuple[DraftLine, ...] | None = None
    method: str | None = None
    delivery: str | None = None
    delivery_slot: str | None = None
    discount_code: str | None = None
    credit: int | None = None
    charges: tuple[DraftCharge, ...] | None = None
    locale: str | None = None
    texts: Mapping[str, Any] = field(default_factory=dict)

    def written_into(self, draft: Draft) -> Draft:
        names = ("lines", "method", "delivery", "delivery_slot", "discount_code", "credit", "charges")
        named = {name: getattr(self, name) for name in names}
        return replace(draft, **{name: value for name, value in named.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Estimate:
    """The price of what is decided, and what placing would refuse."""

    price: Price
    missing: Errors


def request_of(draft: Draft, texts: Mapping[str, Any], locale: str) -> OrderRequest:
    """The draft as the checkout knows a request; a method that is not chosen is the empty one."""
    return OrderRequest(
        lines=tuple((line.sku, line.quantity) for line in draft.lines),
        method=Method(draft.method) if draft.method else UNDECIDED,
        delivery=draft.delivery,
        delivery_slot=draft.delivery_slot,
        locale=locale,
        accept_privacy=True,
        contact=texts.get("contact") or {},
        shipping=texts.get("shipping") or {},
        billing=texts.get("billing") or {},
        fields=texts.get("fields") or {},
        comment=texts.get("comment") or "",
        purchase_order=texts.get("purchase_order") or "",
        discount_code=draft.discount_code,
        channel=Channel.PHONE,
        agreed={line.sku: line.unit_price for line in draft.lines if line.unit_price is not None},
        charges=tuple(
            Extra(one.kind, f"hand-{number}", one.title, one.amount)
            for number, one in enumerate(draft.charges, 1)
        ),
    )


def estimate(draft: Draft, texts: Mapping[str, Any], locale: str, shelf: Shelf) -> Estimate:
    """Price what is on sale; name what is missing. Raises Invalid for a code that the shop does not know."""
    _known_codes(draft, shelf)
    asked = request_of(draft, texts, locale)
    sold = tuple((sku, quantity) for sku, quantity in asked.lines if _on_sale(sku, shelf))
    missing = _missing(draft, shelf) + form_errors(asked, shelf)
    payment = shelf.payment if draft.method else PaymentMethod()
    priced, refused = _priced(replace(asked, lines=sold), replace(shelf, payment=payment))
    return Estimate(priced, missing + refused)


def form_errors(asked: OrderRequest, shelf: Shelf) -> Errors:
    """What the order form lacks: contact, addresses, the seller's own fields."""
    errors = [
        {"pointer": f"{pointer}/{name}", "detail": "this part of the address is needed"}
        for address, pointer in ((asked.shipping, "/shipping_address"), (asked.billing, "/billing_address"))
        for name in ADDRESS
        if address and not address.get(name)
    ]
    try:
        judge_form(asked, shelf, None)
    except Invalid as refused:
        known = {error["pointer"] for error in errors}
        errors += [error for error in refused.extra["errors"] if error["pointer"] not in known]
    return errors


def _missing(draft: Draft, shelf: Shelf) -> Errors:
    errors = [
        {"pointer": f"/lines/{index}/sku", "detail": f"{line.sku} is not for sale any more"}
        for index, line in enumerate(draft.lines)
        if not _on_sale(line.sku, shelf)
    ]
    chosen = (("/lines", draft.lines), ("/payment_method", draft.method), ("/delivery", draft.delivery))
    return errors + [{"pointer": name, "detail": "not chosen yet"} for name, value in chosen if not value]


def _priced(asked: OrderRequest, shelf: Shelf) -> tuple[Price, Errors]:
    """The price with delivery if it can be had there, else without."""
    if not asked.lines:
        rule = TaxRule(shelf.shop.tax_included, shelf.shop.rounding == "line")
        return price([], [], rule, asked.locale, shelf.stock.default_location), []
    try:
        return quote(asked, shelf), []
    except Invalid as refused:
        if not asked.delivery:
            raise
        return quote(replace(asked, delivery=""), shelf), refused.extra["errors"]


def _on_sale(sku: str, shelf: Shelf) -> bool:
    product = shelf.products.get(sku)
    return product is not None and product.active


def _known_codes(draft: Draft, shelf: Shelf) -> None:
    offered = [delivery.code for delivery in shelf.shipping.deliveries]
    if draft.delivery and draft.delivery not in offered:
        raise Invalid.at("/delivery", f"one of: {', '.join(offered)}")
    if draft.method and not shelf.payment.enabled:
        raise Invalid.at("/payment_method", "this way to pay is not offered")


def unknown_products(draft: Draft, before: Draft, shelf: Shelf) -> Errors:
    """Products named just now that the shop does not sell; those of before may have left it since."""
    known = {line.sku for line in before.lines}
    return [
        {"pointer": f"/lines/{index}/sku", "detail": f"there is no product {line.sku!r} for sale"}
        for index, line in enumerate(draft.lines)
        if line.sku not in known and not _on_sale(line.sku, shelf)
    ]


def with_price(order: Order, draft: Draft, priced: Price) -> Order:
    """The order as the draft makes it, at these prices."""
    return replace(
        order,
        draft=draft,
        method=Method(draft.method) if draft.method else UNDECIDED,
        delivery=draft.delivery,
        delivery_slot=draft.delivery_slot,
        discount_code=draft.discount_code,
        lines=priced.lines,
        charges=priced.charges,
        tax_lines=priced.tax_lines,
        totals=priced.totals,
    )
