"""How one cell of a product file is read. Each reading answers a value or a Misread that says why not."""

import re
from datetime import date

from comanda.stock.csv_numbers import PLAIN, Misread, decimal
from comanda.stock.model import Part

MOST_AMOUNT = 10**11  # minor units: a thousand million of a currency with two decimals
MOST_GRAMS = 1_000_000
MOST_UNITS = 10_000_000
MOST_NAME = 200
MOST_IMAGE = 500
MOST_PARTS = 20
YES = ("yes", "sí", "si", "x", "1", "true")
NO = ("", "no", "0", "false")
PROMISED = "yes"  # without a date
MOST_OF_A_PART = 1_000
LOST = "\N{REPLACEMENT CHARACTER}"  # what a gateway makes of bytes that are no UTF-8
PPM = 1_000_000

_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_BARCODE = re.compile(r"[\x20-\x7e]{1,64}")
_SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_WEIGHT = re.compile(r"(?P<number>[0-9][0-9., ]*)(?<! ) ?(?P<unit>[A-Za-z]*)")
_CHECKED_LENGTHS = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "GTIN-14"}


def sku(text: str) -> str:
    """1 to 64 letters, digits, points, hyphens and underscores: what is safe in an address."""
    if not text:
        raise Misread("is empty: every product needs its SKU")
    if _SCIENTIFIC.fullmatch(text):
        raise Misread("was turned into a rounded number by a spreadsheet: format the column as text")
    if not _SKU.fullmatch(text):
        raise Misread("takes up to 64 letters, digits, points, hyphens and underscores")
    return text


def barcode(text: str) -> str:
    if not text:
        return ""
    if _SCIENTIFIC.fullmatch(text):
        raise Misread("was turned into a rounded number by a spreadsheet: format the column as text")
    if not _BARCODE.fullmatch(text):
        raise Misread("takes up to 64 plain characters")
    return text


def barcode_doubt(text: str) -> str:
    """What looks wrong with a barcode of digits only; empty when nothing does."""
    if not PLAIN.fullmatch(text):
        return ""
    if len(text) not in _CHECKED_LENGTHS:
        return f"has {len(text)} digits; EAN and UPC have 8, 12, 13 or 14"
    expected = check_digit(text[:-1])
    if text[-1] != str(expected):
        return f"the check digit of this {_CHECKED_LENGTHS[len(text)]} should be {expected}"
    return ""


def check_digit(digits: str) -> int:
    """The GS1 check digit that belongs behind `digits`: weights 3 and 1 from the right."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -weighted % 10


def name(text: str) -> str:
    if len(text) > MOST_NAME:
        raise Misread(f"has {len(text)} characters, at most {MOST_NAME} are kept")
    if not text.isprintable():
        raise Misread("contains a line break or another invisible character")
    if LOST in text:
        raise Misread("has lost a character on its way; save the sheet as CSV (UTF-8)")
    return text


def price(text: str, digits: int) -> int:
    """A price in minor units, with a decimal point or comma, thousands set apart or not, `$` or not."""
    if not text:
        raise Misread("is empty: write 0 for something that is free")
    bare = re.sub(r"^(MXN|\$)\s*|\s*(MXN|\$)$", "", text, flags=re.IGNORECASE)
    amount = decimal(bare, digits)
    if amount > MOST_AMOUNT:
        raise Misread("is too large")
    return amount


def tax(text: str) -> int:
    """A percentage in millionths: `16`, `16%` and `16.0` are sixteen per cent.

    A bare number between 0 and 1 is refused: whoever writes 0.16 means sixteen per cent, and
    whoever wants less than one per cent can say so with the sign.
    """
    if not text:
        raise Misread("is empty: write 0 for something without tax")
    bare = text.removesuffix("%").strip()
    ppm = decimal(bare, 4)
    if ppm > PPM:
        raise Misread("is more than 100 %")
    if 0 < ppm < 10_000 and bare == text:
        raise Misread("is a percentage: write 16 for sixteen per cent, or 0.5% for half of one")
    return ppm


def weight(text: str) -> int:
    """Grams: `250`, `250 g`, `1.2 kg`. Empty is 0, unknown."""
    if not text:
        return 0
    found = _WEIGHT.fullmatch(text)
    unit = found["unit"].lower() if found else ""
    if not found or unit not in ("", "g", "kg"):
        raise Misread("takes grams (250 or 250 g) or kilograms (1.2 kg)")
    grams = _kilograms(found["number"]) if unit == "kg" else _grams(found["number"])
    if grams > MOST_GRAMS:
        raise Misread("is more than 1,000 kg")
    return grams


def _kilograms(number: str) -> int:
    whole, _, fraction = number.replace(",", ".").partition(".")
    if not PLAIN.fullmatch(whole) or not re.fullmatch(r"[0-9]{0,3}", fraction):
        raise Misread("takes kilograms with up to three decimals, such as 1.2 kg")
    return int(whole) * 1000 + int(fraction.ljust(3, "0"))


def _grams(number: str) -> int:
    try:
        return decimal(number, 0)
    except Misread as error:
        raise Misread("takes whole grams; for kilograms write the unit, such as 1.2 kg") from error


def stock(text: str) -> int | None:
    """Whole units; empty means that stock of this product is not counted."""
    if not text:
        return None
    if not PLAIN.fullmatch(text):
        raise Misread("takes whole units such as 25, or nothing when stock is not counted")
    if int(text) > MOST_UNITS:
        raise Misread(f"is more than {MOST_UNITS}")
    return int(text)


def components(text: str) -> tuple[Part, ...]:
    """What a bundle is made of: `CAFE-1:2|TAZA-1`. Empty: the product is no bundle."""
    if not text:
        return ()
    parts = []
    for one in text.split("|"):
        name, _, units = one.partition(":")
        count = units.strip() or "1"
        if not PLAIN.fullmatch(count) or not 1 <= int(count) <= MOST_OF_A_PART:
            raise Misread(f"takes SKU:units, from 1 to {MOST_OF_A_PART} units, such as CAFE-1:2|TAZA-1:1")
        parts.append(Part(sku(name.strip()), int(count)))
    if len({part.sku for part in parts}) < len(parts):
        raise Misread("names the same SKU twice: write it once with its units")
    if len(parts) > MOST_PARTS:
        raise Misread(f"has more than {MOST_PARTS} components")
    return tuple(parts)


def promise(text: str) -> str:
    """Whether more is sold than there is: empty or `no`, `yes`, or the date by which it is promised."""
    word = text.casefold()
    if word in NO:
        return ""
    if word in YES:
        return PROMISED
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Misread("takes yes, no, or a date such as 2026-12-24") from error


def on_sale(text: str) -> bool | None:
    """Whether the product is offered; an empty cell leaves that as it is."""
    word = text.casefold()
    if word in (*YES, *NO):
        return word in YES if word else None
    raise Misread("takes yes or no")


def image(text: str) -> str:
    """An https address, or a relative path beside the shop's pages."""
    if len(text) > MOST_IMAGE or not text.isprintable():
        raise Misread(f"takes an address of at most {MOST_IMAGE} characters")
    relative = re.fullmatch(r"[\w.-]+(/[\w.-]+)*", text) is not None and ".." not in text
    if text and not relative and not re.fullmatch(r"https://[^\s\"'<>]+", text):
        raise Misread("takes an address that begins with https://, or a path such as images/mug.svg")
    return text
