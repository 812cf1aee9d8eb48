"""A day of the shop as staff see it: its money, its closing, what has changed since; closing, opening it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.accounts.payouts import head_answer, money
from comanda.backoffice.accounts.table import Table
from comanda.backoffice.operations.audit import AuditLog
from comanda.closing.count import Counting
from comanda.closing.count import Day as Found
from comanda.closing.model import COLUMNS, Closing, Counted, Sums, booked, figures, fold, net, plus
from comanda.closing.store import ClosingStore, DayState
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, WrongState
from comanda.ids import NewId
from comanda.origin import Origin
from comanda.payouts.store import PayoutStore

SHOWN = 31  # days of the list
CORRECTED = 62  # days whose closing is looked at again
REST = timedelta(hours=1)  # how long a UTC day has to be over before its figures say when they change
ATTEMPTS, LONGEST_REASON = 5, 300


@dataclass(frozen=True, slots=True)
class Count:
    """What somebody counted of a way to pay; `place` is where it stands in what was sent."""

    method: str
    currency: str
    amount: int
    reason: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """`zone` answers the shop's time zone."""

    counting: Counting
    store: ClosingStore
    audit: AuditLog
    zone: Callable[[], str]
    new_id: NewId
    payouts: PayoutStore

    def today(self, now: datetime) -> str:
        return now.astimezone(ZoneInfo(self.zone())).date().isoformat()

    def listed(self, now: datetime) -> list[dict[str, Any]]:
        """The last days, newest first, each with whether it is closed and under which number."""
        states, last = self.store.days(), date.fromisoformat(self.today(now))
        days = [(last - timedelta(days=n)).isoformat() for n in range(SHOWN)]
        return [_state_answer(day, states.get(day)) for day in days]

    def look(self, day: str, now: datetime) -> dict[str, Any]:
        """The day's money as it is now, its closing with what has changed since, and what providers paid
        out to the bank on it, which no closing counts: it is money of other days. Raises Invalid."""
        self._check(day, now)
        found, state = self.counting.day(day), self.store.days().get(day)
        closing = self.store.closing(state.number) if state else None
        live = fold(found.moves)
        told = _state_answer(day, state) | {
            "totals": totals(live),
            "moves": len(found.moves),
            "closing": closing_answer(closing) if closing else None,
            "changed_since": [],
            "payouts": [head_answer(one) for _, one in self.payouts.heads(day, day)],
        }
        if closing and state and state.closed:
            told["changed_since"] = totals(plus(live, booked(day, self._standing()), -1))
        return told

    def close(
        self, day: str, counts: Iterable[Count], note: str, origin: Origin, now: datetime
    ) -> dict[str, Any]:
        """Close a day: its figures, corrections of other closed days, and what was counted, under the next
        number. Raises Invalid, and WrongState for a day that is closed."""
        self._check(day, now)
        counts = list(counts)
        for _ in range(ATTEMPTS):
            seen, states = self.store.seen(), self.store.days()
            state = states.get(day)
            if state and state.closed:
                raise WrongState("day-closed", "this day is closed already")
            standing = self._standing(states)
            found = {day: self.counting.day(day)} | self._changed(standing, now)
            live = {one: fold(counted.moves) for one, counted in found.items()}
            rows, corrections = figures(day, live, standing)
            closing = Closing(
                seen.last + 1, day, origin.at, origin.actor, rows, corrections,
                expected(live[day], counts), note, len(found[day].moves), self.new_id(),
                {one: _settled(counted.turns, now) for one, counted in found.items()},
            )  # fmt: skip
            self.store.keep_lines(closing.lines, found[day].moves)
            tx = Transaction()
            opened = state.opened if state else []
            self.store.close(tx, seen, closing, DayState(day, closing.number, True, opened))
            self.audit.adding(tx, origin, "day.close", day, detail=str(closing.number))
            if self._committed(tx):
                return self.look(day, now)
        raise Busy("others are closing days just now")

    def open(self, day: str, reason: str, origin: Origin, now: datetime) -> dict[str, Any]:
        """Let a closed day be closed anew; its closing is kept. Raises Invalid, and WrongState for a day that
        is not closed."""
        self._check(day, now)
        if not reason or len(reason) > LONGEST_REASON:
            raise Invalid.at("/reason", f"say why, in at most {LONGEST_REASON} characters")
        for _ in range(ATTEMPTS):
            seen, state = self.store.seen(), self.store.days().get(day)
            if state is None or not state.closed:
                raise WrongState("day-open", "this day is not closed")
            opened = [*state.opened, {"at": origin.at, "by": origin.actor, "reason": reason}]
            tx = Transaction()
            self.store.open(tx, seen, replace(state, closed=False, opened=opened))
            self.audit.adding(tx, origin, "day.open", day, detail=reason)
            if self._committed(tx):
                return self.look(day, now)
        raise Busy("others are closing days just now")

    def table(self, day: str, now: datetime) -> Table:
        """The day's movements as a file: as they were closed, or as they are now. Raises Invalid."""
        self._check(day, now)
        state = self.store.days().get(day)
        closing = self.store.closing(state.number) if state and state.closed else None
        moves = list(self.store.lines(closing.lines)) if closing else self.counting.day(day).moves
        names = ("at", "order", "kind", "method", "provider", "amount", "currency", "bank_day", "entry")
        rows = [
            (x.at, x.number, x.column, x.method, x.provider, x.amount, x.currency, x.on, x.entry_id)
            for x in moves
        ]  # fmt: skip
        return Table(f"day_{day}", names, rows, ("amount",), moves[0].currency if moves else "MXN")

    def _standing(self, states: Mapping[str, DayState] | None = None) -> list[Closing]:
        """The closings of days that are closed now, by number."""
        days = self.store.days() if states is None else states
        numbers = sorted(one.number for one in days.values() if one.closed)
        found = (self.store.closing(number) for number in numbers[-CORRECTED:])
        return [one for one in found if one]

    def _changed(self, standing: list[Closing], now: datetime) -> dict[str, Found]:
        """Closed days whose figures have changed since they were counted last, counted anew."""
        known: dict[str, dict[str, int]] = {}
        for one in standing:
            known |= one.turns
        closed = {one.day for one in standing}
        return {
            day: self.counting.day(day)
            for day in sorted(closed)
            if _settled(self.counting.turns(day), now) != known.get(day) or _moving(known[day])
        }

    def _committed(self, tx: Transaction) -> bool:
        try:
            tx.commit()
        except RevisionMoved:
            return False
        return True

    def _check(self, day: str, now: datetime) -> None:
        try:
            wanted = date.fromisoformat(day)
        except ValueError:
            raise Invalid.at("/day", "a day is written 2026-11-22") from None
        if wanted.isoformat() != day or wanted > date.fromisoformat(self.today(now)):
            raise Invalid.at("/day", "this day has not come yet")


def expected(live: Sums, counts: Iterable[Count]) -> tuple[Counted, ...]:
    """What was counted beside what should be there, by way to pay. Raises Invalid for a difference without
    its reason."""
    told, errors = [], []
    for one in counts:
        due = sum(
            net(row)
            for (method, _, currency), row in live.items()
            if (method, currency) == (one.method, one.currency)
        )
        if due != one.amount and not one.reason.strip():
            errors.append({"pointer": f"/counted/{one.place}/reason", "detail": "say why the count differs"})
        told.append(Counted(one.method, one.currency, due, one.amount, one.reason.strip()[:LONGEST_REASON]))
    if errors:
        raise Invalid("a count differs from what should be there", errors=errors)
    return tuple(told)


def totals(sums: Sums) -> list[dict[str, Any]]:
    return [
        {"method": method, "provider": provider}
        | {name: money(row[name], currency) for name in COLUMNS}
        | {"net": money(net(row), currency)}
        for (method, provider, currency), row in sorted(sums.items())
    ]


def closing_answer(one: Closing) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": one.at,
        "by": one.by,
        "totals": totals(one.rows),
        "corrections": [
            {"day": day, "totals": totals(sums)} for day, sums in sorted(one.corrections.items())
        ],
        "counted": [
            {
                "method": x.method,
                "expected": money(x.expected, x.currency),
                "counted": money(x.counted, x.currency),
                "difference": money(x.counted - x.expected, x.currency),
                "reason": x.reason,
            }
            for x in one.counted
        ],
        "note": one.note,
        "moves": one.moves,
    }


def _state_answer(day: str, state: DayState | None) -> dict[str, Any]:
    closed = bool(state and state.closed)
    number = state.number if state else None
    return {"day": day, "closed": closed, "number": number, "opened": state.opened if state else []}


def _settled(turns: dict[str, int], now: datetime) -> dict[str, int]:
    """Turns, with -1 for a UTC day that was not over for an hour: its figures may change without a turn."""
    over = (now - REST).date().isoformat()
    return {utc: turn if utc < over else -1 for utc, turn in turns.items()}


def _moving(turns: dict[str, int]) -> bool:
    return -1 in turns.values()
