"""An order without some units, or with others in their place: its goods and sums. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from comanda.money import share
from comanda.orders.bill import Extra, Item, Kept, Wanted
from comanda.orders.edits.outcome import Outcome, bare
from comanda.orders.model import Line, Order
from comanda.orders.price import discount_parts
from comanda.orders.reprice import extras_of, reprice


def doing_without(order: Order, units: Mapping[str, int]) -> Outcome | None:
    """The order without so many units of its lines (by id); None when nothing of it is left.

    The units take their share of the discounts with them, so that what stays costs what it cost; shipping
    and surcharges stay as they are. Money in minor units.
    """
    kept = _kept(order, units)
    if not any(one.units > one.line.cancelled for one in kept):
        return None
    return _outcome(order, kept, _lessened(order, units))


def replacing(order: Order, units: Mapping[str, int], new: Mapping[str, Wanted]) -> Outcome:
    """The order with other articles in place of so many units of its lines: `new` by the id of the line that
    they stand for, each with a `line_id` of its own and a `unit_price`.

    The discounts of the units go over to what replaces them, and the order never comes to more than it did:
    where taxes differ, the new units cost as much less. Money in minor units.
    """
    items = dict(new)
    while True:
        outcome = _outcome(order, [*_kept(order, units), *items.values()], _carried(order, items))
        over = outcome.totals.total - order.totals.total
        if over <= 0 or not any(one.each for one in items.values()):
            return outcome
        count = sum(one.units for one in items.values() if one.each)
        less = -(-over // count)
        items = {of: replace(one, unit_price=max(one.each - less, 0)) for of, one in items.items()}


def _kept(order: Order, units: Mapping[str, int]) -> list[Kept]:
    return [
        Kept(line, quantity=line.quantity - units.get(line.line_id, 0))
        for line in order.lines
        if line.quantity > units.get(line.line_id, 0)
    ]


def _outcome(order: Order, items: Sequence[Item], extras: Sequence[Extra]) -> Outcome:
    priced = reprice(order, items, extras, order.lines[0].location)
    charges = tuple(charge for charge in priced.charges if charge.kind != "discount" or charge.amount)
    lines = tuple(map(bare, priced.lines))
    return Outcome(lines, charges, priced.tax_lines, priced.totals, order.delivery, order.delivery_slot)


def _carried(order: Order, new: Mapping[str, Wanted]) -> list[Extra]:
    """The charges; a discount for certain lines alone counts for what replaces units of them too."""
    return [
        replace(one, lines=(*one.lines, *(new[name].line_id for name in one.lines if name in new)))
        for one in extras_of(order)
    ]


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
