"""Staff's filter by the day for which what is still to ship was promised. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from re import fullmatch
from typing import ClassVar

KEY = "promised"
KNOWN = frozenset({"any", "overdue"})
DAYS = ("promised_from", "promised_to")
FIRST, LAST = "", "9"  # sort before and behind every day


@dataclass(frozen=True, slots=True)
class Promised:
    """Orders whose last promised day lies between two days of the shop, ends included."""

    key: ClassVar[str] = KEY
    start: str = FIRST
    end: str = LAST
    negated: bool = False

    def fits(self, traits: Mapping[str, frozenset[str]]) -> bool:
        """What a row of an earlier writer does not tell stands against none: its order is read again."""
        days = traits.get(KEY)
        if days is None:
            return True
        return any(self.start <= day[:10] <= self.end for day in days) != self.negated


def promised(name: str, values: Sequence[str], now: datetime) -> Promised:
    """What a parameter asks for; `now` is the shop's clock. Raises ValueError with what it may be."""
    if name in DAYS:
        if len(values) != 1:
            raise ValueError("once")
        day = _day(values[0].strip(), now.date())
        return Promised(start=day) if name == DAYS[0] else Promised(end=day)
    wanted = frozenset(value.lower() for value in values)
    if not wanted or wanted - KNOWN:
        raise ValueError(f"one or several of: {', '.join(sorted(KNOWN))}")
    yesterday = (now.date() - timedelta(days=1)).isoformat()
    return Promised(end=LAST if "any" in wanted else yesterday, negated=name != KEY)


def _day(text: str, today: date) -> str:
    """A day as it is written, or counted from today: `today`, `-3d`, `7d`."""
    days = fullmatch(r"([-+]?)(\d{1,4})d", text)
    if text == "today" or days:
        count = int(days[2]) if days else 0
        return (today + timedelta(days=-count if days and days[1] == "-" else count)).isoformat()
    if not fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError("a day is written 2026-11-21, today, -3d or 7d")
    return date.fromisoformat(text).isoformat()
