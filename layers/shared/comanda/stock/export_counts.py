"""The stock file as it stands: its import takes it back and changes nothing."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comanda.dynamo.batch import get_many
from comanda.stock.count_lines import COLUMNS, FIGURES, MOST_LINES, guarded
from comanda.stock.list_products import just_before
from comanda.stock.model import Level, Product
from comanda.stock.places import spots
from comanda.stock.rows import level_of, stock_key
from comanda.stock.store import StockStore

AT_ONCE = 500  # products read together


@dataclass(frozen=True, slots=True)
class StockFile:
    """`next_sku`: where the next file begins, when not all went into this one."""

    content: bytes
    lines: int
    next_sku: str = ""


def export_counts(
    store: StockStore, home: str, *, first: str = "", most: int = MOST_LINES - 1, locale: str = "es"
) -> StockFile:
    """Every product on sale whose stock is counted, from the SKU `first` on: one line for each location.

    `stock` is what a stock file said last of this place, empty where none did, since that is what the next
    one is held against; what lies there now stands behind it, to be read. A product's lines are not torn.
    """
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow((*COLUMNS, *FIGURES))
    written = 0
    for product, levels in _products(store, home, first):
        lines = [_line(product, level, locale) for level in levels]
        if written + len(lines) > most:
            return StockFile(_bytes(out), written, product.sku)
        sheet.writerows(lines)
        written += len(lines)
    return StockFile(_bytes(out), written)


def _products(store: StockStore, home: str, first: str) -> Iterator[tuple[Product, list[Level]]]:
    """Products with what lies at each of their locations, all shards of one summed up."""
    after = just_before(first)
    while True:
        found, after = store.catalogue(limit=AT_ONCE, after=after)
        counted = [product for product in found if product.tracked and not product.components]
        keys = [stock_key(one.sku, *spot) for one in counted for spot in spots(one.places, home)]
        items = get_many({store.table: keys})[store.table] if keys else {}
        yield from ((product, _levels(product, home, items)) for product in counted)
        if not after:
            return


def _levels(product: Product, home: str, items: dict[str, Any]) -> list[Level]:
    """One per location; the first shard knows the last count and the bin."""
    together: dict[str, Level] = {}
    for location, shard in spots(product.places, home):
        item = items.get(stock_key(product.sku, location, shard))
        if item is None:
            continue
        level = level_of(item)
        before = together.get(location)
        together[location] = _sum(before, level) if before else level
    return list(together.values())


def _sum(one: Level, other: Level) -> Level:
    sums = {name: getattr(one, name) + getattr(other, name) for name in FIGURES if name != "name"}
    return Level(one.sku, one.location, **sums, counted=one.counted, bin=one.bin)


def _line(product: Product, level: Level, locale: str) -> tuple[object, ...]:
    last = "" if level.counted is None else level.counted
    figures = (level.on_hand, level.reserved, level.allocated, level.available)
    return (level.sku, level.location, last, guarded(level.bin), guarded(product.name(locale)), *figures)


def _bytes(out: io.StringIO) -> bytes:
    """With a mark, without which some spreadsheets do not read it as UTF-8."""
    return "\ufeff".encode() + out.getvalue().encode()
