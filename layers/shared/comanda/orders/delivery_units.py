"""Where the units of a line lie, and which of them are there for which delivery order. Pure."""

from collections import defaultdict
from collections.abc import Sequence

from comanda.orders.derive import may_allocate
from comanda.orders.holdings import counted, holdings
from comanda.orders.model import Delivery, Line, Order


def home(order: Order) -> str:
    """Where the order's goods leave from unless they lie elsewhere."""
    return next((line.location for line in order.lines if line.location), "")


def lying(order: Order, line: Line) -> dict[str, tuple[int, int]]:
    """Location → reserved and allocated units of the line. Where no stock is counted, all that is to ship
    lies at home. A bundle's unit lies where the last part of its first article lies."""
    parts = counted(line)
    if not parts:
        units = line.to_ship
        ready = may_allocate(order)
        return {line.location: (0, units) if ready else (units, 0)} if units > 0 else {}
    sku, each = parts[0]
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for column, name in enumerate(("reserved", "allocated")):
        seen = 0
        for place in holdings(line):
            if place.sku == sku:
                before, seen = seen // each, seen + getattr(place, name)
                found[place.location][column] += seen // each - before
    return {location: (both[0], both[1]) for location, both in found.items() if any(both)}


def shares(order: Order, line: Line, deliveries: Sequence[Delivery]) -> dict[int, tuple[int, int]]:
    """Number of a delivery order → allocated and reserved units of the line that are there for it: what is
    picked first, then in the order of their numbers."""
    lies = lying(order, line)
    having = [(d, own) for d in deliveries if (own := d.line(line.line_id)) and own.open > 0]
    left = {location: list(both) for location, both in lies.items()}
    given: dict[int, list[int]] = {d.number: [0, 0] for d, _ in having}
    for wanted, column in (("picked", 1), ("open", 1), ("open", 0)):
        for delivery, own in having:
            mine, there = given[delivery.number], left.get(delivery.location, [0, 0])
            units = max(min(getattr(own, wanted) - sum(mine), there[column]), 0)
            there[column] -= units
            mine[1 - column] += units
    return {number: (mine[0], mine[1]) for number, mine in given.items()}
