"""The one form of a draft read into the body of the staff API: what the page shows is what is sent."""

from typing import Any

from comanda.backoffice.bodies_drafts import MOST_CHARGES, MOST_LINES, DraftBody
from comanda.errors import Invalid
from comanda.screens.house.asked import Asked
from comanda.screens.orders.reading import body_of, money, whole

CONTACT = ("name", "phone", "email", "company", "tax_id")
ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
TEXTS = (
    "payment_method",
    "delivery",
    "delivery_slot",
    "discount_code",
    "purchase_order",
    "comment",
    "locale",
)

type Values = dict[str, Any]


def typed(asked: Asked) -> Values:
    """What the form holds, by the API's names. What the form does not have is left out, so it stays as it
    is. Raises Invalid for a number or an amount that cannot be read."""
    values: Values = {name: asked.field(name) or None for name in TEXTS if name in asked.form}
    if "listed" in asked.form:
        values["lines"] = _lines(asked)
    if "charged" in asked.form:
        values["charges"] = _charges(asked)
    for group, names in (("customer", CONTACT), ("shipping_address", ADDRESS), ("billing_address", ADDRESS)):
        if f"{group}.{names[0]}" in asked.form:
            found = {name: text for name in names if (text := asked.field(f"{group}.{name}"))}
            values[group] = {} if found.keys() == {"country"} else found  # the form fills the country in
    own = [name for name in asked.form if name.startswith("fields.")]
    if own or "asks_fields" in asked.form:
        given = {name.removeprefix("fields."): asked.field(name) for name in own}
        values["fields"] = {name: text for name, text in given.items() if text}
    if "asks_credit" in asked.form:
        values["store_credit"] = bool(asked.field("store_credit"))
    return values


def body_of_draft(values: Values) -> DraftBody:
    """Raises Invalid with the form's own names as pointers."""
    return body_of(DraftBody, values)


def put_in(values: Values, sku: str, units: int) -> Values:
    """With so many more of a product: the same code again adds to its line."""
    lines = [dict(line) for line in values.get("lines", [])]
    same = next((line for line in lines if line["sku"] == sku), None)
    if same:
        same["quantity"] += units
    else:
        lines.append({"sku": sku, "quantity": units})
    return values | {"lines": lines}


def taken_off(values: Values, sku: str) -> Values:
    return values | {"lines": [line for line in values.get("lines", []) if line["sku"] != sku]}


def _charges(asked: Asked) -> list[Values]:
    """Rows `charges.<n>.type`, `.amount`, `.title`; one without an amount is none."""
    found = []
    for number in range(MOST_CHARGES):
        name = f"charges.{number}"
        amount, title = money(asked, f"{name}.amount"), asked.field(f"{name}.title")
        if not amount or not amount["amount"]:
            continue
        if not title:
            told = asked.tongue.say("Say what it is for; the customer reads it.")
            raise Invalid.at(f"/charges/{number}/title", told)
        found.append({"type": asked.field(f"{name}.type"), "amount": amount, "title": title})
    return found


def _lines(asked: Asked) -> list[Values]:
    """Rows `lines.<n>.sku`, `.quantity`, `.price`; no units take one off, no price is the day's."""
    found = []
    for number in range(MOST_LINES):
        name = f"lines.{number}"
        sku = asked.field(f"{name}.sku")
        if not sku:
            break
        units = whole(asked, asked.field(f"{name}.quantity") or "0", f"/lines/{number}/quantity")
        price = money(asked, f"{name}.price")
        if units:
            found.append({"sku": sku, "quantity": units} | ({"unit_price": price} if price else {}))
    return found
