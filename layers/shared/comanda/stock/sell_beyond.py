"""Sell a product beyond its stock, or no longer, and until when such units are promised."""

from datetime import date
from typing import Any

from comanda.dynamo.transaction import Transaction
from comanda.errors import Invalid, NotFound
from comanda.stock.rows import ProductRow, product_key
from comanda.stock.store import StockStore

PREORDER = "preorder"


def sell_beyond(store: StockStore, sku: str, kind: str, promised_at: date | None) -> dict[str, Any]:
    """`kind`: backorder, preorder, or empty to sell no more than there is.

    Orders that wait already keep the date they were promised. Raises Invalid for a preorder without a
    date or a date without a kind, NotFound.
    """
    if kind == PREORDER and promised_at is None:
        raise Invalid.at("/promised_at", "a preorder needs the date on which the product comes out")
    if not kind and promised_at is not None:
        raise Invalid.at("/promised_at", "only what is sold beyond its stock is promised for a date")
    until = promised_at.isoformat() if promised_at else ""
    changes = [
        column.set(value) if value else column.remove()
        for column, value in ((ProductRow.oversell, kind), (ProductRow.promised_at, until))
    ]
    tx = Transaction()
    gone = NotFound(f"there is no product {sku}")
    tx.update(ProductRow(product_key(sku)), changes, ProductRow.pk.exists(), lambda item: gone)
    tx.commit()
    return {"sku": sku, "backorder": {"kind": kind, "promised_at": until or None} if kind else None}
