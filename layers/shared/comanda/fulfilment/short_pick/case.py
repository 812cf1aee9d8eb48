"""One short pick while it is judged: whose, of which units, and what is to become of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from comanda.fulfilment.short_pick.asked import ShortDesk, ShortPick
from comanda.fulfilment.short_pick.lost import Share, Taken, lost_of, taken_from
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.facts import Origin
from comanda.orders.holdings import Pick
from comanda.orders.model import Order


@dataclass(frozen=True, slots=True)
class Case:
    """`shares` are the units by delivery order; `short_id` names the short pick within its order."""

    loaded: Loaded
    asked: ShortPick
    shares: list[Share]
    short_id: str
    desk: ShortDesk
    origin: Origin

    @property
    def order(self) -> Order:
        return self.loaded.order

    @property
    def taken(self) -> list[Taken]:
        return taken_from(self.shares)

    @property
    def lost(self) -> list[Pick]:
        return lost_of(self.shares)

    @property
    def units(self) -> Counter[str]:
        """Units by line."""
        found: Counter[str] = Counter()
        for one in self.shares:
            found[one.line.line_id] += one.units
        return found


@dataclass(frozen=True, slots=True)
class Remedy:
    """What becomes of the units: more for the fact to tell, what else is decided, and what the caller hears.
    `shown`: the customer reads of it in the history. `policy` is the one that was followed, where it is
    not the one that was wanted."""

    told: dict[str, Any] = field(default_factory=dict)
    before: Decision = NOTHING  # what happens ahead of the fact
    more: Decision = NOTHING
    result: dict[str, Any] = field(default_factory=dict)
    shown: bool = False
    policy: str = ""
