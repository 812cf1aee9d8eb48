"""Amounts as people type them into a form."""

import re

from comanda.money import exponent

GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,15}", re.ASCII)


def minor_units(text: str, currency: str) -> int:
    """An amount as people write it (`1,234.50`, `1.234,50`, `1234`) in minor units. Raises ValueError.

    A last group of fewer than three digits is the decimals; of exactly three it is thousands, unless the
    currency has three decimals. No currency has more.
    """
    digits = exponent(currency)
    plain = re.sub(r"[\s\u00a0\u202f$€]", "", text).removesuffix(currency)
    whole, mark, rest = plain, "", ""
    found = re.fullmatch(r"(.*)([.,])(\d{1,3})", plain, re.ASCII)
    if found and len(found[3]) <= digits and (len(found[3]) < 3 or digits == 3):
        whole, mark, rest = found[1], found[2], found[3]
    separators = set(re.findall(r"[.,]", whole))
    if not GROUPED.fullmatch(whole) or len(separators) > 1 or mark in separators:
        raise ValueError(text)
    unit: int = 10**digits
    return int(re.sub(r"[.,]", "", whole)) * unit + int(rest.ljust(digits, "0") or 0)
