"""How a number in a file is read, whichever way its decimals and thousands are marked."""

import re

PLAIN = re.compile(r"[0-9]+")
_GROUPED = r"[1-9][0-9]{{0,2}}({mark}[0-9]{{3}})+"


class Misread(Exception):
    """The cell cannot be taken as it is; the text says what is wrong and what to write instead."""


def decimal(text: str, digits: int) -> int:
    """`text` as a whole number of its smallest unit, with at most `digits` decimals.

    With both separators the last one is the decimal one. One separator followed by exactly three
    digits could be either and is refused, unless decimals are impossible here.
    """
    whole, fraction = _parts(text, digits)
    kept, rest = fraction[:digits], fraction[digits:]
    if rest.strip("0"):
        raise Misread(f"has more than {digits} decimals" if digits else "takes a whole number")
    return int(whole + kept.ljust(digits, "0"))


def _parts(text: str, digits: int) -> tuple[str, str]:
    """The digits before and after the decimal separator."""
    decimal_mark = _decimal_mark(text, digits)
    whole, _, fraction = text.rpartition(decimal_mark) if decimal_mark else (text, "", "")
    if decimal_mark and not PLAIN.fullmatch(fraction):
        raise Misread(f"{_shown(text)} is not a number")
    for thousands in ({",", ".", " "} - {decimal_mark}) & set(whole):
        if not re.fullmatch(_GROUPED.format(mark=re.escape(thousands)), whole):
            raise Misread(f"{_shown(text)} is not a number")
        whole = whole.replace(thousands, "")
    if not re.fullmatch(r"[0-9]{1,15}", whole):
        raise Misread(f"{_shown(text)} is not a number")
    return whole, fraction


def _decimal_mark(text: str, digits: int) -> str:
    marks = [mark for mark in text if mark in ",."]
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return ""
    if len(marks) > 1:
        return marks[-1]
    if digits == 3 or not re.fullmatch(_GROUPED.format(mark="[.,]"), text):
        return marks[0]
    if digits == 0:
        return ""
    plain = text.replace(marks[0], "")
    raise Misread(f"could be {plain} or have decimals: write {plain} or {text[:-1]}")


def _shown(text: str) -> str:
    return repr(text) if len(text) <= 40 else repr(text[:40] + "…")
