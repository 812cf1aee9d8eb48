"""Lengths of time and percentages as people write them; whole numbers behind."""

import re

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?", re.ASCII)
LENGTH = re.compile(r"([1-9]\d{0,7})\s*(s|min|h|d)", re.ASCII)
PPM = 10_000  # in one per cent


def units(base: int) -> dict[str, int]:
    """The units of a length that is kept in multiples of `base` seconds, with what each is worth."""
    return {unit: seconds // base for unit, seconds in SECONDS.items() if seconds >= base}


def split(value: int, base: int) -> tuple[int, str]:
    """A length in the largest unit that holds it exactly."""
    known = units(base)
    unit = max((unit for unit, worth in known.items() if value % worth == 0), key=lambda unit: known[unit])
    return (value // known[unit], unit) if value else (0, next(iter(known)))


def percent(value: int) -> str:
    """Millionths as per cent, without needless digits."""
    whole, rest = divmod(value, PPM)
    return f"{whole}.{rest:04d}".rstrip("0") if rest else str(whole)


def ppm(text: str) -> int:
    """Per cent as somebody typed it, in millionths. Raises ValueError, also beyond 100."""
    found = PERCENT.fullmatch(text.removesuffix("%").strip())
    value = int(found[1]) * PPM + int((found[2] or "").ljust(4, "0")) if found else -1
    if not 0 <= value <= 100 * PPM:
        raise ValueError(text)
    return value
