"""Look for signs of a duplicate or a fraud on one order, and hold it for what is found."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from comanda.orders.decision import Loaded
from comanda.orders.derive import ended
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.hints import SAME, keys_of, longest_minutes, look, suspecting
from comanda.orders.model import Order
from comanda.orders.vocabulary import UNPLACED, Lifecycle
from comanda.settings.sections import Hints
from comanda.times import stamp


class Counts(Protocol):
    """Which orders came under one key lately."""

    def add(self, key: str, order_id: str, placed_at: str, *, minutes: int) -> list[tuple[str, str]]: ...


class Loads(Protocol):
    def load(self, order_id: str) -> Loaded | None: ...


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`rules` are the shop's now. While all are off an order costs nothing here."""

    desk: Desk
    orders: Loads
    counts: Counts
    rules: Callable[[], Hints]
    now: Callable[[], datetime]

    def look_at(self, order_id: str) -> Order | None:
        """Judge a placed order; however often it is judged, each hold is opened once. None: nothing was
        found. Raises NotFound, Busy."""
        rules = self.rules()
        if rules == Hints():
            return None
        loaded = self.desk.load(order_id)
        order = loaded.order
        if ended(order) or order.lifecycle in (*UNPLACED, Lifecycle.AWAITING_VERIFICATION):
            return None
        minutes = longest_minutes(rules)
        seen = {
            name: self.counts.add(key, order_id, order.created_at, minutes=minutes)
            for name, key in keys_of(loaded, rules).items()
        }
        if len(seen.get(SAME, ())) > 1:
            seen[SAME] = [one for one in seen[SAME] if one[0] == order_id or self._stands(one[0])]
        found = look(loaded, rules, seen)
        if not found:
            return None
        at = stamp(self.now())
        return self.desk.run(order_id, suspecting(found, at), Origin("system", "hints", at)).order

    def _stands(self, order_id: str) -> bool:
        """An order that was cancelled or has expired is not delivered twice."""
        loaded = self.orders.load(order_id)
        over = (Lifecycle.CANCELLED, Lifecycle.EXPIRED)
        return loaded is not None and loaded.order.lifecycle not in over
