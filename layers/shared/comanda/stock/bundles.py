"""Bundles: sold as one product, kept as several. Their stock is that of what they are made of. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from comanda.stock.model import Product


def parts_of(products: Iterable[Product]) -> set[str]:
    """The SKUs that these products are made of."""
    return {part.sku for product in products for part in product.components}


def put_together(product: Product, parts: Mapping[str, Product]) -> Product:
    """A bundle that knows which of its components are counted; any other product as it is.

    What is made of something unknown, or of another bundle, cannot be sold.
    """
    if not product.components:
        return product
    found = [parts.get(part.sku) for part in product.components]
    if any(one is None or one.components for one in found):
        return replace(product, active=False)
    components = tuple(replace(part, tracked=parts[part.sku].tracked) for part in product.components)
    return replace(product, components=components, tracked=any(part.tracked for part in components))


def stock_skus(product: Product) -> tuple[str, ...]:
    """The SKUs whose stock a sale of the product takes."""
    if product.components:
        return tuple(part.sku for part in product.components if part.tracked)
    return (product.sku,) if product.tracked else ()
