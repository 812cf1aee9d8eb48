"""Days of six digits: the norm says year, month, day, and some banks write them the other way round. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Years:
    """How days are written; `first`: the year comes first."""

    first: bool

    def day(self, text: str) -> str:
        """2026-11-21. Raises ValueError for what is no day."""
        return self.read(text).isoformat()

    def read(self, text: str) -> date:
        if len(text) != 6 or not (text.isascii() and text.isdigit()):
            raise ValueError(f"{text!r} is no day")
        a, b, c = (int(text[place : place + 2]) for place in (0, 2, 4))
        return date(2000 + a, b, c) if self.first else date(2000 + c, b, a)


def years_of(spans: Sequence[tuple[str, str]], days: Iterable[str], today: date) -> Years | None:
    """The way in which all days are days; of both the one whose periods are shorter, then the one that
    ended nearest to `today`, then the norm's. None when neither reads the file."""
    days = list(days)
    readings = [years for years in (Years(first=True), Years(first=False)) if _reads(years, spans, days)]
    return min(readings, key=lambda years: _strangeness(years, spans, today), default=None)


def _reads(years: Years, spans: Sequence[tuple[str, str]], days: list[str]) -> bool:
    try:
        for day in days:
            years.read(day)
        return all(years.read(first) <= years.read(last) for first, last in spans)
    except ValueError:
        return False


def _strangeness(years: Years, spans: Sequence[tuple[str, str]], today: date) -> tuple[int, int]:
    lengths = [(years.read(last) - years.read(first)).days for first, last in spans]
    away = [abs((today - years.read(last)).days) for _, last in spans]
    return max(lengths, default=0), max(away, default=0)
