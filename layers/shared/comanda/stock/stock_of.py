"""What there is of a product, as staff see it: figures, the last count and the last corrections."""

from typing import Any

from comanda.errors import NotFound
from comanda.stock.adjustments import AdjustmentStore
from comanda.stock.import_store import standings
from comanda.stock.model import DEFAULT_LOCATION
from comanda.stock.store import StockStore

LATEST = 20


def stock_of(
    sku: str, *, store: StockStore, adjustments: AdjustmentStore, location: str = DEFAULT_LOCATION
) -> dict[str, Any]:
    """The stock of one product. `locations` is empty when stock is not counted. Raises NotFound."""
    standing = standings(store, [sku], location)[sku]
    product, level = standing.product, standing.level
    if product is None:
        raise NotFound(f"there is no product {sku}")
    figures = ("on_hand", "reserved", "allocated", "available")
    here = {"location": location, "counted": standing.counted}
    return {
        "sku": sku,
        "names": product.names,
        "barcode": product.barcode,
        "tracked": product.tracked,
        "locations": [here | {name: getattr(level, name) for name in figures}] if level else [],
        "adjustments": [made.to_dict() for made in adjustments.latest(sku, LATEST)],
    }
