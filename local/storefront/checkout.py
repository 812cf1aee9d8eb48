"""From what a person typed to what the API takes, and from what it refuses back to the field. Pure."""

from collections.abc import Mapping
from typing import Any

from local.storefront.api import Json, Problem

CONTACT = ("email", "name", "phone", "company", "tax_id")
ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
# The API prices an order only as a whole. Asked for one at a total that nobody can mean, it answers the
# right total and places nothing (`price-changed`): that is how an order is looked at before it is placed.
NOBODYS_TOTAL = 10**15


def order_body(values: Mapping[str, str], form: Json, cart_id: str, language: str, total: int) -> Json:
    """The body of `POST /orders`; empty texts are left out, so that what is missing is named by the API."""
    body: Json = {
        "cart_id": cart_id,
        "customer": typed_in_group(values, "customer", CONTACT),
        "delivery": values.get("delivery", ""),
        "payment_method": values.get("payment_method", ""),
        "fields": _fields(values, form),
        "accept_privacy": values.get("accept_privacy") == "on",
        "locale": language,
        "expected_total": {"amount": total, "currency": form["shop"]["currency"]},
    }
    if needs_address(form, body["delivery"]):
        body["shipping_address"] = typed_in_group(values, "shipping_address", ADDRESS)
    optional = ("delivery_slot", "discount_code", "comment")
    return body | {name: values[name] for name in optional if values.get(name)}


def needs_address(form: Json, delivery: str) -> bool:
    return any(way["needs_address"] for way in form["delivery"] if way["code"] == delivery)


def fitting(methods: list[Json], due: int, *, collected: bool) -> list[Json]:
    """The ways to pay that take so much, of an order that is collected or sent."""
    return [
        one
        for one in methods
        if (one["minimum"] is None or due >= one["minimum"]["amount"])
        and (one["maximum"] is None or due <= one["maximum"]["amount"])
        and (collected or not one["pickup_only"])
    ]


def countries(form: Json) -> list[str]:
    """Where the shop delivers to, its own country first."""
    named = [country for way in form["delivery"] for zone in way["zones"] for country in zone["countries"]]
    return list(dict.fromkeys([form["shop"]["country"], *named]))


def is_open(form: Json) -> bool:
    """Whether an order can be placed at all."""
    return bool(form["payment_methods"] and form["delivery"])


def field_of(pointer: str) -> str:
    """The name of the form's field that a pointer of the API names."""
    return pointer.strip("/").replace("/", ".")


def contact_errors(problem: Problem) -> Problem:
    """What was refused of the cart's contact, as the order's form names it: those pointers lack the group."""
    errors = [{"pointer": f"/customer{at}", "detail": told} for at, told in problem.errors().items()]
    return Problem(problem.status, problem.document | {"errors": errors})


def typed_in_group(values: Mapping[str, str], group: str, names: tuple[str, ...]) -> dict[str, str]:
    """What was typed into the fields of a group; empty ones are left out."""
    found = {name: values.get(f"{group}.{name}", "").strip() for name in names}
    return {name: value for name, value in found.items() if value}


def _fields(values: Mapping[str, str], form: Json) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field in form["fields"]:
        value = values.get(f"fields.{field['name']}", "").strip()
        if field["type"] == "checkbox":
            told[field["name"]] = value == "on"
        elif value:
            told[field["name"]] = int(value) if field["type"] == "number" and value.isdigit() else value
    return told
