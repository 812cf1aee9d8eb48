"""How many of a product can be bought now."""

from collections.abc import Mapping

from comanda.stock.model import Product


def available(product: Product, free: Mapping[str, int]) -> int | None:
    """None when stock is not counted; what is counted and has no figure is sold out.

    `free`: units by SKU. Of a bundle there are as many as its scarcest component allows.
    """
    if not product.tracked:
        return None
    if product.components:
        counted = [part for part in product.components if part.tracked]
        return min(max(free.get(part.sku, 0), 0) // part.quantity for part in counted)
    return max(free.get(product.sku, 0), 0)


def backorder_answer(product: Product) -> dict[str, str | None] | None:
    """How customers are told that more is sold than there is; None when it is not."""
    if not product.oversell:
        return None
    return {"kind": product.oversell, "promised_at": product.promised_at or None}
