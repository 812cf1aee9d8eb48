"""Walking through a period, newest first: the days that have something, their payouts, then their lines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comanda.closing.ledger import (
    Filter,
    Line,
    Slot,
    days_between,
    has_lines,
    in_hour,
    lines_of,
    slots,
    utc_days,
)
from comanda.closing.model import bounds
from comanda.errors import Invalid
from comanda.figures.model import Sums
from comanda.figures.store import FigureStore
from comanda.orders.decision import Loaded
from comanda.payouts.model import Kept


@dataclass(frozen=True, slots=True)
class Place:
    """What was shown so far: `count` of the payouts of a day, or of a part of an hour of it."""

    day: str
    hour: str
    part: int
    count: int

    def __str__(self) -> str:
        return f"{self.day}|{self.hour}|{self.part}|{self.count}"

    @classmethod
    def read(cls, text: str, since: str, until: str) -> "Place":
        """The place that a cursor names. Raises Invalid for a foreign one."""
        day, *rest = text.split("|")
        numbers = rest[1:] if len(rest) == 3 else [""]
        if not all(one.isascii() and one.isdecimal() for one in numbers) or not since <= day <= until:
            raise Invalid.at("/cursor", "not a position of this list")
        return cls(day, rest[0], int(rest[1]), int(rest[2]))


@dataclass(frozen=True, slots=True)
class Shown:
    """A line or a payout of a day of the shop, and its place."""

    day: str
    place: Place
    line: Line | None = None
    payout: Kept | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """`known` are the figures of UTC days: one of which they know that nothing fits is not read. `paid_out`
    are the payouts of the period. Without `lines` only those are shown."""

    figures: FigureStore
    load: Callable[[str], Loaded | None]
    zone: str
    wanted: Filter
    known: Mapping[str, Sums]
    paid_out: Sequence[Kept]
    lines: bool = True
    _parts: dict[str, list[tuple[str, Sums]]] = field(default_factory=dict)

    def shown(self, since: str, until: str, behind: Place | None) -> Iterator[Shown]:
        """All of the days from one to another, or what is behind a place."""
        for day in days_between(since, behind.day if behind else until):
            begun = behind if behind and behind.day == day else None
            if begun is None or not begun.hour:
                yield from self._payouts(day, begun.count if begun else 0)
            for slot in self._slots(day):
                if begun is None or not begun.hour or slot.is_behind(begun.hour, begun.part):
                    yield from self._slot(day, slot, 0)
                elif (slot.hour, slot.part) == (begun.hour, begun.part):
                    yield from self._slot(day, slot, begun.count)

    def _payouts(self, day: str, skip: int) -> Iterator[Shown]:
        some = [one for one in self.paid_out if one.payout.arrives_on == day]
        for count, one in enumerate(some[skip:], skip + 1):
            yield Shown(day, Place(day, "", 0, count), payout=one)

    def _slots(self, day: str) -> list[Slot]:
        if not self.lines:
            return []
        days = utc_days(day, self.zone)
        for utc in days:
            if utc not in self._parts:
                fits = utc not in self.known or has_lines(self.known[utc], self.wanted)
                self._parts[utc] = self.figures.parts(utc) if fits else []
        return slots(day, self.zone, {utc: self._parts[utc] for utc in days}, self.wanted)

    def _slot(self, day: str, slot: Slot, skip: int) -> Iterator[Shown]:
        start, end = bounds(day, self.zone)
        loaded = (self.load(order_id) for order_id in slot.orders)
        found = [line for one in loaded if one for line in lines_of(one.order, start, end, self.wanted)]
        for count, line in enumerate(in_hour(found, slot.hour)[skip:], skip + 1):
            yield Shown(day, Place(day, slot.hour, slot.part, count), line)
