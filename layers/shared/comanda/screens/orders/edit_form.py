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
TYPES = frozenset({"add", "remove", "quantity", "price", "discount", "surcharge", "address", "delivery"})
RENAMED = {"unit_price": "price", "shipping_address": ""}


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
    _address(asked, form, loaded.text("shipping") or {})
    delivery, price = asked.field("delivery"), money(asked, "delivery_price")
    if delivery and (delivery != order.delivery or price):
        form.add("delivery", "delivery", delivery=delivery, price=price)
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


def _address(asked: Asked, form: Form, before: dict[str, Any]) -> None:
    if "address.line1" not in asked.form:
        return
    typed = {name: asked.field(f"address.{name}") for name in ADDRESS}
    if any(typed[name] != (before.get(name) or "") for name in ADDRESS):
        filled = {name: value for name, value in typed.items() if value}
        form.add("address", "address", shipping_address=filled)


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
