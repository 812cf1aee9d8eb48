"""The words under which a product is found: names in every language, SKU, barcode. Pure."""

from comanda.search.words import NO_WORDS, Words, contact_words, plain_text, whole_and_parts
from comanda.stock.model import Product

SHORT_GTIN, LONG_GTIN = 12, 13  # digits: UPC-A, and the same as an EAN-13


def product_words(product: Product | None) -> Words:
    """What a product is found by; nothing for one that is not on sale."""
    if product is None or not product.active:
        return NO_WORDS
    said = whole_and_parts(product.sku)
    for name in product.names.values():
        said |= whole_and_parts(name)
    barcode = {plain_text(product.barcode)} if product.barcode else set()
    return contact_words({}, (), said | barcode, frozenset())


def spellings(code: str) -> tuple[str, ...]:
    """How a scanned code may be written in the catalogue: as read, and a UPC with or without the zero
    that makes an EAN of it."""
    text = code.strip()
    if text.isascii() and text.isdigit():
        if len(text) == SHORT_GTIN:
            return text, f"0{text}"
        if len(text) == LONG_GTIN and text.startswith("0"):
            return text, text[1:]
    return (text,)
