"""Judge the order form: contact, addresses and the seller's own fields."""

from collections.abc import Iterator
from typing import Any

from comanda.customers.judge import judge_address, judge_contact
from comanda.customers.model import Customer
from comanda.errors import Invalid
from comanda.orders.card_numbers import card_number_errors
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.vocabulary import Channel


def judge_form(
    asked: OrderRequest, shelf: Shelf, signed_in: Customer | None
) -> tuple[dict[str, Any], list[str]]:
    """Personal texts as they will be kept, and warnings. Raises Invalid with everything that is wrong."""
    given = (signed_in.contact() | _filled(asked.contact)) if signed_in else asked.contact
    contact = judge_contact(given, shelf.shop.country, by_phone=asked.channel == Channel.PHONE)
    judged = [contact]
    texts: dict[str, Any] = {"contact": contact.value}
    errors = _field_errors(asked, shelf)
    needed = any(d.needs_address for d in shelf.shipping.deliveries if d.code == asked.delivery)
    for name, address, pointer in (
        ("shipping", asked.shipping, "/shipping_address"),
        ("billing", asked.billing, "/billing_address"),
    ):
        if address:
            judged.append(judge_address(address, pointer))
            texts[name] = judged[-1].value
        elif name == "shipping" and needed:
            errors.append({"pointer": pointer, "detail": "this delivery needs an address"})
    if asked.channel != Channel.PHONE and not (contact.value.get("name") or contact.value.get("company")):
        errors.append({"pointer": "/customer/name", "detail": "a name is needed, of a person or a company"})
    errors += [error for one in judged for error in one.errors]
    errors += _card_numbers(asked)
    if errors:
        raise Invalid("the form is not complete", errors=errors)
    texts |= {"comment": asked.comment, "purchase_order": asked.purchase_order, "fields": asked.fields}
    return texts, [warning for one in judged for warning in one.warnings]


def _card_numbers(asked: OrderRequest) -> Iterator[dict[str, str]]:
    """What customers write in words; telephone and other numbers have fields of their own."""
    yield from card_number_errors({"comment": asked.comment}, "")
    yield from card_number_errors(asked.fields, "/fields")
    yield from card_number_errors({"name": asked.contact.get("name")}, "/customer")
    yield from card_number_errors(asked.shipping or {}, "/shipping_address")
    yield from card_number_errors(asked.billing or {}, "/billing_address")


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _field_errors(asked: OrderRequest, shelf: Shelf) -> list[dict[str, str]]:
    known = {one.name: one for one in shelf.checkout.fields}
    errors = [
        {"pointer": f"/fields/{name}", "detail": "the form has no such field"}
        for name in asked.fields
        if name not in known
    ]
    for name, one in known.items():
        value = asked.fields.get(name)
        if one.required and value in (None, "", False):
            errors.append({"pointer": f"/fields/{name}", "detail": "this field is required"})
        elif value and one.type == "choice" and value not in one.choices:
            errors.append({"pointer": f"/fields/{name}", "detail": f"one of: {', '.join(one.choices)}"})
    return errors
