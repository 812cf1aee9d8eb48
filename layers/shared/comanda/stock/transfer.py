"""Bring units from one location to another: both figures move in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, NotFound
from comanda.idempotency.store import Earlier, Request
from comanda.stock.adjust_stock import ATTEMPTS, Adjusted, Book, over_shards
from comanda.stock.model import DEFAULT_LOCATION, Adjustment, Level
from comanda.stock.places import Spot


@dataclass(frozen=True, slots=True)
class Transfer:
    """`opens`: the product may be kept at `to` though it never was. `home`: where it is kept that says
    nothing else."""

    sku: str
    units: int
    origin: str
    to: str
    reason: str
    home: str = DEFAULT_LOCATION
    opens: bool = False


def transfer_stock(asked: Transfer, book: Book, *, actor: str, at: str, request: Request) -> Adjusted:
    """Move free units of a product; what orders and carts hold stays. Both corrections are on record.

    Raises Invalid, NotFound when no stock is kept there, OutOfStock when fewer are free, and Busy;
    nothing is written then.
    """
    if asked.origin == asked.to:
        raise Invalid.at("/to", "takes another location than the one the units come from")
    for _ in range(ATTEMPTS):
        earlier = book.keys.earlier(request)
        if earlier:
            return Adjusted(earlier.result, replayed=True)
        try:
            return Adjusted(_write(asked, book, actor, at, request))
        except (AlreadyDone, RevisionMoved):
            continue
    raise Busy("the stock of this product keeps changing; nothing was written")


def _write(asked: Transfer, book: Book, actor: str, at: str, request: Request) -> dict[str, Any]:
    product, levels = book.stock.shelf(asked.sku, asked.home)
    here, there = _at(levels, asked.origin), _at(levels, asked.to)
    if product is None or not here:
        raise NotFound(f"no stock of {asked.sku} is kept at {asked.origin}")
    if not there and not asked.opens:
        raise NotFound(f"no stock of {asked.sku} is kept at {asked.to}")
    tx = Transaction()
    for spot, units in over_shards(asked.sku, here, -asked.units).items():
        book.stock.write_correction(tx, here[spot], units, spot[1])
    if there:
        for spot, units in over_shards(asked.sku, there, asked.units).items():
            book.stock.write_correction(tx, there[spot], units, spot[1])
    else:
        book.stock.open_place(tx, product, asked.to, asked.units, asked.home)
    left, came = (
        _made(asked, book, where, found, delta, actor, at)
        for where, found, delta in ((asked.origin, here, -asked.units), (asked.to, there, asked.units))
    )
    book.adjustments.add(tx, left)
    book.adjustments.add(tx, came)
    result = {"sku": asked.sku, "units": asked.units, "from": left.to_dict(), "to": came.to_dict()}
    book.keys.remember(tx, request, Earlier("", 0, result), at)
    tx.commit()
    return result


def _at(levels: Mapping[Spot, Level], location: str) -> dict[Spot, Level]:
    return {spot: level for spot, level in levels.items() if spot[0] == location}


def _made(
    asked: Transfer, book: Book, where: str, found: Mapping[Spot, Level], delta: int, actor: str, at: str
) -> Adjustment:
    on_hand = sum(level.on_hand for level in found.values()) + delta
    return Adjustment(book.new_id(), asked.sku, where, delta, asked.reason, on_hand, at, actor)
