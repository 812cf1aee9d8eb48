"""Correct the stock of a product: found, broken, lost. Never below what orders hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, NotFound
from comanda.idempotency.store import Earlier, Request
from comanda.stock.adjustments import AdjustmentStore
from comanda.stock.model import Adjustment
from comanda.stock.store import StockStore

MOST_UNITS = 10_000_000
ATTEMPTS = 10


class Keys(Protocol):
    """What is known of Idempotency-Keys."""

    def earlier(self, request: Request) -> Earlier | None: ...

    def remember(self, tx: Transaction, request: Request, earlier: Earlier, at: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Book:
    """Where a correction is written; see wiring."""

    stock: StockStore
    adjustments: AdjustmentStore
    keys: Keys
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is asked for."""

    sku: str
    delta: int
    reason: str
    location: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    result: dict[str, Any]
    replayed: bool = False


def adjust_stock(
    asked: Correction, book: Book, *, actor: str, at: str, request: Request | None = None
) -> Adjusted:
    """Move the stock by `delta` and keep who did it and why, all in one transaction with the key.

    Raises Invalid, NotFound when no stock is kept of the product there, OutOfStock when orders hold
    the units, IdempotencyKeyReused and Busy; nothing is written then.
    """
    if asked.delta == 0 or abs(asked.delta) > MOST_UNITS:
        raise Invalid.at("/delta", f"takes a number of units from -{MOST_UNITS} to {MOST_UNITS}, not 0")
    for _ in range(ATTEMPTS):
        earlier = book.keys.earlier(request) if request else None
        if earlier:
            return Adjusted(earlier.result, replayed=True)
        try:
            return Adjusted(_write(asked, book, actor, at, request).to_dict())
        except (AlreadyDone, RevisionMoved):
            continue
    raise Busy("the stock of this product keeps changing; nothing was written")


def _write(asked: Correction, book: Book, actor: str, at: str, request: Request | None) -> Adjustment:
    level = book.stock.levels([asked.sku], asked.location).get(asked.sku)
    if level is None:
        raise NotFound(f"no stock of {asked.sku} is kept at {asked.location}")
    made = Adjustment(
        adjustment_id=book.new_id(),
        sku=asked.sku,
        location=asked.location,
        delta=asked.delta,
        reason=asked.reason,
        on_hand=level.on_hand + asked.delta,
        at=at,
        actor=actor,
    )
    tx = Transaction()
    book.stock.write_correction(tx, level, asked.delta)
    book.adjustments.add(tx, made)
    if request:
        book.keys.remember(tx, request, Earlier("", 0, made.to_dict()), at)
    tx.commit()
    return made
