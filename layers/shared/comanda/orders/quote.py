"""Discount, surcharge and delivery of a request, from the shop's settings."""

from typing import Any

from comanda.errors import Invalid
from comanda.money import fraction_of
from comanda.orders.price import Extra
from comanda.orders.vocabulary import Method
from comanda.orders.zones import Parcel, delivery_cost
from comanda.settings.sections import Checkout, PaymentMethod, Shipping


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
