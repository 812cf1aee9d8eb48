"""The shop's money between two days: lines of all orders' ledgers, what they add up to, where to look. Pure.

Lines and sums count what a day's closing counts, and store credit besides, which is no money that comes or
goes. Hours are those of the figures, in UTC: in a time zone of half an hour a sum's hour belongs to the day
on which it begins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from comanda.closing.model import KINDS, MOVED, bounds
from comanda.figures.model import DIRECTIONS, LINES, Sums
from comanda.orders.model import Order
from comanda.times import moment

AT_ONCE = 50  # orders of an hour that are read together

type Key = tuple[str, str, str]  # method, provider, currency
type Totals = dict[Key, dict[str, int]]  # by kinds of entries


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty: all. `kind`: capture, refund, dispute, fee."""

    kind: str = ""
    method: str = ""
    currency: str = ""

    def fits(self, kind: str, method: str, currency: str) -> bool:
        pairs = ((self.kind, kind), (self.method, method), (self.currency, currency))
        return all(wanted in ("", told) for wanted, told in pairs)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that counts. `amount` in minor units, above nothing; `credit`: store credit or a gift card."""

    order_id: str
    number: str
    entry_id: str
    kind: str
    method: str
    provider: str
    amount: int
    currency: str
    at: str
    on: str = ""
    ref: str = ""
    credit: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """Some orders with lines in an hour (`2026-11-21T18`, UTC); `part` counts where they are many."""

    hour: str
    part: int
    orders: tuple[str, ...]

    def is_behind(self, hour: str, part: int) -> bool:
        """Whether it comes after this part of an hour: newest first."""
        return self.hour < hour or (self.hour == hour and self.part > part)


def days_between(since: str, until: str) -> list[str]:
    """The days from one to another, both among them, newest first."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    return [(last - timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def utc_days(day: str, zone: str) -> list[str]:
    """The UTC days in which a day of the shop lies, newest first."""
    start, end = bounds(day, zone)
    last = end - timedelta(seconds=1)
    return sorted({start.date().isoformat(), last.date().isoformat()}, reverse=True)


def lines_of(order: Order, start: datetime, end: datetime, wanted: Filter) -> list[Line]:
    """What an order's ledger moved between two moments, as far as it is wanted."""
    return [
        Line(
            order.order_id, order.number, one.entry_id, one.kind, one.method, one.provider, one.amount,
            one.currency, one.at, one.on, one.ref, bool(one.wallet),
        )
        for one in order.ledger
        if one.kind in KINDS
        and one.status in MOVED
        and one.amount
        and wanted.fits(one.kind, one.method, one.currency)
        and start <= moment(one.at) < end
    ]  # fmt: skip


def slots(day: str, zone: str, parts: Mapping[str, Iterable[tuple[str, Sums]]], wanted: Filter) -> list[Slot]:
    """Where the wanted lines of a day of the shop are, newest first, of what orders add to its UTC days."""
    start, end = bounds(day, zone)
    found: dict[str, set[str]] = {}
    for utc, some in parts.items():
        for order_id, sums in some:
            for hour, kind, method, _, currency in told_lines(sums):
                at = datetime.fromisoformat(f"{utc}T{hour}:00").replace(tzinfo=UTC)
                if wanted.fits(kind, method, currency) and at < end and at + timedelta(hours=1) > start:
                    found.setdefault(f"{utc}T{hour}", set()).add(order_id)
    told = []
    for hour in sorted(found, reverse=True):
        ids = sorted(found[hour], reverse=True)
        told += [Slot(hour, n // AT_ONCE, tuple(ids[n : n + AT_ONCE])) for n in range(0, len(ids), AT_ONCE)]
    return told


def in_hour(lines: Iterable[Line], hour: str) -> list[Line]:
    """Those of an hour, newest first."""
    inside = [one for one in lines if moment(one.at).isoformat().startswith(hour)]
    return sorted(inside, key=lambda one: (moment(one.at), one.order_id, one.entry_id), reverse=True)


def totals(since: str, until: str, zone: str, days: Mapping[str, Sums], wanted: Filter) -> Totals:
    """What the wanted lines from one day of the shop to another add up to, by way to pay."""
    start, end = bounds(since, zone)[0], bounds(until, zone)[1]
    whole: Totals = {}
    for utc, sums in days.items():
        for (hour, kind, method, provider, currency), amount in told_lines(sums).items():
            at = datetime.fromisoformat(f"{utc}T{hour}:00").replace(tzinfo=UTC)
            if start <= at < end and wanted.fits(kind, method, currency):
                row = whole.setdefault((method, provider, currency), dict.fromkeys(KINDS, 0))
                row[kind] += amount
    return whole


def has_lines(sums: Sums, wanted: Filter) -> bool:
    return any(wanted.fits(kind, method, currency) for _, kind, method, _, currency in told_lines(sums))


def is_counted(sums: Sums) -> bool:
    """Whether a day's sums know their lines: those from before the lines were counted do not."""
    money = [name for name in sums if name.split(".")[1] in DIRECTIONS.values()]
    return not money or bool(told_lines(sums))


def told_lines(sums: Sums) -> dict[tuple[str, str, str, str, str], int]:
    """Hour, kind, method, provider and currency of the lines."""
    found = {}
    for name, amount in sums.items():
        hour, what, *rest = name.split(".")
        if what == LINES:
            kind, method, provider, currency = rest
            found[hour, kind, method, provider, currency] = amount
    return found
