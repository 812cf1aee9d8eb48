"""What there is of a product, as staff see it: figures, the last count and the last corrections."""

from typing import Any

from comanda.errors import NotFound
from comanda.stock.adjustments import AdjustmentStore
from comanda.stock.available import backorder_answer
from comanda.stock.import_store import standings
from comanda.stock.model import DEFAULT_LOCATION
from comanda.stock.store import StockStore

LATEST = 20
FIGURES = ("on_hand", "reserved", "allocated", "available")


def stock_of(
    sku: str, *, store: StockStore, adjustments: AdjustmentStore, location: str = DEFAULT_LOCATION
) -> dict[str, Any]:
    """The stock of one product, at `location` first; `locations` is empty when stock is not counted.
    `counted` is the last count of a product file. Raises NotFound."""
    counted = standings(store, [sku], location)[sku].counted
    product, levels = store.shelf(sku, location)
    if product is None:
        raise NotFound(f"there is no product {sku}")
    places: dict[str, dict[str, Any]] = {}
    for (where, _), level in levels.items():
        place = places.setdefault(where, {"location": where, "shards": 0} | dict.fromkeys(FIGURES, 0))
        place["shards"] += 1
        for name in FIGURES:
            place[name] += getattr(level, name)
    if location in places:
        places[location]["counted"] = counted
    return {
        "sku": sku,
        "names": product.names,
        "barcode": product.barcode,
        "tracked": product.tracked,
        "components": [{"sku": part.sku, "quantity": part.quantity} for part in product.components],
        "backorder": backorder_answer(product),
        "locations": sorted(
            places.values(), key=lambda place: (place["location"] != location, place["location"])
        ),
        "waiting": [{"order_id": order_id} for _, order_id in store.queue(sku)],
        "adjustments": [made.to_dict() for made in adjustments.latest(sku, LATEST)],
    }
