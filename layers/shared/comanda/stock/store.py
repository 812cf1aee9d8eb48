"""Products and stock in DynamoDB. Every move is conditional on what is available."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comanda.dynamo.batch import get_many
from comanda.dynamo.client import client
from comanda.dynamo.together import get_together
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.stock.bundles import kept_at, parts_of, put_together
from comanda.stock.model import DEFAULT_LOCATION, Level, Move, Product
from comanda.stock.moves import allowed, sold_out, summed, written
from comanda.stock.places import Look, Place, Spot, promises, spots, summed_up
from comanda.stock.rows import (
    CATALOGUE,
    ProductRow,
    StockRow,
    level_of,
    number,
    product_key,
    product_of,
    stock_key,
    stored,
)
from comanda.stock.waiting import WaitingRow, queue, write_waiting

type Seen = Mapping[str, dict[str, Any] | None]
NOTHING_SEEN: Seen = {}


class StockStore:
    """Reads and writes the Stock table."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.home = DEFAULT_LOCATION  # where the shop said it keeps its stock, when last asked
        StockRow.bind(table)
        ProductRow.bind(table)
        WaitingRow.bind(table)

    def products(self, skus: Iterable[str]) -> dict[str, Product]:
        found = get_many({self.table: [product_key(sku) for sku in skus]})[self.table]
        return {product.sku: product for product in map(product_of, found.values())}

    def put_together(self, products: dict[str, Product]) -> dict[str, Product]:
        """The same products, bundles with what their components say; reads those that are missing."""
        unknown = parts_of(products.values()) - products.keys()
        parts = products | (self.products(unknown) if unknown else {})
        return {sku: put_together(product, parts) for sku, product in products.items()}

    def free(self, products: Iterable[Product], home: str, seen: Seen = NOTHING_SEEN) -> dict[str, int]:
        """How many units of each SKU that these products take can be bought now, over all its places."""
        return summed_up(self.places(products, home, seen))

    def places(
        self, products: Iterable[Product], home: str, seen: Seen = NOTHING_SEEN
    ) -> dict[str, tuple[Place, ...]]:
        """All places of each SKU that these products take, with what is left there; read one by one.

        `seen`: places just read, by key, None for one that is not there; they are not read again.
        """
        kept = {sku: spots(places, home) for product in products for sku, places in kept_at(product).items()}
        keys = {(sku, *spot): stock_key(sku, *spot) for sku, where in kept.items() for spot in where}
        self.home = home
        unseen = [key for key in keys.values() if key not in seen]
        found = {**seen, **(get_many({self.table: unseen})[self.table] if unseen else {})}
        left = {place: number(item, "available") for place, key in keys.items() if (item := found.get(key))}
        return {
            sku: tuple(Place(sku, *spot, left[sku, *spot]) for spot in where if (sku, *spot) in left)
            for sku, where in kept.items()
        }

    def look(self, skus: Iterable[str], home: str) -> Look:
        """All places of these SKUs as they are at one moment. Raises Busy."""
        products = self.products(skus)
        places: dict[str, tuple[Place, ...]] = {}
        for sku in skus:
            kept = products[sku].places if sku in products else ()
            where = spots(kept, home or DEFAULT_LOCATION)
            items = get_together(self.table, [stock_key(sku, *spot) for spot in where])
            figures = [number(item, "available") if item else 0 for item in items]
            places[sku] = tuple(Place(sku, *spot, left) for spot, left in zip(where, figures, strict=True))
        return Look(places, promises(products))

    def shelf(self, sku: str, home: str, most: int = 0) -> tuple[Product | None, dict[Spot, Level]]:
        """A product and its figures by location and shard, read consistently; `most` looks at so many
        shards of `home` at least."""
        product = self.products([sku]).get(sku)
        where = spots(product.places if product else (), home)
        where += [(home, shard) for shard in range(most) if (home, shard) not in where]
        keys = {stock_key(sku, *spot): spot for spot in where}
        found = get_many({self.table: keys})[self.table]
        return product, {spot: level_of(found[key]) for key, spot in keys.items() if key in found}

    def open_place(
        self,
        tx: Transaction,
        product: Product,
        location: str,
        units: int,
        home: str,
        *,
        counted: int | None = None,
        bin_: str = "",
    ) -> None:
        """Keep a product at one more location beside `home`; RevisionMoved when its places have changed."""
        row = StockRow(stock_key(product.sku, location), sku=product.sku, location=location)
        row.on_hand = row.available = units
        row.counted, row.bin = counted, bin_ or None
        tx.put(row, StockRow.pk.does_not_exist())
        first = product.places or ((home, 1),)
        if location not in dict(first):
            self.write_places(tx, product, (*first, (location, 1)))

    def share_out(self, tx: Transaction, sku: str, changes: Mapping[Spot, tuple[int | None, int]]) -> None:
        """Move free units between shards: what gives must still have them (OutOfStock), and nobody may
        have set up the same shard (RevisionMoved)."""
        for (location, shard), (now, units) in changes.items():
            key = stock_key(sku, location, shard)
            if now is None:
                row = StockRow(key, sku=sku, location=location, on_hand=units, available=units)
                tx.put(row, StockRow.pk.does_not_exist())
            elif units:
                move = Move(sku, location, on_hand=units, shard=shard)
                tx.update(StockRow(key), written(move), allowed(move), sold_out(move))

    def write_places(self, tx: Transaction, product: Product, places: tuple[tuple[str, int], ...]) -> None:
        """Say where a product is kept, unless somebody else just did: RevisionMoved then."""
        was, now = stored(product)["places"], [list(place) for place in places]
        same = ProductRow.places == was if was else ProductRow.places.does_not_exist()
        row = ProductRow(product_key(product.sku))
        tx.update(row, [ProductRow.places.set(now)], ProductRow.pk.exists() & same)

    def queue(self, sku: str = "") -> Iterator[tuple[str, str]]:
        """(SKU, order id) of the orders that wait for units, oldest first; see `waiting`."""
        return queue(self.table, sku)

    def write_waiting(
        self, tx: Transaction, order_id: str, since: str, begin: Iterable[str], end: Iterable[str]
    ) -> None:
        write_waiting(tx, order_id, since, begin, end)

    def levels(self, skus: Iterable[str], location: str = DEFAULT_LOCATION) -> dict[str, Level]:
        found = get_many({self.table: [stock_key(sku, location) for sku in skus]})[self.table]
        return {level.sku: level for level in map(level_of, found.values())}

    def held(self, products: Iterable[Product], home: str) -> dict[str, int]:
        """How many units of each product orders and carts hold, over all its places; read one by one."""
        keys = {
            stock_key(product.sku, *spot): product.sku
            for product in products
            for spot in spots(product.places, home)
        }
        found = get_many({self.table: keys})[self.table]
        units = dict.fromkeys(keys.values(), 0)
        for key, item in found.items():
            level = level_of(item)
            units[keys[key]] += level.reserved + level.allocated
        return units

    def catalogue(self, *, limit: int, after: str = "") -> tuple[list[Product], str]:
        """One page of sellable products by SKU, and the SKU to go on after ("" at the end)."""
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "catalogue",
            "KeyConditionExpression": "catalogue_pk = :all AND catalogue_sk > :after",
            "ExpressionAttributeValues": {":all": {"S": CATALOGUE}, ":after": {"S": after or " "}},
            "Limit": limit,
        }
        answer = client().query(**request)
        products = [product_of(item) for item in answer["Items"]]
        more = "LastEvaluatedKey" in answer and bool(products)
        return products, products[-1].sku if more else ""

    def write_moves(self, tx: Transaction, moves: Iterable[Move]) -> None:
        """Add one conditional update per SKU, location and shard; moves of the same SKU are summed first."""
        for move in summed(moves):
            changes = written(move)
            if changes:
                row = StockRow(stock_key(move.sku, move.location, move.shard))
                tx.update(row, changes, allowed(move), sold_out(move))

    def write_correction(self, tx: Transaction, level: Level, delta: int, shard: int = 0) -> None:
        """Move what is on hand; RevisionMoved when it is no longer what `level` says."""
        move = Move(level.sku, level.location, on_hand=delta)
        row = StockRow(stock_key(level.sku, level.location, shard))
        condition = allowed(move) & (StockRow.on_hand == level.on_hand)

        def refusal(item: dict[str, Any] | None) -> Exception:
            same = item is not None and level_of(item).on_hand == level.on_hand
            return sold_out(move)(item) if same else RevisionMoved("the stock moved in the meantime")

        tx.update(row, written(move) or [StockRow.on_hand.add(0)], condition, refusal)
