"""How many of a product can be bought now."""

from comanda.stock.model import Level, Product


def available(product: Product, level: Level | None) -> int | None:
    """None when stock is not counted; a product that is counted and has no figure is sold out."""
    if not product.tracked:
        return None
    return max(level.available, 0) if level else 0
