"""The figures of days, at a price that does not grow with the shop: days that are over are added up once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from comanda.figures.model import Sums
from comanda.figures.store import FigureStore

REST = timedelta(hours=1)  # how long a day has to be over before its sum is kept: clocks differ
MOST_UNITS = 150.0  # that one page spends on adding up


@dataclass(frozen=True, slots=True)
class Days:
    """Sums by UTC day. `missing` are those that were left to the next page."""

    sums: dict[str, Sums]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    store: FigureStore

    def read(self, days: Iterable[str], now: datetime) -> Days:
        """The sums of these days. Newest first they are added up until that has cost 150 units; the others
        come with the next reading."""
        wanted = sorted(set(days), reverse=True)
        over = (now - REST).date().isoformat()
        found = self.store.sums(day for day in wanted if day < over)
        spent, missing = 0.0, []
        for day in wanted:
            if day in found:
                continue
            if spent > MOST_UNITS:
                missing.append(day)
                continue
            found[day], units = self.store.close(day) if day < over else self.store.add_up(day)
            spent += units
        return Days(found, tuple(missing))
