"""The catalogue, page by page, as a storefront shows it."""

import base64
from collections.abc import Callable
from typing import Any

from comanda.errors import Malformed
from comanda.pricelists.model import Tariff
from comanda.settings.sections import Shop, Stock
from comanda.stock.available import available, backorder_answer
from comanda.stock.model import Product
from comanda.stock.store import StockStore


def list_products(
    store: StockStore,
    shop: Shop,
    settings: Stock,
    *,
    tariff_of: Callable[[list[str]], Tariff],
    locale: str,
    limit: int,
    cursor: str = "",
) -> dict[str, Any]:
    """One page by SKU, at the prices of whoever looks (`tariff_of` by SKUs): `{items, next}`.

    Raises Malformed for a cursor that is none of ours.
    """
    products, after = store.catalogue(limit=limit, after=sku_of(cursor))
    whole = store.put_together({product.sku: product for product in products})
    products = [product for product in whole.values() if product.active]
    free = store.free(products, settings.default_location)
    tariff = tariff_of([product.sku for product in products])
    items = [_item(product, available(product, free), tariff, shop.currency, locale) for product in products]
    return {"items": items, "next": cursor_after(after) if after else None}


def _item(product: Product, left: int | None, tariff: Tariff, currency: str, locale: str) -> dict[str, Any]:
    """`price` is for the smallest quantity that can be ordered."""
    rule = tariff.rule(product.sku)
    price = tariff.unit_price(product.sku, product.price, rule.smallest)
    return {
        "sku": product.sku,
        "name": product.name(locale),
        "price": {"amount": price, "currency": currency},
        "available": left,
        "backorder": backorder_answer(product),
        "image": product.image or None,
        "price_breaks": [
            {"from_quantity": start, "unit_price": {"amount": amount, "currency": currency}}
            for start, amount in tariff.breaks(product.sku, product.price)[1:]
        ],
        "units_per_box": rule.box,
        "minimum_quantity": rule.smallest,
    }


def cursor_after(sku: str) -> str:
    """The opaque cursor of a list by SKU that goes on behind this one."""
    return base64.urlsafe_b64encode(sku.encode()).decode().rstrip("=")


def sku_of(cursor: str) -> str:
    """The SKU that a list goes on behind. Raises Malformed."""
    if not cursor:
        return ""
    try:
        return base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise Malformed("this cursor is not one of ours") from error


def just_before(sku: str) -> str:
    """The catalogue goes on after a SKU: to begin with one, ask for what comes after its predecessor."""
    if not sku:
        return ""
    return sku[:-1] + (chr(ord(sku[-1]) - 1) + "\uffff" if ord(sku[-1]) > 1 else "")
