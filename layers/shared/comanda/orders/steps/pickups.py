"""How facts about goods at the counter change an order."""

from dataclasses import replace

from comanda.orders.delivery_counts import counted_out
from comanda.orders.facts import Data, Fact
from comanda.orders.model import HandOver, Order, Pickup, ShipmentLine
from comanda.orders.pickups import handed
from comanda.orders.steps import units
from comanda.orders.vocabulary import Lifecycle


def ready(order: Order, data: Data, fact: Fact) -> Order:
    return replace(order, pickup=replace(Pickup.from_dict(data["pickup"]), handed=handed(order)))


def put_back(order: Order, data: Data, fact: Fact) -> Order:
    """It does not wait for its customer any more; the code stays the order's own."""
    return _changed(order, lines=(), late=False)


def reminded(order: Order, data: Data, fact: Fact) -> Order:
    return _changed(order, reminded=True)


def overdue(order: Order, data: Data, fact: Fact) -> Order:
    return _changed(order, late=True)


def handed_over(order: Order, data: Data, fact: Fact) -> Order:
    """The units have left the shop and are with their customer."""
    given = HandOver.from_dict(data["hand_over"])
    after = _given(order, data["hand_over"]["lines"], data, 1)
    left = _less(order.pickup.lines if order.pickup else (), given.lines)
    personal = after.personal | data.get("personal", {})
    return _changed(replace(after, personal=personal), lines=left, handed=(*handed(order), given))


def taken_back(order: Order, data: Data, fact: Fact) -> Order:
    """Nobody has taken them: they lie at the counter as before, and the order goes on."""
    (given,) = (one for one in handed(order) if one.hand_over_id == data["hand_over_id"])
    after = _given(order, data["lines"], data, -1)
    lies = _more(order.pickup.lines if order.pickup else (), given.lines)
    others = tuple(one for one in handed(order) if one is not given)
    reopened = order.lifecycle == Lifecycle.CLOSED
    after = replace(after, lifecycle=Lifecycle.PLACED if reopened else order.lifecycle)
    return _changed(after, lines=lies, handed=others)


def _given(order: Order, lines: list[Data], data: Data, sign: int) -> Order:
    after = units.counted(units.counted(order, lines, "shipped", sign), lines, "delivered", sign)
    after = units.lines_moved(after, data["taken"], allocated=-sign)
    return counted_out(after, data.get("of", ()), sign)


def _changed(order: Order, **changes: object) -> Order:
    pickup = order.pickup
    return replace(order, pickup=replace(pickup, **changes)) if pickup else order  # type: ignore[arg-type]


def _less(lies: tuple[ShipmentLine, ...], gone: tuple[ShipmentLine, ...]) -> tuple[ShipmentLine, ...]:
    left = {one.line_id: one.quantity for one in gone}
    found = (replace(one, quantity=one.quantity - left.get(one.line_id, 0)) for one in lies)
    return tuple(one for one in found if one.quantity > 0)


def _more(lies: tuple[ShipmentLine, ...], back: tuple[ShipmentLine, ...]) -> tuple[ShipmentLine, ...]:
    known = {one.line_id: one for one in lies}
    for one in back:
        before = known.get(one.line_id)
        known[one.line_id] = replace(one, quantity=one.quantity + (before.quantity if before else 0))
    return tuple(known[line_id] for line_id in sorted(known))
