"""Whether a scanned code is an article's: its SKU, or its barcode in any length of GTIN. Pure."""

from collections.abc import Iterable

GTIN = (8, 12, 13, 14)  # digits of a GTIN-8, UPC-A, EAN-13, GTIN-14


def normal(code: str) -> str:
    """A code as it is compared. A GTIN is filled up to fourteen digits, so that a UPC-A and the same as an
    EAN-13 or a GTIN-14 are one (GS1 General Specifications, section 3: shorter ones are the longer ones
    with leading zeros). Anything else is compared as a text, whatever its case."""
    text = code.strip()
    if text.isascii() and text.isdigit() and len(text) in GTIN:
        return text.zfill(14)
    return text.casefold()


def fits(code: str, codes: Iterable[str]) -> bool:
    return normal(code) in {normal(one) for one in codes if one}
