"""What there is of a product, as staff see it: figures, the last count and the last corrections."""

import re
from typing import Any

from comanda.errors import Invalid, NotFound
from comanda.settings.sections import Stock
from comanda.stock.adjustments import AdjustmentStore
from comanda.stock.available import backorder_answer
from comanda.stock.list_stock import low_answer
from comanda.stock.model import DEFAULT_LOCATION
from comanda.stock.store import StockStore

LATEST = 20
USUAL = Stock()
MOST_MOVEMENTS = 100
POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\w-]{1,80}", re.ASCII)
FIGURES = ("on_hand", "reserved", "allocated", "available")


def stock_of(
    sku: str,
    *,
    store: StockStore,
    adjustments: AdjustmentStore,
    location: str = DEFAULT_LOCATION,
    rules: Stock = USUAL,
) -> dict[str, Any]:
    """The stock of one product, at `location` first; `locations` is empty when stock is not counted.
    `counted` is the last count of a file there, `bin` where it lies. Raises NotFound."""
    product, levels = store.shelf(sku, location)
    if product is None:
        raise NotFound(f"there is no product {sku}")
    places: dict[str, dict[str, Any]] = {}
    for (where, shard), level in levels.items():
        place = places.setdefault(where, {"location": where, "shards": 0} | dict.fromkeys(FIGURES, 0))
        if shard == 0:
            place |= {"counted": level.counted, "bin": level.bin or None}
        place["shards"] += 1
        for name in FIGURES:
            place[name] += getattr(level, name)
    return {
        "sku": sku,
        "names": product.names,
        "barcode": product.barcode,
        "tracked": product.tracked,
        "components": [{"sku": part.sku, "quantity": part.quantity} for part in product.components],
        "backorder": backorder_answer(product),
        "low_stock": low_answer(product, sum(level.available for level in levels.values()), rules),
        "locations": sorted(
            places.values(), key=lambda place: (place["location"] != location, place["location"])
        ),
        "waiting": [{"order_id": order_id} for _, order_id in store.queue(sku)],
        "adjustments": [made.told() for made in adjustments.latest(sku, LATEST)],
    }


def movements_of(sku: str, adjustments: AdjustmentStore, *, limit: int, cursor: str = "") -> dict[str, Any]:
    """`{items, next}`: every correction, count, transfer and change of shards of a product, newest first,
    with who, why, when, and the location's units before and after. Raises Invalid for a cursor that is
    none of ours."""
    if cursor and not POSITION.fullmatch(cursor):
        raise Invalid.at("/cursor", "belongs to another list; begin without a cursor")
    made, after = adjustments.page(sku, limit, cursor)
    return {"items": [one.told() for one in made], "next": after or None}
