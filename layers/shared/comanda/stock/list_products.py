"""The catalogue, page by page, as a storefront shows it."""

import base64
from typing import Any

from comanda.errors import Malformed
from comanda.settings.sections import Shop, Stock
from comanda.stock.available import available
from comanda.stock.store import StockStore


def list_products(
    store: StockStore, shop: Shop, settings: Stock, *, locale: str, limit: int, cursor: str = ""
) -> dict[str, Any]:
    """One page by SKU: `{items, next}`. Raises Malformed for a cursor that is none of ours."""
    products, after = store.catalogue(limit=limit, after=_sku_of(cursor))
    whole = store.put_together({product.sku: product for product in products})
    products = [product for product in whole.values() if product.active]
    free = store.free(products, settings.default_location)
    items = [
        {
            "sku": product.sku,
            "name": product.name(locale),
            "price": {"amount": product.price, "currency": shop.currency},
            "available": available(product, free),
            "image": product.image or None,
        }
        for product in products
    ]
    return {"items": items, "next": _cursor(after) if after else None}


def _cursor(sku: str) -> str:
    return base64.urlsafe_b64encode(sku.encode()).decode().rstrip("=")


def _sku_of(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        return base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise Malformed("this cursor is not one of ours") from error
