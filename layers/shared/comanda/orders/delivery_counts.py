"""The stored delivery orders after units were picked, packed, sent, or came back. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from comanda.orders.model import DeliveryLine, Order, ShipmentLine


def counted_out(order: Order, told: Iterable[tuple[int, str, int]], sign: int) -> Order:
    """The stored delivery orders after units left with a parcel, or came back (−1): picked and packed units
    leave first; what comes back is as it had to be before it left."""
    restored = {"ship": (0, 0), "pick_ship": (1, 0), "pick_pack_ship": (1, 1)}[order.terms.steps]

    def left(own: DeliveryLine, units: int) -> DeliveryLine:
        gone, back = max(sign * units, 0), max(-sign * units, 0)
        return replace(
            own,
            shipped=own.shipped + sign * units,
            picked=max(own.picked - gone, 0) + back * restored[0],
            packed=max(own.packed - gone, 0) + back * restored[1],
        )

    return _changed(order, told, left)


def counted_in(order: Order, gone: Iterable[ShipmentLine]) -> list[list[Any]]:
    """Delivery order, line and units: where those count that left before the order's delivery orders were
    written down, so that they can come back."""
    found: list[list[Any]] = []
    for line in gone:
        units = line.quantity
        for one in sorted(order.deliveries, key=lambda delivery: delivery.number):
            own = one.line(line.line_id)
            back = min(own.shipped, units) if own else 0
            if back:
                found.append([one.number, line.line_id, back])
                units -= back
    return found


def at_hand(order: Order, told: Iterable[tuple[int, str, int]], *, picked: int = 0, packed: int = 0) -> Order:
    """The order after units were picked or packed, or put back; the signs say which."""
    return _changed(
        order,
        told,
        lambda own, units: replace(
            own, picked=own.picked + picked * units, packed=own.packed + packed * units
        ),
    )


def taken_off(order: Order, told: Iterable[tuple[int, str, int]], sign: int) -> Order:
    """The order after delivery orders lost units that were not found, or have them again (−1)."""
    return _changed(order, told, lambda own, units: replace(own, quantity=own.quantity - sign * units))


def _changed(
    order: Order, told: Iterable[tuple[int, str, int]], change: Callable[[DeliveryLine, int], DeliveryLine]
) -> Order:
    units: dict[tuple[int, str], int] = defaultdict(int)
    for number, line_id, count in told:
        units[number, line_id] += count
    deliveries = tuple(
        replace(
            d,
            lines=tuple(
                change(own, units[d.number, own.line_id]) if (d.number, own.line_id) in units else own
                for own in d.lines
            ),
        )
        for d in order.deliveries
    )
    return tallied(replace(order, deliveries=deliveries)) if units else order


def tallied(order: Order) -> Order:
    """The lines with what is picked and packed of them in all delivery orders."""
    if not order.deliveries:
        return order
    picked: dict[str, int] = defaultdict(int)
    packed: dict[str, int] = defaultdict(int)
    for own in (own for d in order.deliveries for own in d.lines):
        picked[own.line_id] += own.picked
        packed[own.line_id] += own.packed
    lines = tuple(
        replace(line, picked=picked[line.line_id], packed=packed[line.line_id]) for line in order.lines
    )
    return replace(order, lines=lines)
