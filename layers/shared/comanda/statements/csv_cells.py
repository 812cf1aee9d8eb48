"""How days and amounts of a bank's CSV file are read: each file keeps to one way of writing them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from comanda.money import exponent
from comanda.statements.model import MOST_AMOUNT

MONTHS = {
    name: number
    for names in (
        "ene feb mar abr may jun jul ago sep oct nov dic",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
}
_NUMERIC = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[/.\- ]+(?:de )?([a-záéíóú]{3,12})\.?[/.\- ]+(?:de )?(\d{4}|\d{2})")
_SIGNS = re.compile(r"[\s$€£]|eur|mxn|usd|m\.n\.")
_GROUPS = re.compile(r"\d{1,3}([.,' ]\d{3})+")


class Misread(Exception):
    """A cell that cannot be taken; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How this file writes: the decimal mark (empty: never seen), and whether the month comes first."""

    mark: str
    month_first: bool = False


def ways_of(amounts: Iterable[str], days: Iterable[str]) -> Ways:
    """Raises Misread where the cells contradict each other."""
    marks = {mark for cell in amounts if (mark := _decimal_mark(cell))}
    if len(marks) > 1:
        raise Misread("some amounts have a decimal comma and some a decimal point")
    found = [match for cell in days if (match := _NUMERIC.match(cell.strip())) and len(match[1]) <= 2]
    day_first = any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[2]) > 12 for match in found)
    if day_first and month_first:
        raise Misread("some days begin with the day and some with the month")
    return Ways(next(iter(marks), ""), month_first)


def _decimal_mark(cell: str) -> str:
    """The decimal mark, where the cell leaves no doubt."""
    bare = re.sub(r"[^\d.,]", "", cell)
    used = [sign for sign in bare if sign in ".,"]
    if not used:
        return ""
    if len(set(used)) == 2:
        return used[-1]
    behind = len(bare) - bare.rindex(used[-1]) - 1
    return used[-1] if len(used) == 1 and behind != 3 else ""


def amount(cell: str, ways: Ways, currency: str) -> int:
    """Minor units with their sign: `-1.234,56`, `1,234.56-`, `(12.50)`, `+7 €`. Raises Misread."""
    bare = _SIGNS.sub("", cell.casefold().replace("\u2212", "-"))
    negative = bare.startswith(("-", "(")) or bare.endswith("-")
    digits = bare.strip("+-()")
    whole, fraction = _parted(digits, ways.mark)
    if ways.mark == "" and re.search(r"[.,]", digits):
        raise Misread(f"{cell.strip()[:40]!r} could have decimals or not: write all amounts with them")
    if not whole.isascii() or not whole.isdigit() or not (fraction.isdigit() or not fraction):
        raise Misread(f"{cell.strip()[:40]!r} is no amount")
    kept = exponent(currency)
    found = int(whole + fraction[:kept].ljust(kept, "0"))
    if fraction[kept:].strip("0") or found > MOST_AMOUNT:
        raise Misread(f"{cell.strip()[:40]!r} is no amount")
    return -found if negative else found


def _parted(digits: str, mark: str) -> tuple[str, str]:
    whole, _, fraction = digits.rpartition(mark) if mark and mark in digits else (digits, "", "")
    if _GROUPS.fullmatch(whole):
        whole = re.sub(r"[.,' ]", "", whole)
    return whole, fraction


def day(cell: str, ways: Ways) -> str:
    """2026-11-21, from any usual way to write it, with a time behind it or not. Raises Misread."""
    bare = cell.strip().casefold()
    numeric, named = _NUMERIC.match(bare), _NAMED.match(bare)
    try:
        if numeric and len(numeric[1]) == 4:
            return date(int(numeric[1]), int(numeric[2]), int(numeric[3])).isoformat()
        if numeric and len(numeric[1]) <= 2:
            first, second = int(numeric[1]), int(numeric[2])
            number, month = (second, first) if ways.month_first else (first, second)
            return date(_year(numeric[3]), month, number).isoformat()
        if named and named[2][:3] in MONTHS:
            return date(_year(named[3]), MONTHS[named[2][:3]], int(named[1])).isoformat()
    except ValueError as error:
        raise Misread(f"{cell.strip()[:40]!r} is no day") from error
    raise Misread(f"{cell.strip()[:40]!r} is no day")


def _year(text: str) -> int:
    if len(text) not in (2, 4):
        raise ValueError(text)
    return int(text) + (2000 if len(text) == 2 else 0)
