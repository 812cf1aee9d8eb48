"""Open incidents of every kind, from a bounded number of reads: what is wrong now and waits for somebody.

Each kind is looked at by itself; one that cannot be looked at says so and hides none of the others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from comanda.runtime.observe import logger

KINDS = (
    "executions",
    "jobs",
    "dead_letters",
    "exports",
    "effects",
    "notices",
    "bounces",
    "pauses",
)
MOST_SHOWN = 10  # of each kind
FRESH = timedelta(seconds=60)  # of the menu's count, in one process


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that is open. `subject` names it for the form that acts on it; `since` may be empty."""

    subject: str
    title: str
    why: str = ""
    since: str = ""
    order_id: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Incident:
    """All that is open of one kind, as far as it was read; `more`: there may be further ones."""

    kind: str
    open: tuple[Open, ...] = ()
    more: bool = False
    unknown: bool = False  # it could not be looked at

    @property
    def count(self) -> int:
        return sum(one.count for one in self.open)


type Looks = dict[str, Callable[[], tuple[list[Open], bool]]]


@dataclass(slots=True)
class Incidents:
    """`looks` has one for each kind: what is open of it, and whether there may be more."""

    looks: Looks
    now: Callable[[], datetime]
    _kept: tuple[datetime, int, bool] | None = field(default=None)

    def open(self) -> list[Incident]:
        """Every kind of which something is open, in the order of KINDS."""
        found = [self._of(kind) for kind in KINDS]
        self._kept = (self.now(), sum(one.count for one in found), any(one.unknown for one in found))
        return [one for one in found if one.open or one.unknown]

    def count(self) -> tuple[int, bool]:
        """How many things are open, and whether some kind could not be looked at; a minute old at most."""
        if self._kept is None or self.now() - self._kept[0] > FRESH:
            self.open()
        assert self._kept is not None
        return self._kept[1], self._kept[2]

    def _of(self, kind: str) -> Incident:
        try:
            found, more = self.looks[kind]()
        except Exception:
            logger.exception("a kind of incident could not be looked at", extra={"incident": kind})
            return Incident(kind, unknown=True)
        return Incident(kind, tuple(found[:MOST_SHOWN]), more or len(found) > MOST_SHOWN)
