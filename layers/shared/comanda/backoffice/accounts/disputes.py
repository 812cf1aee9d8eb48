"""Disputes as staff see them: what is open, until when, of which order; and how others ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from comanda.backoffice.accounts.payouts import money
from comanda.orders.decision import Loaded
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import MANUAL
from comanda.payments.payout import SeenDispute
from comanda.payments.reversals import REPORTED
from comanda.payouts.disputes import DisputeStore

MOST_OPEN = 100  # orders held for a dispute that one page reads
ENDED = ("won", "lost")
STATES = {"pending": "open", "ok": "lost", "foreign": "lost", "void": "won"}


@dataclass(frozen=True, slots=True)
class Disputes:
    """`held` answers the orders that a dispute holds, newest first."""

    held: Callable[[], Iterator[str]]
    load: Callable[[str], Loaded | None]
    store: DisputeStore

    def open(self) -> tuple[list[dict[str, Any]], bool]:
        """Disputes of the orders that are held for one, those first that are due first; and whether there are
        more orders than were read. A dispute that has ended stays as long as its order is held for it."""
        ids = list(islice(self.held(), MOST_OPEN + 1))
        loaded = [self.load(order_id) for order_id in ids[:MOST_OPEN]]
        pairs = [(one.order, entry) for one in loaded if one for entry in _disputes(one.order)]
        known = {(x.provider, x.ref): x for x in self.store.of((e.provider, e.ref) for _, e in pairs)}
        told = [_open_answer(order, entry, known.get((entry.provider, entry.ref))) for order, entry in pairs]
        told.sort(key=lambda one: (one["status"] in ENDED, one["due_at"] or "~", one["opened_at"]))
        return told, len(ids) > MOST_OPEN

    def ended(self, limit: int, before: str = "") -> tuple[list[dict[str, Any]], str]:
        """How disputes ended that providers told of, newest first, and where to go on. A page may hold fewer
        than `limit`, as those that are open are left out."""
        found, after = self.store.recent(limit, before)
        return [_seen_answer(one) for one in found if one.status in ENDED], after


def _disputes(order: Order) -> list[Entry]:
    """What was reported replaces what staff had entered of the same dispute."""
    found = [entry for entry in order.ledger if entry.kind == "dispute"]
    return [entry for entry in found if (entry.provider, entry.reason) != (MANUAL, REPORTED)]


def _open_answer(order: Order, entry: Entry, seen: SeenDispute | None) -> dict[str, Any]:
    status = STATES.get(entry.status, "open")
    if seen and status == "open":
        status = seen.status
    return {
        "provider": entry.provider,
        "ref": entry.ref,
        "status": status,
        "amount": money(entry.amount, entry.currency),
        "reason": entry.reason,
        "opened_at": seen.opened_at if seen else entry.at,
        "due_at": (seen.due_at if seen else "") or None,
        "url": (seen.url if seen else "") or None,
        "order_id": order.order_id,
        "number": order.number,
    }


def _seen_answer(one: SeenDispute) -> dict[str, Any]:
    return {
        "provider": one.provider,
        "ref": one.ref,
        "status": one.status,
        "amount": money(one.amount, one.currency),
        "reason": one.reason,
        "opened_at": one.opened_at,
        "due_at": one.due_at or None,
        "url": one.url or None,
        "order_id": one.order_id or None,
        "number": None,
    }
