"""The ledger of a period as staff see it: every movement of money, payouts to the bank, and totals.

The figures say on which days and in which hours there is something; only the orders of the page are read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.accounts.ledger_walk import Place, Shown, Walk
from comanda.backoffice.accounts.payouts import money
from comanda.backoffice.accounts.table import Table
from comanda.closing.ledger import Filter, Totals, days_between, is_counted, told_lines, totals, utc_days
from comanda.customers.wallet import CARD, CREDIT
from comanda.errors import Invalid
from comanda.figures.book import Book
from comanda.figures.model import Sums
from comanda.figures.store import FigureStore
from comanda.orders.decision import Loaded
from comanda.payouts.model import Kept
from comanda.payouts.store import PayoutStore
from comanda.periods.lock import PeriodLock

LONGEST = 366  # days of a period
MOST_ON_PAGE, MOST_IN_FILE = 200, 5_000  # lines; a file's take about 4 ms each
PAYOUT = "payout"
CREDITS = (CREDIT, CARD)
KINDS = ("capture", "refund", "dispute", "fee", PAYOUT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`since` and `until` are days of the shop; a payout is of the method that its provider is."""

    since: str
    until: str
    kind: str = ""
    method: str = ""
    currency: str = ""
    cursor: str = ""
    limit: int = 50

    @property
    def filter(self) -> Filter:
        return Filter(self.kind, self.method, self.currency)


@dataclass(frozen=True, slots=True)
class Ledger:
    """`zone` answers the shop's time zone."""

    figures: FigureStore
    load: Callable[[str], Loaded | None]
    payouts: PayoutStore
    lock: PeriodLock
    zone: Callable[[], str]

    def this_month(self, now: datetime) -> tuple[str, str]:
        """From the first of the month until today, by the shop's calendar."""
        today = now.astimezone(ZoneInfo(self.zone())).date()
        return today.replace(day=1).isoformat(), today.isoformat()

    def page(self, wanted: Wanted, now: datetime) -> dict[str, Any]:
        """Lines and payouts newest first, where to go on, and what all of the period adds up to: `totals` by
        way to pay, `money` without credit. `uncounted` are days whose totals are not known yet. Raises
        Invalid."""
        self._check(wanted)
        known, uncounted = self._sums(wanted, now)
        paid_out = self._payouts(wanted)
        found = list(islice(self._shown(wanted, known, paid_out), wanted.limit + 1))
        some = found[: wanted.limit]
        locked = self.lock.read().until
        return {
            "items": [_answer(one, locked) for one in some],
            "next": str(some[-1].place) if len(found) > len(some) else None,
            "payouts": _payout_totals(paid_out),
            "currencies": sorted(_currencies(known)),
            "locked_until": locked or None,
            "uncounted": uncounted,
        } | self._totals(wanted, known)

    def table(self, wanted: Wanted, now: datetime) -> Table:
        """All of it as a file, newest first. Raises Invalid where it is too much for one."""
        self._check(wanted)
        rows = list[tuple[str | int | None, ...]]()
        known = self._sums(wanted, now)[0]
        for one in self._shown(replace(wanted, cursor=""), known, self._payouts(wanted)):
            if len(rows) == MOST_IN_FILE:
                detail = f"more than {MOST_IN_FILE} entries: choose fewer days"
                raise Invalid.at("/until", detail)
            rows.append(_row(one))
        names = (
            "day", "at", "kind", "order", "method", "provider", "in", "out", "payout", "currency", "credit",
            "bank_day", "provider_id", "entry",
        )  # fmt: skip
        money_names = ("in", "out", "payout")
        return Table(f"ledger_{wanted.since}_{wanted.until}", names, rows, money_names, by="currency")

    def _totals(self, wanted: Wanted, known: dict[str, Sums]) -> dict[str, Any]:
        sums = totals(wanted.since, wanted.until, self.zone(), known, wanted.filter)
        of_money = {key: row for key, row in sums.items() if key[1] not in CREDITS}
        return {
            "totals": [
                {"method": method, "provider": provider, "credit": provider in CREDITS} | _sum(row, currency)
                for (method, provider, currency), row in sorted(sums.items())
            ],
            "money": [_sum(row, currency) for currency, row in sorted(_by_currency(of_money).items())],
        }

    def _sums(self, wanted: Wanted, now: datetime) -> tuple[dict[str, Sums], list[str]]:
        """The figures of the period's UTC days, and the days of which they say nothing of lines."""
        ends = [*utc_days(wanted.since, self.zone()), *utc_days(wanted.until, self.zone())]
        days, today = days_between(min(ends), max(ends)), now.date().isoformat()
        read = Book(self.figures).read((day for day in days if day <= today), now)
        old = [day for day, sums in read.sums.items() if not is_counted(sums)]
        return {day: {} for day in days if day > today} | read.sums, sorted({*read.missing, *old})

    def _shown(self, wanted: Wanted, known: dict[str, Sums], paid_out: list[Kept]) -> Iterator[Shown]:
        behind = Place.read(wanted.cursor, wanted.since, wanted.until) if wanted.cursor else None
        lines = wanted.kind != PAYOUT
        walk = Walk(self.figures, self.load, self.zone(), wanted.filter, known, paid_out, lines)
        return walk.shown(wanted.since, wanted.until, behind)

    def _payouts(self, wanted: Wanted) -> list[Kept]:
        """Those that arrive within the period, newest first."""
        if wanted.kind not in ("", PAYOUT):
            return []
        heads = (one for _, one in self.payouts.heads(wanted.since, wanted.until))
        return [
            one for one in heads if wanted.filter.fits(wanted.kind, one.payout.provider, one.payout.currency)
        ]

    def _check(self, wanted: Wanted) -> None:
        errors = []
        for name in ("since", "until"):
            try:
                date.fromisoformat(getattr(wanted, name))
            except ValueError:
                errors.append({"pointer": f"/{name}", "detail": "a day is written 2026-11-22"})
        if not errors:
            length = date.fromisoformat(wanted.until) - date.fromisoformat(wanted.since)
            if length < timedelta() or length >= timedelta(days=LONGEST):
                detail = f"a period ends after it begins and has at most {LONGEST} days"
                errors.append({"pointer": "/until", "detail": detail})
        if wanted.kind not in ("", *KINDS):
            errors.append({"pointer": "/kind", "detail": f"one of {', '.join(KINDS)}"})
        if errors:
            raise Invalid(errors[0]["detail"], errors=errors)


def _sum(row: dict[str, int], currency: str) -> dict[str, Any]:
    net = row["capture"] - row["refund"] - row["dispute"] - row["fee"]
    return {kind: money(row[kind], currency) for kind in row} | {"net": money(net, currency)}


def _by_currency(sums: Totals) -> dict[str, dict[str, int]]:
    whole: dict[str, dict[str, int]] = {}
    for (_, _, currency), row in sums.items():
        so_far = whole.setdefault(currency, dict.fromkeys(row, 0))
        whole[currency] = {kind: so_far[kind] + row[kind] for kind in row}
    return whole


def _currencies(known: dict[str, Sums]) -> set[str]:
    """Those of all money of these days, whatever is wanted of it."""
    return {currency for sums in known.values() for _, _, _, _, currency in told_lines(sums)}


def _answer(one: Shown, locked: str) -> dict[str, Any]:
    told: dict[str, Any] = {"day": one.day, "locked": bool(locked) and one.day <= locked}
    if one.payout:
        payout = one.payout.payout
        return told | {
            "kind": PAYOUT,
            "at": payout.created_at,
            "order_id": None,
            "number": None,
            "method": payout.provider,
            "provider": payout.provider,
            "amount": money(payout.amount, payout.currency),
            "fees": money(one.payout.sums.fees, payout.currency),
            "status": payout.status,
            "credit": False,
            "bank_day": payout.arrives_on,
            "provider_id": payout.ref,
            "entry_id": None,
        }
    assert one.line
    line = one.line
    return told | {
        "kind": line.kind,
        "at": line.at,
        "order_id": line.order_id,
        "number": line.number,
        "method": line.method,
        "provider": line.provider,
        "amount": money(line.amount, line.currency),
        "fees": None,
        "status": None,
        "credit": line.credit,
        "bank_day": line.on or None,
        "provider_id": line.ref or None,
        "entry_id": line.entry_id,
    }


def _row(one: Shown) -> tuple[str | int | None, ...]:
    told = _answer(one, "")
    amount, kind = told["amount"]["amount"], told["kind"]
    came = amount if kind == "capture" else None
    went = amount if kind in ("refund", "dispute", "fee") else None
    out = amount if kind == PAYOUT else None
    return (
        one.day, told["at"], kind, told["number"], told["method"], told["provider"], came, went, out,
        told["amount"]["currency"], "yes" if told["credit"] else "", told["bank_day"], told["provider_id"],
        told["entry_id"],
    )  # fmt: skip


def _payout_totals(found: list[Kept]) -> list[dict[str, Any]]:
    """To the bank and kept, by provider and currency; what its bank sent back is not among it."""
    sums: dict[tuple[str, str], list[int]] = {}
    for one in found:
        if one.payout.status not in ("failed", "canceled"):
            row = sums.setdefault((one.payout.provider, one.payout.currency), [0, 0])
            row[0] += one.payout.amount
            row[1] += one.sums.fees
    return [
        {"provider": provider, "amount": money(paid, currency), "fees": money(fees, currency)}
        for (provider, currency), (paid, fees) in sorted(sums.items())
    ]
