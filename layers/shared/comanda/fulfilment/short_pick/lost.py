"""Which units are lost where: taken out of their delivery orders and off the books of their shelf. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from comanda.errors import Invalid, WrongState
from comanda.fulfilment.short_pick.asked import ShortPick, ShortUnits
from comanda.orders.delivery_status import LineWork, work_of
from comanda.orders.holdings import Pick, chosen_at, counted
from comanda.orders.lines import line_named
from comanda.orders.model import Line, Order

type Taken = tuple[Line, int, list[Pick]]


@dataclass(frozen=True, slots=True)
class Share:
    """Units of a line out of one delivery order; `picked` of them were picked already."""

    number: int
    location: str
    line: Line
    units: int
    picked: int
    article: str = ""


def shares_of(order: Order, asked: ShortPick) -> list[Share]:
    """The units that are meant, by delivery order; those that are not picked yet first, packed ones not at
    all.

    Raises Invalid for a line, an article or a delivery order that is not there, AmbiguousLine, and
    WrongState (`not-enough-to-pick`) for more units than lie there for the order.
    """
    works = [one for one in work_of(order) if asked.delivery in (0, one.delivery.number)]
    if asked.delivery and not works:
        raise Invalid.at("/delivery", "the order has no such delivery order")
    found: list[Share] = []
    left: Counter[tuple[int, str]] = Counter()
    for line, wanted in _meant(order, asked.lines):
        missing = wanted.quantity
        for work in works:
            for one in (each for each in work.lines if each.line.line_id == line.line_id):
                there = one.ready - one.own.packed - left[work.delivery.number, line.line_id]
                units = min(there, missing)
                if units > 0:
                    before = left[work.delivery.number, line.line_id]
                    share = (work.delivery.number, work.delivery.location)
                    found.append(Share(*share, line, units, _picked(one, before, units), wanted.article))
                    left[work.delivery.number, line.line_id] += units
                    missing -= units
        if missing:
            ready = wanted.quantity - missing
            named = f"{line.sku} (line {line.line_id}): {wanted.quantity} named, {ready} lie ready"
            raise WrongState("not-enough-to-pick", named)
    return found


def _picked(one: LineWork, before: int, units: int) -> int:
    """How many of these units have to be picked ones, after `before` others."""
    return max(before + units - one.to_pick, 0) - max(before - one.to_pick, 0)


def _meant(order: Order, units: Iterable[ShortUnits]) -> list[tuple[Line, ShortUnits]]:
    found = []
    for at, one in enumerate(units):
        line = line_named(order, one.line_id, one.sku, f"/lines/{at}")
        if one.article and one.article not in dict(counted(line)):
            raise Invalid.at(
                f"/lines/{at}/article", "no such article, of which stock is counted, is in the set"
            )
        found.append((line, one))
    return found


def taken_from(shares: Iterable[Share]) -> list[Taken]:
    """Line by line what the order held of these units, where stock is counted."""
    together: dict[str, list[Share]] = {}
    for one in shares:
        together.setdefault(one.line.line_id, []).append(one)
    found = []
    for mine in together.values():
        line, units = mine[0].line, sum(one.units for one in mine)
        if line.tracked:
            picks = chosen_at(line, [(one.location, one.units) for one in mine], "allocated")
            found.append((line, units, picks))
    return found


def lost_of(shares: Iterable[Share]) -> list[Pick]:
    """What leaves the books: all of a unit, or the one article of a bundle that was named."""
    found: Counter[tuple[str, str, int]] = Counter()
    for line, _, picks in taken_from(shares):
        whole = _whole(shares, line)
        for sku, location, shard, units in picks:
            gone = units if whole is None else whole.get(sku, 0)
            here = min(units, gone)
            if whole is not None:
                whole[sku] = gone - here
            found[sku, location, shard] += here
    return [(*key, units) for key, units in sorted(found.items()) if units]


def _whole(shares: Iterable[Share], line: Line) -> dict[str, int] | None:
    """Units of each article of the line that are gone; None: all that was taken."""
    mine = [one for one in shares if one.line.line_id == line.line_id]
    if not any(one.article for one in mine):
        return None
    gone: Counter[str] = Counter()
    for one in mine:
        for sku, each in counted(line):
            gone[sku] += one.units * each if one.article in ("", sku) else 0
    return dict(gone)
