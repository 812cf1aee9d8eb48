"""Which units of an order are meant, whether they may leave now, and out of which delivery orders."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comanda.errors import Invalid, WrongState
from comanda.orders.deliveries import deliveries_of, drawn
from comanda.orders.lines import line_named
from comanda.orders.model import Line, Order
from comanda.orders.pickups import may_leave
from comanda.orders.shipping_labels import under_labels


def not_picked(why: str) -> WrongState:
    return WrongState("not-picked", why)


def not_packed(why: str) -> WrongState:
    return WrongState("not-packed", why)


# By the order's steps: what units have to be before they leave, and how they are refused else.
BEFORE = {"pick_ship": ("picked", not_picked), "pick_pack_ship": ("packed", not_packed)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one line, named by its id, or by a SKU that is on one line only."""

    quantity: int
    line_id: str = ""
    sku: str = ""


def picked(
    order: Order, wanted: tuple[Wanted, ...], delivery: int = 0, label_id: str = ""
) -> list[tuple[Line, int]]:
    """The order's lines with the units that leave now, as far as they may: those of one delivery order, or
    of any (0), and under no label but this. Raises Invalid, AmbiguousLine, and WrongState
    (`not-enough-to-ship`, `label-open`)."""
    return judged(order, named(order, wanted), delivery, label_id)


def named(order: Order, wanted: Iterable[Wanted], where: str = "/lines") -> Counter[str]:
    """Units by the ids of the lines that are meant; `where` they stand in the body. Raises Invalid,
    AmbiguousLine."""
    amounts: Counter[str] = Counter()
    for index, item in enumerate(wanted):
        amounts[line_named(order, item.line_id, item.sku, f"{where}/{index}").line_id] += item.quantity
    return amounts


def judged(
    order: Order, amounts: Mapping[str, int], delivery: int = 0, label_id: str = ""
) -> list[tuple[Line, int]]:
    """As `picked`, of units by line ids."""
    if delivery and all(one.number != delivery for one in deliveries_of(order)):
        raise Invalid.at("/delivery", "the order has no such delivery order")
    taken = [(line, amounts[line.line_id]) for line in order.lines if amounts.get(line.line_id)]
    there = {line.line_id: _ready(order, line, delivery) for line, _ in taken}
    short = [_shortage(line, units, there[line.line_id]) for line, units in taken]
    if any(short):
        raise WrongState("not-enough-to-ship", "; ".join(filter(None, short)))
    _judge_labels(order, taken, label_id)
    _judge_steps(order, taken, delivery)
    return taken


def _judge_labels(order: Order, taken: list[tuple[Line, int]], label_id: str) -> None:
    """Raise WrongState (`label-open`) for units that an unused label is for."""
    under = under_labels(order, besides=label_id)
    short = [
        f"{line.sku} (line {line.line_id}): {units} asked for, {under[line.line_id]} under labels"
        for line, units in taken
        if under.get(line.line_id) and units > may_leave(line) - under[line.line_id]
    ]
    if short:
        raise WrongState("label-open", "; ".join(short))


def _judge_steps(order: Order, taken: list[tuple[Line, int]], delivery: int) -> None:
    """Raise WrongState (`not-picked`, `not-packed`) for what has not gone the steps of its order."""
    if order.terms.steps not in BEFORE:
        return
    name, refused = BEFORE[order.terms.steps]
    through = [(line, units, _at_hand(order, line, delivery)) for line, units in taken]
    short = [_not_through(line, units, found, name) for line, units, found in through if units > found]
    if short:
        raise refused("; ".join(short))


def _not_through(line: Line, units: int, found: int, name: str) -> str:
    if name == "packed":
        return f"{line.sku} (line {line.line_id}): {units} asked for, packed: {found}"
    return f"{line.sku} (line {line.line_id}): {units} asked for, picked: {found}"


def _at_hand(order: Order, line: Line, delivery: int) -> int:
    """Units of the line that have gone the steps of the order."""
    own = (one.line(line.line_id) for one in deliveries_of(order) if delivery in (0, one.number))
    return sum(getattr(one, BEFORE[order.terms.steps][0]) for one in own if one)


def leaves(order: Order, line: Line, delivery: int = 0) -> int:
    """Units of the line that can leave now."""
    ready = _ready(order, line, delivery)
    return min(ready, _at_hand(order, line, delivery)) if order.terms.steps in BEFORE else ready


def _ready(order: Order, line: Line, delivery: int) -> int:
    """Units that may leave: not shipped yet, and set aside for this order where stock is counted."""
    if delivery:
        return sum(drawn(order, line, line.to_ship, delivery).values())
    return may_leave(line)


def _shortage(line: Line, units: int, ready: int) -> str:
    if units <= ready:
        return ""
    return f"{line.sku} (line {line.line_id}): {units} asked for, {ready} ready to ship"


def leaves_with(order: Order, taken: list[tuple[Line, int]], delivery: int = 0) -> list[tuple[int, str, int]]:
    """Delivery order, line and units, where the order has written down delivery orders at all."""
    if not order.deliveries:
        return []
    return [
        (number, line.line_id, units)
        for line, wanted in taken
        for number, units in sorted(drawn(order, line, wanted, delivery).items())
    ]


def sources(order: Order, of: list[tuple[int, str, int]]) -> dict[str, list[tuple[str, int]]]:
    """From which places how many units of a line (by its id) leave."""
    places = {one.number: one.location for one in order.deliveries}
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, line_id, units in of:
        found[line_id].append((places[number], units))
    return found
