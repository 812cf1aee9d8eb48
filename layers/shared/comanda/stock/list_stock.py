"""The shelf as staff see it, product by product, or only what runs low; and the threshold of one product."""

from typing import Any

from comanda.dynamo.transaction import Transaction
from comanda.errors import NotFound
from comanda.settings.sections import Stock
from comanda.stock.available import available, backorder_answer
from comanda.stock.list_products import cursor_after, sku_of
from comanda.stock.low import low_skus, standing
from comanda.stock.model import Product
from comanda.stock.rows import ProductRow, product_key
from comanda.stock.store import StockStore


def list_stock(store: StockStore, rules: Stock, *, low: bool, limit: int, cursor: str = "") -> dict[str, Any]:
    """`{items, next}` by SKU. `low`: what has fallen to its threshold, noted by the stream a moment after
    it did, with its figures of now. Raises Malformed for a cursor that is none of ours."""
    after = sku_of(cursor)
    if low:
        since, last = low_skus(store.table, limit=limit, after=after)
        found = store.products(since)
    else:
        since = {}
        page, last = store.catalogue(limit=limit, after=after)
        found = {product.sku: product for product in page}
    products = store.put_together(found)
    free = store.free(products.values(), rules.default_location)
    items = [_item(products[sku], free, rules, since.get(sku)) for sku in sorted(products)]
    return {"items": items, "next": cursor_after(last) if last else None}


def list_low(store: StockStore, rules: Stock, *, limit: int, cursor: str = "") -> dict[str, Any]:
    """`list_stock` of what runs low, and of each what orders and carts hold (`held`) and how many orders
    wait for units of it (`waiting`). Raises Malformed."""
    found = list_stock(store, rules, low=True, limit=limit, cursor=cursor)
    skus = [item["sku"] for item in found["items"]]
    held = store.held(store.products(skus).values(), rules.default_location)
    beyond = [item["sku"] for item in found["items"] if item["backorder"]]
    waiting = {sku: sum(1 for _ in store.queue(sku)) for sku in beyond}  # nobody waits for the others
    items = [
        item | {"held": held.get(item["sku"], 0), "waiting": waiting.get(item["sku"], 0)}
        for item in found["items"]
    ]
    return found | {"items": items}


def set_threshold(store: StockStore, sku: str, units: int | None) -> dict[str, Any]:
    """From how many units on a product is low; None: as the shop's setting says. Raises NotFound."""
    change = ProductRow.low_stock.remove() if units is None else ProductRow.low_stock.set(units)
    tx = Transaction()
    gone = NotFound(f"there is no product {sku}")
    tx.update(ProductRow(product_key(sku)), [change], ProductRow.pk.exists(), lambda item: gone)
    tx.commit()
    return {"sku": sku, "low_stock": units}


def _item(product: Product, free: dict[str, int], rules: Stock, since: str | None) -> dict[str, Any]:
    left = available(product, free)
    return {
        "sku": product.sku,
        "names": product.names,
        "available": left,
        "backorder": backorder_answer(product),
        "low_stock": low_answer(product, left or 0, rules) | {"since": since},
    }


def low_answer(product: Product, left: int, rules: Stock) -> dict[str, Any]:
    """`{threshold, low}`; None and False where stock is not counted."""
    found = standing(product, left, rules)
    return {"threshold": found.threshold if found.counted else None, "low": found.low}
