"""How the facts of an edit change an order; the table of evolve says which does what."""

from dataclasses import replace

from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.edits.outcome import Outcome, applied
from comanda.orders.facts import Data, Fact
from comanda.orders.model import Order
from comanda.orders.steps import life, units


def requested(order: Order, data: Data, fact: Fact) -> Order:
    """The edit rests on the version that this fact makes."""
    edit = replace(OpenEdit.from_dict(data["edit"]), version=order.version + 1)
    personal = order.personal | data.get("personal", {})
    return replace(order, edit=edit, edits=order.edits + 1, personal=personal)


def asked(order: Order, data: Data, fact: Fact) -> Order:
    if order.edit is None:
        return order
    edit = replace(order.edit, asked_until=data["until"], version=order.version + 1)
    return replace(order, edit=edit, personal=order.personal | data.get("personal", {}))


def confirmed(order: Order, data: Data, fact: Fact) -> Order:
    """Goods and sums of the outcome; texts that waited take their places."""
    after = _closed(applied(order, Outcome.from_dict(data["outcome"])))
    after = replace(after, personal=after.personal | data.get("personal", {}))
    return _moved(after, data["customer"]) if "customer" in data else after


def left(order: Order, data: Data, fact: Fact) -> Order:
    """Declined, expired or stale: nothing of it stays but the history."""
    after = _closed(order)
    return replace(after, personal=after.personal | data.get("personal", {}))


def units_released(order: Order, data: Data, fact: Fact) -> Order:
    """Some of what lines hold in stock is free again."""
    after = units.lines_moved(order, data["reserved"], reserved=-1)
    after = units.lines_moved(after, data["allocated"], allocated=-1)
    return units.counted(after, data.get("backordered", []), "backordered", -1)


def _closed(order: Order) -> Order:
    waited = order.edit.texts if order.edit else ()
    personal = {name: digest for name, digest in order.personal.items() if name not in waited}
    return replace(order, edit=None, personal=personal)


def _moved(order: Order, customer: Data) -> Order:
    """The order belongs to another customer, or to the same one under another contact."""
    terms = replace(order.terms, verify_by=customer.get("verify_by", order.terms.verify_by))
    moved = replace(
        order,
        customer_id=customer["customer_id"],
        verified=customer["verified"],
        token_version=customer["token_version"],
        link_serial=customer.get("link_serial", order.link_serial),
        without_mail=False,
        terms=terms,
    )
    return life.placed(moved) if moved.verified else moved
