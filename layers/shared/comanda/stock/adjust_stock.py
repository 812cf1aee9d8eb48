"""Correct the stock of a product: found, broken, lost. Never below what orders hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, NotFound, OutOfStock
from comanda.idempotency.once import answered_alike
from comanda.idempotency.store import Earlier, Request
from comanda.stock.adjustments import AdjustmentStore
from comanda.stock.model import DEFAULT_LOCATION, Adjustment, Level
from comanda.stock.places import Spot
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
    counted: int | None = None  # what lies on the shelf; the difference takes the place of `delta`
    home: str = DEFAULT_LOCATION  # where a product is kept that says nothing else
    opens: bool = False  # the product may be kept at this location though it never was


@dataclass(frozen=True, slots=True)
class Adjusted:
    result: dict[str, Any]
    replayed: bool = False


def adjust_stock(
    asked: Correction, book: Book, *, actor: str, at: str, request: Request | None = None
) -> Adjusted:
    """Move the stock by `delta`, or to what was counted, and keep who did it and why, all in one
    transaction with the key. Reservations stand.

    Raises Invalid, NotFound when no stock is kept of the product there, OutOfStock when orders hold
    the units, IdempotencyKeyReused and Busy; nothing is written then.
    """
    if asked.counted is None and (asked.delta == 0 or abs(asked.delta) > MOST_UNITS):
        raise Invalid.at("/delta", f"takes a number of units from -{MOST_UNITS} to {MOST_UNITS}, not 0")
    return answered_alike(
        lambda: book.keys.earlier(request) if request else None,
        lambda earlier: Adjusted(earlier.result, replayed=True),
        lambda: _corrected(asked, book, actor, at, request),
    )


def _corrected(asked: Correction, book: Book, actor: str, at: str, request: Request | None) -> Adjusted:
    for _ in range(ATTEMPTS):
        try:
            return Adjusted(_write(asked, book, actor, at, request).to_dict())
        except AlreadyDone as done:
            raise Busy("the same correction is being made at this moment") from done
        except RevisionMoved:
            continue
    raise Busy("the stock of this product keeps changing; nothing was written")


def _write(asked: Correction, book: Book, actor: str, at: str, request: Request | None) -> Adjustment:
    product, levels = book.stock.shelf(asked.sku, asked.location)
    here = {spot: level for spot, level in levels.items() if spot[0] == asked.location}
    if not here and not (asked.opens and product and product.tracked):
        raise NotFound(f"no stock of {asked.sku} is kept at {asked.location}")
    on_hand = sum(level.on_hand for level in here.values())
    delta = asked.delta if asked.counted is None else asked.counted - on_hand
    made = Adjustment(
        adjustment_id=book.new_id(),
        sku=asked.sku,
        location=asked.location,
        delta=delta,
        reason=asked.reason,
        on_hand=on_hand + delta,
        at=at,
        actor=actor,
    )
    tx = Transaction()
    if here or product is None:
        for spot, units in over_shards(asked.sku, here, delta).items():
            book.stock.write_correction(tx, here[spot], units, spot[1])
    else:
        book.stock.open_place(tx, product, asked.location, _not_negative(asked, delta), asked.home)
    book.adjustments.add(tx, made)
    if request:
        book.keys.remember(tx, request, Earlier("", 0, made.to_dict()), at)
    tx.commit()
    return made


def over_shards(sku: str, here: Mapping[Spot, Level], delta: int) -> dict[Spot, int]:
    """What each shard gives or takes; all of them, so that none moves unseen. Raises OutOfStock."""
    first, *others = sorted(here)
    shares = dict.fromkeys(here, 0)
    if delta >= 0 or not others:
        return shares | {first: delta}
    wanted = -delta
    for spot in sorted(here, key=lambda one: -here[one].available):
        units = min(max(here[spot].available, 0), wanted)
        shares[spot], wanted = -units, wanted - units
    if wanted:
        free = -delta - wanted
        line = {"sku": sku, "requested": -delta, "available": free}
        raise OutOfStock(f"{sku}: {-delta} to take away, {free} free", lines=[line])
    return shares


def _not_negative(asked: Correction, delta: int) -> int:
    if delta < 0:
        raise NotFound(f"no stock of {asked.sku} is kept at {asked.location}")
    return delta
