"""Spread a hot product over shards, or gather it again: its units move in one transaction."""

from collections.abc import Mapping

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, NotFound, OutOfStock
from comanda.idempotency.store import Earlier, Request
from comanda.stock.adjust_stock import ATTEMPTS, Adjusted, Book
from comanda.stock.model import Adjustment, Level, Product
from comanda.stock.places import Spot

MOST_SHARDS = 20


def spread_stock(
    sku: str, location: str, shards: int, book: Book, *, actor: str, at: str, request: Request
) -> Adjusted:
    """Share what is free at a location evenly over `shards` partitions.

    What orders hold stays where it is; a shard that still holds some is looked at until it is empty.
    Raises Invalid, NotFound, and Busy when buyers are always faster; nothing is written then.
    """
    if not 1 <= shards <= MOST_SHARDS:
        raise Invalid.at("/shards", f"takes 1 to {MOST_SHARDS} shards")
    for _ in range(ATTEMPTS):
        earlier = book.keys.earlier(request)
        if earlier:
            return Adjusted(earlier.result, replayed=True)
        try:
            return Adjusted(_write(sku, location, shards, book, actor, at, request).to_dict())
        except (AlreadyDone, RevisionMoved, OutOfStock):
            continue
    raise Busy("the stock of this product keeps changing; nothing was written")


def _write(
    sku: str, location: str, shards: int, book: Book, actor: str, at: str, request: Request
) -> Adjustment:
    product, levels = book.stock.shelf(sku, location, shards)
    here = {spot: level for spot, level in levels.items() if spot[0] == location}
    if product is None or not here:
        raise NotFound(f"no stock of {sku} is kept at {location}")
    tx = Transaction()
    book.stock.share_out(tx, sku, shares(here, location, shards))
    book.stock.write_places(tx, product, _places(product, here, location, shards))
    on_hand = sum(level.on_hand for level in here.values())
    made = Adjustment(book.new_id(), sku, location, 0, f"spread:{shards}", on_hand, at, actor)
    book.adjustments.add(tx, made)
    book.keys.remember(tx, request, Earlier("", 0, made.to_dict()), at)
    tx.commit()
    return made


def shares(here: Mapping[Spot, Level], location: str, shards: int) -> dict[Spot, tuple[int | None, int]]:
    """What each shard has free now (None: there is no such shard yet) and by how much that changes."""
    free = sum(level.available for level in here.values())
    each, over = divmod(free, shards)
    changes: dict[Spot, tuple[int | None, int]] = {}
    for spot in sorted({*here, *((location, shard) for shard in range(shards))}):
        wanted = 0 if spot[1] >= shards else each + (spot[1] < over)
        now = here[spot].available if spot in here else None
        changes[spot] = (now, wanted - (now or 0))
    return changes


def _places(
    product: Product, here: Mapping[Spot, Level], location: str, shards: int
) -> tuple[tuple[str, int], ...]:
    """Where the product is kept from now on: shards that still hold units of orders stay in sight."""
    holding = [shard + 1 for (_, shard), level in here.items() if level.on_hand != level.available]
    seen = max([shards, *holding])
    return tuple((dict(product.places) | {location: seen}).items())
