"""Bundles: sold as one product, kept as several. Their stock is that of what they are made of. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from comanda.stock.model import Part, Product


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
    components = tuple(_informed(part, parts[part.sku]) for part in product.components)
    return replace(product, components=components, tracked=any(part.tracked for part in components))


def _informed(part: Part, product: Product) -> Part:
    return replace(part, tracked=product.tracked, places=product.places, oversell=product.oversell)


def taken_by(product: Product) -> tuple[tuple[str, int], ...]:
    """The SKUs whose stock a sale of one unit takes, with how many of each."""
    if product.components:
        return tuple((part.sku, part.quantity) for part in product.components if part.tracked)
    return ((product.sku, 1),) if product.tracked else ()


def stock_skus(product: Product) -> tuple[str, ...]:
    """The SKUs whose stock a sale of the product takes."""
    if product.components:
        return tuple(part.sku for part in product.components if part.tracked)
    return (product.sku,) if product.tracked else ()


def kept_at(product: Product) -> dict[str, tuple[tuple[str, int], ...]]:
    """The places of each SKU whose stock a sale of the product takes."""
    if product.components:
        return {part.sku: part.places for part in product.components if part.tracked}
    return {product.sku: product.places} if product.tracked else {}


def oversold(product: Product, free: Mapping[str, int], units: int) -> bool:
    """Whether so many may be sold though stock is short: all that is short is sold beyond its stock."""
    if not product.components:
        return bool(product.oversell)
    short = [p for p in product.components if p.tracked and free.get(p.sku, 0) < units * p.quantity]
    return all(part.oversell for part in short)
