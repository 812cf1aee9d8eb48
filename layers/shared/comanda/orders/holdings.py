"""Where the units of a line lie: those of its SKU or, for a bundle, of its components. Pure.

A line that says nothing else has all its units at its own location, in its own shard. Otherwise `held` lists
every place, so that what is given back goes exactly where it was taken.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from comanda.orders.model import Held, Line, Order

type Pick = tuple[str, str, int, int]  # SKU, location, shard, units


def counted(line: Line) -> tuple[tuple[str, int], ...]:
    """The SKUs whose stock the line takes, with the units of each that one unit of the line needs."""
    if line.components:
        return tuple((part.sku, part.quantity) for part in line.components if part.tracked)
    return ((line.sku, 1),) if line.tracked else ()


def at_home(line: Line, units: int) -> list[Pick]:
    """So many units of the line at its own location."""
    return [(sku, line.location, line.shard, units * each) for sku, each in counted(line)]


def holdings(line: Line) -> tuple[Held, ...]:
    """All that is set aside for the line, place by place."""
    return line.held or _held_at_home(line)


def chosen(line: Line, units: int, column: str) -> list[Pick]:
    """`units` of the line out of what it holds `reserved` or `allocated`, in the order of the places."""
    picks: list[Pick] = []
    for sku, each in counted(line):
        wanted = units * each
        for place in holdings(line):
            taken = min(getattr(place, column), wanted) if place.sku == sku else 0
            if taken:
                picks.append((place.sku, place.location, place.shard, taken))
                wanted -= taken
    return picks


def chosen_at(line: Line, parts: Iterable[tuple[str, int]], column: str) -> list[Pick]:
    """Like `chosen`, with so many units of the line from each location first; what is not there comes from
    where it is."""
    left = {place: getattr(place, column) for place in holdings(line)}
    picks: dict[tuple[str, str, int], int] = defaultdict(int)
    for location, units in parts:
        for sku, each in counted(line):
            wanted = units * each
            for place in sorted(left, key=lambda place: place.location != location):
                taken = min(left[place], wanted) if place.sku == sku else 0
                if taken:
                    left[place] -= taken
                    wanted -= taken
                    picks[place.sku, place.location, place.shard] += taken
    return [(*key, units) for key, units in picks.items()]


def item(line: Line, units: int, picks: Iterable[Pick]) -> dict[str, Any]:
    """How a fact tells of units that moved; the places are named unless all is at home."""
    said = {"line_id": line.line_id, "quantity": units}
    found = sorted(picks)
    away = line.held or found != sorted(at_home(line, units))
    return said | ({"from": [list(pick) for pick in found]} if away else {})


def moved(line: Line, told: dict[str, Any], *, reserved: int = 0, allocated: int = 0) -> Line:
    """The line after a fact's item; the signs say which counters rise and fall."""
    units = told["quantity"]
    after = replace(
        line, reserved=line.reserved + reserved * units, allocated=line.allocated + allocated * units
    )
    if not line.held and "from" not in told:
        return after
    table: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for place in holdings(line):
        table[place.sku, place.location, place.shard] = [place.reserved, place.allocated]
    for sku, location, shard, count in told.get("from") or at_home(line, units):
        figures = table[sku, location, shard]
        figures[0] += reserved * count
        figures[1] += allocated * count
    held = tuple(Held(*key, *figures) for key, figures in sorted(table.items()) if any(figures))
    return replace(after, held=() if held == _held_at_home(after) else held)


def _held_at_home(line: Line) -> tuple[Held, ...]:
    if not (line.reserved or line.allocated):
        return ()
    places = (
        Held(sku, line.location, line.shard, line.reserved * each, line.allocated * each)
        for sku, each in counted(line)
    )
    return tuple(sorted(places, key=lambda place: place.sku))


def waited_for(order: Order | None) -> set[str]:
    """The SKUs that units of the order wait for."""
    lines = order.lines if order else ()
    return {sku for line in lines if line.backordered for sku, _ in counted(line)}
