"""What of an order waits at the counter, and what falls due for it. Pure."""

from comanda.orders.model import HandOver, Line, Order
from comanda.orders.vocabulary import GIVEN_UP, Method


def may_leave(line: Line) -> int:
    """Units of a line that may leave: not gone yet, and set aside for this order where stock is counted."""
    return min(line.to_ship, line.allocated) if line.tracked else line.to_ship


def at_counter(order: Order) -> tuple[tuple[Line, int], ...]:
    """The lines with the units that are put aside for the customer and still the order's to give: what was
    shipped, edited away or lost its payment meanwhile does not wait any more."""
    if order.pickup is None or order.lifecycle in GIVEN_UP:
        return ()
    aside = {one.line_id: one.quantity for one in order.pickup.lines}
    found = ((line, min(aside.get(line.line_id, 0), may_leave(line))) for line in order.lines)
    return tuple((line, units) for line, units in found if units > 0)


def pays_there(order: Order) -> bool:
    """It waits at the counter, where it will be paid: the time for fetching it is the time for paying it."""
    return order.method == Method.AT_PICKUP and bool(at_counter(order))


def handed(order: Order) -> tuple[HandOver, ...]:
    """All that was handed over, the first first."""
    return order.pickup.handed if order.pickup else ()


def pickup_dues(order: Order) -> tuple[str, ...]:
    """When its customer is reminded, and when waiting is over; empty where neither is to come."""
    pickup = order.pickup
    if pickup is None or order.ending is not None or not at_counter(order):
        return ()
    reminder = "" if pickup.reminded or pickup.late else pickup.remind_at
    return tuple(due for due in (reminder, "" if pickup.late else pickup.until) if due)
