"""Picked units that an order lost: noted with the order until they lie on their shelf again. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from comanda.orders.model import Delivery, Order, PutBack


def fallen_away(before: Order | None, order: Order, plan: Iterable[Delivery]) -> tuple[PutBack, ...]:
    """What is picked in the order's delivery orders and no longer in `plan`: cancelled, edited away, unpaid
    again. `before` names the lines that an edit has removed."""
    left = {(one.number, own.line_id): own.picked for one in plan for own in one.lines}
    found = []
    for one in order.deliveries:
        for own in one.lines:
            units = own.picked - left.get((one.number, own.line_id), 0)
            line = order.line(own.line_id) or (before.line(own.line_id) if before else None)
            if units > 0 and line is not None:
                found.append(PutBack(one.number, line.line_id, line.sku, line.name, one.location, units))
    return tuple(found)


def summed_up(found: Iterable[PutBack]) -> tuple[PutBack, ...]:
    """One entry for each line of a delivery order; none for what is back."""
    sums: dict[tuple[int, str], PutBack] = {}
    for one in found:
        key = (one.delivery, one.line_id)
        known = sums.get(key)
        sums[key] = replace(known, quantity=known.quantity + one.quantity) if known else one
    return tuple(one for _, one in sorted(sums.items()) if one.quantity > 0)
