"""What the checkout asks for and offers, from the shop's settings."""

from typing import Any

from comanda.money import Money
from comanda.orders.zones import Parcel, cost, offered, zone_of
from comanda.settings.formatted import plain
from comanda.settings.methods import Method
from comanda.settings.sections import Checkout, Delivery, FormField, PaymentMethod, Shipping, Shop, Zone
from comanda.settings.store import SettingsStore

ANY_PARCEL = Parcel()

# What `POST /orders` cannot do without, beside the seller's own fields.
REQUIRED = {
    "customer": ["email", "name"],
    "shipping_address": ["line1", "city", "postal_code", "country"],
}


def checkout_form(
    settings: SettingsStore, locale: str, address: dict[str, Any] | None = None, parcel: Parcel = ANY_PARCEL
) -> dict[str, Any]:
    """The form in one language. Only payment methods that are switched on and take the
    shop's currency are offered; each tells the totals and deliveries that it is for.

    With an address (country, state, postal_code) only what goes there is offered, at the price of this
    parcel; without one everything, at the price of its first zone.
    """
    payments = {method: f"payments.{method}" for method in Method}
    found = settings.sections(["shop", "checkout", "shipping", *payments.values()])
    shop: Shop = found["shop"]
    checkout: Checkout = found["checkout"]
    shipping: Shipping = found["shipping"]
    open_methods = {method: found[name] for method, name in payments.items() if _open(found[name], shop)}
    return {
        "shop": {
            "name": shop.name,
            "currency": shop.currency,
            "country": shop.country,
            "tax_included": shop.tax_included,
        },
        "fields": [_field(field, locale) for field in checkout.fields],
        "required": REQUIRED,
        "payment_methods": [_method(code, method, shop, locale) for code, method in open_methods.items()],
        "delivery": [
            _delivery(delivery, zone, price, shop, locale)
            for delivery, zone, price in _ways(address, shipping, parcel)
        ],
        "privacy": {"version": checkout.privacy.version, "url": checkout.privacy.url},
    }


def _open(method: PaymentMethod, shop: Shop) -> bool:
    return method.enabled and (not method.currencies or shop.currency in method.currencies)


def _ways(
    address: dict[str, Any] | None, shipping: Shipping, parcel: Parcel
) -> list[tuple[Delivery, Zone | None, int]]:
    if address:
        return offered(address, shipping, parcel)
    first = ((delivery, zone_of(delivery, {})) for delivery in shipping.deliveries)
    return [(delivery, zone, (cost(zone, parcel) or 0) if zone else 0) for delivery, zone in first]


def _field(field: FormField, locale: str) -> dict[str, Any]:
    shown = {
        "name": field.name,
        "type": field.type,
        "label": field.label.of(locale) or field.name,
        "required": field.required,
    }
    return shown | ({"choices": list(field.choices)} if field.type == "choice" else {})


def _method(code: Method, method: PaymentMethod, shop: Shop, locale: str) -> dict[str, Any]:
    return {
        "code": code,
        "title": method.title.of(locale) or code,
        "instructions": plain(method.instructions.of(locale)),
        "surcharge": Money(method.surcharge, shop.currency).to_dict(),
        "surcharge_ppm": method.surcharge_ppm,
        "discount": Money(method.discount, shop.currency).to_dict(),
        "discount_ppm": method.discount_ppm,
        "minimum": _amount(method.minimum or None, shop),
        "maximum": _amount(method.maximum, shop),
        "pickup_only": method.pickup_only,
    }


def _delivery(delivery: Delivery, zone: Zone | None, price: int, shop: Shop, locale: str) -> dict[str, Any]:
    """`zone` is where the address lies; without an address the first zone."""
    return {
        "code": delivery.code,
        "title": delivery.title.of(locale) or delivery.code,
        "price": Money(price, shop.currency).to_dict(),
        "free_from": _amount(zone.free_from if zone else None, shop),
        "needs_address": delivery.needs_address,
        "carrier": delivery.carrier,
        "carrier_prices": bool(delivery.rates.services),
        "place": delivery.place.of(locale) or None,
        "hours": delivery.hours.of(locale) or None,
        "slots": list(delivery.slots),
        "slot_required": delivery.slot_required,
        "zones": [_zone(zone, shop) for zone in delivery.zones],
    }


def _zone(zone: Zone, shop: Shop) -> dict[str, Any]:
    return {
        "countries": list(zone.countries),
        "states": list(zone.states),
        "postal_prefixes": list(zone.postal_prefixes),
        "postal_ranges": [one.model_dump() for one in zone.postal_ranges],
        "price": _amount(zone.price, shop),
        "weight_bands": [
            {"up_to_grams": band.up_to_grams, "price": _amount(band.price, shop)}
            for band in zone.weight_bands
        ],
        "free_from": _amount(zone.free_from, shop),
        "excluded": zone.excluded,
    }


def _amount(amount: int | None, shop: Shop) -> dict[str, Any] | None:
    return None if amount is None else Money(amount, shop.currency).to_dict()
