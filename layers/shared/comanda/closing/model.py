"""A day's money and its closing. Pure.

Money counts on the day on which it was recorded, in the shop's time zone. A closing is never changed: what
becomes of a closed day later (a payment that bounces, a fact that comes late) is a correction in the next
closing. So all closings together are what the ledgers say, and none of them ever moves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from comanda.orders.model import Entry, Order
from comanda.times import moment

MOVED = ("ok", "foreign")
KINDS = {"capture": "charges", "refund": "refunds", "dispute": "disputes", "fee": "fees"}
COLUMNS = tuple(KINDS.values())

type Key = tuple[str, str, str]  # method, provider, currency
type Sums = dict[Key, dict[str, int]]  # by the names of COLUMNS


@dataclass(frozen=True, slots=True)
class Move:
    """A line of a ledger that counts; `column` says as what. `amount` in minor units, above nothing."""

    order_id: str
    number: str
    entry_id: str
    column: str
    method: str
    provider: str
    amount: int
    currency: str
    at: str
    on: str = ""

    @property
    def key(self) -> Key:
        return self.method, self.provider, self.currency


@dataclass(frozen=True, slots=True)
class Counted:
    """What a person counted of a way to pay, beside what should be there. `reason` says why they differ."""

    method: str
    currency: str
    expected: int
    counted: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """`number` has no gaps. `corrections`: by closed day what has become of it since. `turns`: by day which
    state of the shop's figures was counted, by their UTC days."""

    number: int
    day: str
    at: str
    by: str
    rows: Sums
    corrections: dict[str, Sums] = field(default_factory=dict)
    counted: tuple[Counted, ...] = ()
    note: str = ""
    moves: int = 0
    lines: str = ""  # under which its moves are kept
    turns: dict[str, dict[str, int]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        told = asdict(self)
        told["rows"] = _flat(self.rows)
        told["corrections"] = {day: _flat(sums) for day, sums in self.corrections.items()}
        return told

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Self:
        corrections = {day: _keyed(flat) for day, flat in found["corrections"].items()}
        counted = tuple(Counted(**one) for one in found["counted"])
        return cls(
            **(found | {"rows": _keyed(found["rows"]), "corrections": corrections, "counted": counted})
        )


def bounds(day: str, zone: str) -> tuple[datetime, datetime]:
    """From when to when a day of the shop is, in UTC."""
    first, here = date.fromisoformat(day), ZoneInfo(zone)
    ends = (datetime.combine(first + timedelta(days=n), time(), here).astimezone(UTC) for n in (0, 1))
    return next(ends), next(ends)


def moves_of(order: Order, start: datetime, end: datetime) -> list[Move]:
    """What an order's ledger moved between two moments. Store credit is no money: it was paid for before."""
    return [
        _move(order, entry)
        for entry in order.ledger
        if entry.kind in KINDS
        and entry.status in MOVED
        and not entry.wallet
        and entry.amount
        and start <= moment(entry.at) < end
    ]


def _move(order: Order, entry: Entry) -> Move:
    return Move(
        order.order_id, order.number, entry.entry_id, KINDS[entry.kind], entry.method, entry.provider,
        entry.amount, entry.currency, entry.at, entry.on,
    )  # fmt: skip


def fold(moves: Iterable[Move]) -> Sums:
    """What moves add up to, by way to pay, provider and currency."""
    sums: Sums = {}
    for move in moves:
        row = sums.setdefault(move.key, dict.fromkeys(COLUMNS, 0))
        row[move.column] += move.amount
    return sums


def plus(one: Sums, other: Sums, sign: int = 1) -> Sums:
    """The sum, or with -1 the difference, of two; what comes to nothing is left out."""
    whole: Sums = {}
    for key in sorted(one.keys() | other.keys()):
        mine, theirs = one.get(key, {}), other.get(key, {})
        row = {name: mine.get(name, 0) + sign * theirs.get(name, 0) for name in COLUMNS}
        if any(row.values()):
            whole[key] = row
    return whole


def net(row: Mapping[str, int]) -> int:
    """What is left of a row."""
    return row["charges"] - row["refunds"] - row["disputes"] - row["fees"]


def booked(day: str, closings: Iterable[Closing]) -> Sums:
    """What closings that stand hold of a day: its own figures, and corrections of it."""
    sums: Sums = {}
    for one in closings:
        if one.day == day:
            sums = plus(sums, one.rows)
        sums = plus(sums, one.corrections.get(day, {}))
    return sums


def figures(day: str, live: Mapping[str, Sums], closings: Sequence[Closing]) -> tuple[Sums, dict[str, Sums]]:
    """What a closing of `day` holds: its own figures, and corrections of other closed days. `live` is what
    the ledgers say now of the day and of those others, `closings` those that stand."""
    rows = plus(live[day], booked(day, closings), -1)
    closed = {one.day for one in closings} - {day}
    found = {other: plus(live[other], booked(other, closings), -1) for other in sorted(closed & live.keys())}
    return rows, {other: sums for other, sums in found.items() if sums}


def _flat(sums: Sums) -> list[dict[str, Any]]:
    return [
        {"method": method, "provider": provider, "currency": currency} | row
        for (method, provider, currency), row in sorted(sums.items())
    ]


def _keyed(flat: list[dict[str, Any]]) -> Sums:
    return {
        (one["method"], one["provider"], one["currency"]): {name: one[name] for name in COLUMNS}
        for one in flat
    }
