"""Payouts as staff see them: a list, one with what each order leaves, a file, what is known of one order."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from comanda.backoffice.accounts.table import Table
from comanda.errors import Invalid, NotFound
from comanda.payments.payout import REFUND
from comanda.payouts.model import Kept, TiedLine, sums_of
from comanda.payouts.store import OrderFee, PayoutStore

MOST_LOOKED_AT = 500  # payouts that a page reads for as many as fit
SUMS = ("charges", "refunds", "disputes", "other", "fees", "net")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`since` and `until` are days on which a payout arrives; `differences`: only those that have some."""

    provider: str = ""
    since: str = ""
    until: str = ""
    differences: bool = False
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Payouts:
    store: PayoutStore

    def listed(self, wanted: Wanted) -> tuple[list[dict[str, Any]], str]:
        """The payouts that fit, newest first, and where to go on. Raises Invalid for a foreign cursor."""
        if wanted.cursor and wanted.cursor.count("#") != 2:
            raise Invalid.at("/cursor", "not a position of this list")
        found: list[dict[str, Any]] = []
        heads = self.store.heads(wanted.since, wanted.until, wanted.cursor, wanted.limit)
        for looked, (position, one) in enumerate(heads, 1):
            if _fits(one, wanted):
                found.append(head_answer(one))
            if len(found) == wanted.limit or looked == MOST_LOOKED_AT:
                return found, position
        return found, ""

    def whole(self, provider: str, ref: str) -> dict[str, Any]:
        """A payout, its lines, and what it leaves of each order. Raises NotFound."""
        head, lines = self._read(provider, ref)
        currency = head.payout.currency
        return head_answer(head) | {
            "orders": [_order_answer(order, some, currency) for order, some in _by_order(lines)],
            "lines": [line_answer(one) for one in lines],
        }

    def table(self, provider: str, ref: str) -> Table:
        """The lines as a file. Raises NotFound."""
        head, lines = self._read(provider, ref)
        payout = head.payout
        names = (
            "payout", "arrives_on", "at", "kind", "order", "provider_id", "transaction", "amount", "fee",
            "net", "currency", "tie", "expected",
        )  # fmt: skip
        rows = [
            (
                payout.ref, payout.arrives_on, one.line.at, one.line.kind, one.number, one.line.source,
                one.line.ref, one.line.amount, one.line.fee, one.line.net, one.line.currency, one.tie,
                one.expected,
            )
            for one in lines
        ]  # fmt: skip
        money = ("amount", "fee", "net", "expected")
        return Table(f"payout_{payout.provider}_{payout.arrives_on}", names, rows, money, payout.currency)

    def of_order(self, order_id: str) -> list[dict[str, Any]]:
        """What payouts say of an order, oldest first."""
        found = sorted(self.store.of_order(order_id), key=lambda one: (one.tied.line.at, one.tied.line.ref))
        return [_fee_answer(one) for one in found]

    def _read(self, provider: str, ref: str) -> tuple[Kept, list[TiedLine]]:
        head = self.store.head(provider, ref)
        if head is None:
            raise NotFound("there is no such payout")
        return head, list(self.store.lines(provider, ref))


def money(amount: int | None, currency: str) -> dict[str, Any] | None:
    return None if amount is None else {"amount": amount, "currency": currency}


def head_answer(one: Kept) -> dict[str, Any]:
    payout, sums = one.payout, asdict(one.sums)
    told = asdict(payout) | {"amount": money(payout.amount, payout.currency)}
    del told["currency"]
    return told | {
        "totals": {name: money(sums[name], payout.currency) for name in SUMS},
        "lines_count": one.sums.lines,
        "differences": one.sums.differences + (1 if one.missing else 0),
        "missing": money(one.missing, payout.currency),
        "seen_at": one.seen_at,
    }


def line_answer(one: TiedLine) -> dict[str, Any]:
    line = one.line
    return {
        "transaction": line.ref,
        "kind": line.kind,
        "at": line.at,
        "amount": money(line.amount, line.currency),
        "fee": money(line.fee, line.currency),
        "net": money(line.net, line.currency),
        "provider_id": line.source,
        "payment": line.payment,
        "order_id": line.order_id or None,
        "number": one.number or None,
        "entry_id": one.entry_id or None,
        "tie": one.tie,
        "expected": money(one.expected, line.own_currency or line.currency),
        "own_amount": money(line.own_amount, line.own_currency) if line.own_currency else None,
        "what": line.what,
    }


def _fits(one: Kept, wanted: Wanted) -> bool:
    right = wanted.provider in ("", one.payout.provider)
    return right and (not wanted.differences or bool(one.sums.differences or one.missing))


def _by_order(lines: list[TiedLine]) -> Iterator[tuple[str, list[TiedLine]]]:
    """The lines of each order, in the order of their first line."""
    first: dict[str, int] = {}
    named = [one for one in lines if one.line.order_id]
    for one in named:
        first.setdefault(one.line.order_id, len(first))
    named.sort(key=lambda one: first[one.line.order_id])
    for order_id, some in groupby(named, key=lambda one: one.line.order_id):
        yield order_id, list(some)


def _order_answer(order_id: str, lines: list[TiedLine], currency: str) -> dict[str, Any]:
    sums = asdict(sums_of(lines))
    return {
        "order_id": order_id,
        "number": next((one.number for one in lines if one.number), None),
        "refunded": any(one.line.kind == REFUND for one in lines),
        "differences": sums["differences"],
    } | {name: money(sums[name], currency) for name in SUMS}


def _fee_answer(one: OrderFee) -> dict[str, Any]:
    told = {"provider": one.provider, "payout": one.payout, "arrives_on": one.arrives_on}
    return told | {"status": one.status} | line_answer(one.tied)
