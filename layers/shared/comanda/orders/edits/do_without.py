"""An order that does without some units: its goods and sums, each unit taken off with its own share. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from comanda.money import share
from comanda.orders.bill import Extra, Item, Kept
from comanda.orders.edits.outcome import Outcome, bare
from comanda.orders.model import Line, Order
from comanda.orders.price import discount_parts
from comanda.orders.reprice import extras_of, reprice


def doing_without(order: Order, units: Mapping[str, int], *new: Item) -> Outcome | None:
    """The order without so many units of its lines (by id), and with `new` ones; None when nothing of it is
    left.

    The units take their share of the discounts with them, so that what stays costs what it cost; shipping
    and surcharges stay as they are. Money in minor units.
    """
    kept = [
        Kept(line, quantity=line.quantity - units.get(line.line_id, 0))
        for line in order.lines
        if line.quantity > units.get(line.line_id, 0)
    ]
    if not new and not any(one.units > one.line.cancelled for one in kept):
        return None
    items: list[Item] = [*kept, *new]
    priced = reprice(order, items, _lessened(order, units), order.lines[0].location)
    charges = tuple(charge for charge in priced.charges if charge.kind != "discount" or charge.amount)
    lines = tuple(map(bare, priced.lines))
    return Outcome(lines, charges, priced.tax_lines, priced.totals, order.delivery, order.delivery_slot)


def _lessened(order: Order, units: Mapping[str, int]) -> list[Extra]:
    """The charges, discounts less what they took off the units that go."""
    extras = extras_of(order)
    parts = discount_parts([n.line_id for n in order.lines], [n.subtotal for n in order.lines], extras)
    left = iter(parts)
    return [_less(order, one, next(left), units) if one.kind == "discount" else one for one in extras]


def _less(order: Order, extra: Extra, parts: list[int], units: Mapping[str, int]) -> Extra:
    gone = sum(
        _share(line, part, units.get(line.line_id, 0)) for line, part in zip(order.lines, parts, strict=True)
    )
    return replace(extra, amount=sum(parts) - gone)


def _share(line: Line, part: int, units: int) -> int:
    return share(part, [line.quantity - units, units])[1] if units else 0
