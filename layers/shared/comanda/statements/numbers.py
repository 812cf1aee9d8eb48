"""Amounts and check digits as banks write them. Pure."""

import re

from comanda.money import exponent
from comanda.statements.damaged import damaged
from comanda.statements.model import MOST_AMOUNT

DECIMAL = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,18})(\.(?P<fraction>\d{1,9}))?", re.ASCII)
CHECKS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)  # weights of the digits of a Spanish account number


def minor_units(text: str, currency: str) -> int:
    """A decimal number with a point as minor units, with its sign. Raises Invalid."""
    found = DECIMAL.fullmatch(text.strip())
    digits = exponent(currency)
    fraction = (found["fraction"] or "") if found else ""
    if found is None or fraction[digits:].strip("0"):
        raise damaged(f"{text[:40]!r} is no amount in {currency}")
    amount = int(found["whole"] + fraction[:digits].ljust(digits, "0"))
    if amount > MOST_AMOUNT:
        raise damaged(f"{text[:40]!r} is no amount in {currency}")
    return -amount if found["sign"] == "-" else amount


def spanish_iban(bank: str, branch: str, account: str) -> str:
    """The IBAN of a Spanish account from the parts that old formats tell: 4, 4 and 10 digits."""
    checks = _check(f"00{bank}{branch}") + _check(account)
    bban = f"{bank}{branch}{checks}{account}"
    return f"ES{98 - int(f'{bban}142800') % 97:02d}{bban}"


def _check(digits: str) -> str:
    left = 11 - sum(weight * int(digit) for weight, digit in zip(CHECKS, digits, strict=True)) % 11
    return {10: "1", 11: "0"}.get(left, str(left))
