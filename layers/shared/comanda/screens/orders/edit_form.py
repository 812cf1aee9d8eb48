"""The form of a change read into actions: what differs from the order as it is, and nothing else."""

from dataclasses import dataclass, field
from typing import Any

from comanda.errors import Invalid
from comanda.orders.decision import Loaded
from comanda.orders.model import Line
from comanda.screens.house.asked import Asked
from comanda.screens.orders.reading import money, whole

NEW_ROWS = 3
ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
CONTACT = ("email", "name", "phone", "company", "tax_id")
TYPES = frozenset(
    {"add", "remove", "quantity", "price", "discount", "surcharge", "address", "delivery", "customer"}
)
RENAMED = {"unit_price": "price", "shipping_address": "", "billing_address": "", "customer": ""}


@dataclass(slots=True)
class Form:
    """`fields` says for each action which fields of the form it came from."""

    actions: list[dict[str, Any]] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    def add(self, fields: str, kind: str, **action: Any) -> None:
        self.actions.append({"type": kind} | {name: value for name, value in action.items() if value})
        self.fields.append(fields)


def actions_of(asked: Asked, loaded: Loaded) -> Form:
    """Raises Invalid for what cannot be read."""
    form, order = Form(), loaded.order
    for line in order.lines:
        _line(asked, form, line)
    for code in asked.fields("remove"):
        form.add("remove", "remove", code=code)
    for number in range(NEW_ROWS):
        _new(asked, form, f"add.{number}")
    for kind in ("discount", "surcharge"):
        amount = money(asked, f"{kind}.amount")
        if amount or asked.field(f"{kind}.title"):
            form.add(kind, kind, amount=amount, title=asked.field(f"{kind}.title"))
    _address(asked, form, "address", "shipping_address", loaded.text("shipping") or {})
    _address(asked, form, "billing", "billing_address", loaded.text("billing") or {})
    _customer(asked, form, loaded)
    delivery, price = asked.field("delivery"), money(asked, "delivery_price")
    slot = asked.field("delivery_slot", order.delivery_slot)
    if delivery and (delivery != order.delivery or price or slot != order.delivery_slot):
        form.add("delivery", "delivery", delivery=delivery, delivery_slot=slot, price=price)
    return form


def _line(asked: Asked, form: Form, line: Line) -> None:
    """Fewer or more units, none at all, another price."""
    name = f"lines.{line.line_id}"
    text = asked.field(f"{name}.quantity", str(line.quantity))
    quantity = whole(asked, text, f"/{name.replace('.', '/')}/quantity")
    price = money(asked, f"{name}.price")
    if quantity == 0:
        form.add(name, "remove", line_id=line.line_id)
        return
    if quantity != line.quantity:
        form.add(name, "quantity", line_id=line.line_id, quantity=quantity)
    if price and price["amount"] != line.unit_price:
        form.add(name, "price", line_id=line.line_id, unit_price=price)


def _new(asked: Asked, form: Form, name: str) -> None:
    sku = asked.field(f"{name}.sku")
    if sku:
        where = f"/{name.replace('.', '/')}/quantity"
        quantity = whole(asked, asked.field(f"{name}.quantity") or "1", where)
        form.add(name, "add", sku=sku, quantity=quantity, unit_price=money(asked, f"{name}.price"))


def _address(asked: Asked, form: Form, prefix: str, slot: str, before: dict[str, Any]) -> None:
    """Where it goes, or who is billed; left empty, an order that had none still has none."""
    if f"{prefix}.line1" not in asked.form:
        return
    typed = {name: asked.field(f"{prefix}.{name}") for name in ADDRESS}
    if any(typed[name] != (before.get(name) or "") for name in ADDRESS):
        filled = {name: value for name, value in typed.items() if value}
        form.add(prefix, "address", **{slot: filled})


def _customer(asked: Asked, form: Form, loaded: Loaded) -> None:
    """Another contact, or another account; an account's own contact stands where nothing else was typed."""
    if "contact.name" not in asked.form:
        return
    before = loaded.text("contact") or {}
    typed = {name: asked.field(f"contact.{name}") for name in CONTACT}
    changed = {name: value for name, value in typed.items() if value != (before.get(name) or "")}
    account = asked.field("contact.customer_id")
    if account and account != loaded.order.customer_id:
        filled = {name: value for name, value in changed.items() if value}
        form.add("contact", "customer", customer_id=account, customer=filled)
    elif changed:
        form.add("contact", "customer", customer={name: value for name, value in typed.items() if value})


def beside_their_fields(invalid: Invalid, fields: list[str]) -> Invalid:
    """The same with pointers to the form's fields in place of `/actions/<n>/…`."""
    errors = [one | {"pointer": _field(str(one["pointer"]), fields)} for one in invalid.extra["errors"]]
    return Invalid(invalid.detail, errors=errors)


def _field(pointer: str, fields: list[str]) -> str:
    """Validation also names the shape of an action behind its number; that is no place in the form."""
    parts = pointer.strip("/").split("/")
    if len(parts) < 2 or parts[0] != "actions" or not parts[1].isdecimal():
        return pointer
    name = fields[int(parts[1])] if int(parts[1]) < len(fields) else ""
    tagged = parts[3:] if parts[2:3] and parts[2] in TYPES and len(parts) > 3 else parts[2:]
    rest = [RENAMED.get(part, part) for part in tagged]
    return "/" + "/".join(part for part in (*name.split("."), *rest) if part)
