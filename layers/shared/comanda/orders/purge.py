"""Purge an order: everything of it is deleted but a tombstone that says who did it, when and why."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched
from typing import Any, Protocol

from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, NotFound, Stale, WrongState
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.orders.decision import Loaded
from comanda.orders.facts import Origin
from comanda.orders.guards import check
from comanda.orders.own_changes import Notes, OwnChange
from comanda.orders.tombstones import Tombstone, Tombstones

ATTEMPTS = 8
TOGETHER = 25  # items deleted in one transaction
REASONS = ("test", "duplicate", "mistake", "spam", "request")  # codes: a tombstone holds no personal data


class Invoices(Protocol):
    """What the purge asks of whoever issues invoices."""

    def invoiced(self, order_id: str) -> bool:
        """Whether a fiscal document was ever issued for the order, also one that was cancelled since."""
        ...


class NoInvoices:
    """A shop that issues no fiscal documents through this system."""

    def invoiced(self, order_id: str) -> bool:
        return False


class Loads(Protocol):
    def load(self, order_id: str) -> Loaded | None: ...


@dataclass(frozen=True, slots=True)
class Purging:
    orders: Loads
    tombstones: Tombstones
    invoices: Callable[[], Invoices]
    keys_seen: KeyStore
    notes: Notes

    def purge(
        self, order_id: str, reason: str, origin: Origin, *, version: int, request: Request | None
    ) -> tuple[Tombstone, bool]:
        """Bury the order, then delete all of it; a purge that was interrupted is finished.

        The snapshot goes first, in the transaction that puts the tombstone, so nobody finds the order
        or writes to it any more. Answers the tombstone and whether the same request was answered
        before. Raises NotFound, Stale, WrongState by a guard, IdempotencyKeyReused, Busy.
        """
        earlier = self.keys_seen.earlier(request) if request else None
        if self.tombstones.find(order_id) is None:
            self._bury(order_id, reason, origin, version, request)
        return self.finish(order_id), earlier is not None

    def finish(self, order_id: str) -> Tombstone:
        """Delete what is left of a buried order. Raises NotFound for one that was never purged."""
        found = self.tombstones.find(order_id)
        if found is None:
            raise NotFound("no such order")
        rest = self.tombstones.rest(order_id)
        for some in batched(rest, TOGETHER, strict=False):
            tx = Transaction()
            self.tombstones.deleting(tx, order_id, some)
            tx.commit()
        return found if found.done and not rest else self.tombstones.close(found)

    def _bury(
        self, order_id: str, reason: str, origin: Origin, version: int, request: Request | None
    ) -> None:
        for attempt in range(ATTEMPTS):
            loaded = self.orders.load(order_id)
            if loaded is None:
                if self.tombstones.find(order_id):
                    return  # somebody else was faster
                raise NotFound("no such order")
            self._allowed(loaded, version)
            tx = Transaction()
            stone = tombstone(loaded, reason, origin)
            self.tombstones.burying(tx, stone)
            if request:
                first = Earlier(order_id, loaded.order.revision)
                self.keys_seen.remember(tx, request, first, origin.at)
            self.notes.note(origin.actor, OwnChange(order_id, loaded.order.created_at, ""))
            try:
                tx.commit()
            except RevisionMoved:
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - jitter
            else:
                return
        raise Busy("others keep changing this order; nothing was deleted")

    def _allowed(self, loaded: Loaded, version: int) -> None:
        order = loaded.order
        if order.version != version:
            raise Stale(f"the order is at version {order.version}, you saw {version}")
        check("purge", order)
        if self.invoices().invoiced(order.order_id):
            raise WrongState("invoiced", "a fiscal document was issued for this order: it has to be kept")
        if still_running(loaded):
            raise WrongState("still-running", "the workflow, a mail or a payment is not done yet: try again")


def still_running(loaded: Loaded) -> bool:
    """A workflow waits for the order, or something outside that it wants is not done yet; what became
    of a mail that nobody knows of does not matter any more, of a payment it does."""
    return bool(loaded.waits) or any(
        effect.state in ("wanted", "claimed") or (effect.state == "unknown" and effect.kind != "mail")
        for effect in loaded.effects
    )


def tombstone(loaded: Loaded, reason: str, origin: Origin) -> Tombstone:
    order = loaded.order
    return Tombstone(
        order_id=order.order_id,
        number=order.number,
        reason=reason,
        purged_by=origin.actor,
        cause=origin.cause,
        purged_at=origin.at,
        revision=order.revision,
        facts=order.facts,
        head_hash=order.head_hash,
    )


def told(stone: Tombstone) -> dict[str, Any]:
    """A tombstone for the outside."""
    return {
        "order_id": stone.order_id,
        "number": stone.number,
        "reason": stone.reason,
        "purged_by": stone.purged_by,
        "cause": stone.cause,
        "purged_at": stone.purged_at,
        "revision": stone.revision,
        "facts": stone.facts,
        "head_hash": stone.head_hash,
        "done": stone.done,
    }
