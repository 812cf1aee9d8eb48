"""Products and their counts as an import reads and writes them: both of a product in one transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.batch import get_many
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Refusal, RevisionMoved, Transaction
from comanda.errors import OutOfStock
from comanda.stock.import_plan import Change, Standing
from comanda.stock.model import Product
from comanda.stock.rows import (
    ProductRow,
    StockRow,
    level_of,
    product_key,
    product_of,
    product_row,
    stock_key,
    stored,
)
from comanda.stock.store import StockStore

PAGE = 500


class ImportRow(Row):
    """`IMPORT#<id>`: who imported which file when; one that never ended still says `writing`."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    state = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    rows = NumberAttribute()
    schema = NumberAttribute(default=1)


def note_import(store: StockStore, import_id: str, *, state: str, at: str, actor: str, rows: int) -> None:
    """Keep who changed the catalogue, beside the products."""
    ImportRow.bind(store.table)
    ImportRow.write(ImportRow(f"IMPORT#{import_id}", state=state, at=at, actor=actor, rows=rows))


def standings(store: StockStore, skus: Sequence[str], location: str) -> dict[str, Standing]:
    """What is stored of each SKU now, read consistently."""
    keys = [key for sku in skus for key in (product_key(sku), stock_key(sku, location))]
    found = get_many({store.table: keys})[store.table]
    return {sku: _standing(found.get(product_key(sku)), found.get(stock_key(sku, location))) for sku in skus}


def barcodes(store: StockStore) -> dict[str, str]:
    """Which SKU has each barcode of the catalogue."""
    found: dict[str, str] = {}
    after = ""
    while True:
        products, after = store.catalogue(limit=PAGE, after=after)
        found |= {product.barcode: product.sku for product in products if product.barcode}
        if not after:
            return found


def write(changes: Iterable[Change], location: str, import_id: str) -> None:
    """Write some products with their stock as one transaction.

    Raises RevisionMoved when one of them is no longer as it was read, OutOfStock when an order has
    taken units that a count takes away, and Busy. Nothing is written then.
    """
    tx = Transaction()
    for change in changes:
        _write_product(tx, change, import_id)
        _write_stock(tx, change, location)
    tx.commit()


def _standing(product: dict[str, Any] | None, stock: dict[str, Any] | None) -> Standing:
    counted = StockRow.from_raw_data(stock).counted if stock else None
    return Standing(
        product_of(product) if product else None,
        level_of(stock) if stock else None,
        None if counted is None else int(counted),
    )


def _write_product(tx: Transaction, change: Change, import_id: str) -> None:
    """A new product is put, a known one gets only what differs: nobody else's change is overwritten."""
    product, before = change.product, change.before.product
    if before is None:
        row = product_row(product)
        row.import_id = import_id
        tx.put(row, ProductRow.pk.does_not_exist())
        return
    changed = [name for name in Product.__slots__ if getattr(product, name) != getattr(before, name)]
    if changed:
        values = stored(product)
        actions = [_set(getattr(ProductRow, name), values[name]) for name in changed]
        actions += _listed(product) if "active" in changed else []
        actions.append(ProductRow.import_id.set(import_id))
        tx.update(ProductRow(product_key(product.sku)), actions, ProductRow.pk.exists())


def _listed(product: Product) -> list[Any]:
    """Put it into the catalogue's index, or take it out: only what is sold is there."""
    place = product_row(product)
    columns = ("catalogue_pk", "catalogue_sk")
    return [_set(getattr(ProductRow, name), getattr(place, name)) for name in columns]


def _set(column: Any, value: Any) -> Any:
    return column.remove() if value is None else column.set(value)


def _write_stock(tx: Transaction, change: Change, location: str) -> None:
    if change.delta is None:
        return
    sku, level = change.product.sku, change.before.level
    row = StockRow(stock_key(sku, location))
    if level is None:
        row.sku, row.location, row.counted = sku, location, change.count
        row.on_hand = row.available = change.delta
        tx.put(row, StockRow.pk.does_not_exist())
        return
    condition = StockRow.pk.exists() & _last_count_is(change)
    if change.delta < 0:
        condition &= StockRow.available >= -change.delta
    counted = StockRow.counted.remove() if change.count is None else StockRow.counted.set(change.count)
    moves = [StockRow.on_hand.add(change.delta), StockRow.available.add(change.delta)] if change.delta else []
    tx.update(row, [counted, *moves], condition, _refusal(change))


def _last_count_is(change: Change) -> Any:
    """The figure that the difference was taken from: the last count, or what was on hand before the first."""
    counted, level = change.before.counted, change.before.level
    if counted is not None:
        return StockRow.counted == counted
    return StockRow.counted.does_not_exist() & (StockRow.on_hand == (level.on_hand if level else 0))


def _refusal(change: Change) -> Refusal:
    """Another count came in between (read again), or an order took the units."""

    def refusal(item: dict[str, Any] | None) -> Exception:
        counted = StockRow.from_raw_data(item).counted if item else None
        if item is None or counted != change.before.counted:
            return RevisionMoved("the stock was counted again in the meantime")
        level = level_of(item)
        wanted = -(change.delta or 0)
        if level.available >= wanted:
            return RevisionMoved("the stock was adjusted in the meantime")
        line = {"sku": level.sku, "requested": wanted, "available": level.available}
        return OutOfStock(f"{level.sku}: {wanted} to take away, {level.available} free", lines=[line])

    return refusal
