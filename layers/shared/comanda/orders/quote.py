"""Discount, surcharge and delivery of a request, from the shop's settings."""

from typing import Any

from comanda.errors import Invalid
from comanda.money import fraction_of
from comanda.orders.price import Extra
from comanda.orders.vocabulary import Method
from comanda.settings.sections import Checkout, Delivery, PaymentMethod, Shipping, Zone


def discount_extra(code: str, checkout: Checkout, subtotal: int) -> Extra | None:
    """The discount of a code. Raises Invalid for a code the shop does not know."""
    if not code:
        return None
    found = next(
        (one for one in checkout.discount_codes if one.active and one.code == code.strip().upper()), None
    )
    if found is None:
        raise Invalid("the discount code is not valid", errors=[_error("/discount_code", "not a valid code")])
    amount = min(found.amount + fraction_of(subtotal, found.percent_ppm), subtotal)
    return Extra("discount", found.code, found.code, amount)


def surcharge_extra(method: Method, settings: PaymentMethod, base: int, locale: str) -> Extra | None:
    """What the payment method adds: a fixed amount and a fraction of what is paid with it."""
    amount = settings.surcharge + fraction_of(base, settings.surcharge_ppm)
    return Extra("surcharge", method, settings.title.of(locale) or method, amount) if amount else None


def delivery_extra(code: str, address: dict[str, Any], shipping: Shipping, value: int, locale: str) -> Extra:
    """The delivery's price for this address. Raises Invalid when it is not offered there."""
    delivery = next((one for one in shipping.deliveries if one.code == code), None)
    if delivery is None:
        offered = ", ".join(one.code for one in shipping.deliveries)
        raise Invalid("this delivery is not offered", errors=[_error("/delivery", f"one of: {offered}")])
    zone = zone_of(delivery, address)
    if zone is None:
        where = "/shipping_address/postal_code"
        raise Invalid(
            "we do not deliver there", errors=[_error(where, f"{code} is not offered at this address")]
        )
    free = zone.free_from is not None and value >= zone.free_from
    return Extra(
        "shipping", code, delivery.title.of(locale) or code, 0 if free else zone.price, delivery.tax_ppm
    )


def zone_of(delivery: Delivery, address: dict[str, Any]) -> Zone | None:
    """The first zone that covers the address; without an address, the first zone."""
    if not delivery.needs_address or not address:
        return delivery.zones[0] if delivery.zones else None
    country = str(address.get("country", "")).upper()
    postal = str(address.get("postal_code", "")).strip()
    return next((zone for zone in delivery.zones if _covers(zone, country, postal)), None)


def _covers(zone: Zone, country: str, postal: str) -> bool:
    in_country = not zone.countries or country in zone.countries
    return in_country and (not zone.postal_prefixes or postal.startswith(zone.postal_prefixes))


def _error(pointer: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "detail": detail}
