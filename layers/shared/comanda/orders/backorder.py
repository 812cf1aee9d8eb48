"""Units come in: the orders that wait for them get them, oldest first."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Protocol

from comanda.errors import Busy, NotFound, OutOfStock
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.derive import ended
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from comanda.orders.holdings import counted, item
from comanda.orders.routing import Routes, reserves
from comanda.stock.places import Look
from comanda.times import stamp


class Queue(Protocol):
    """Who waits for what, and what there is."""

    def queue(self, sku: str = "") -> Iterator[tuple[str, str]]: ...

    def look(self, skus: Iterable[str], home: str) -> Look: ...


def filling(loaded: Loaded, routes: Routes) -> Decision:
    """Set aside what the lines wait for, as far as it is there. Nothing for an order that has ended."""
    order = loaded.order
    if ended(order) or order.ending is not None:
        return NOTHING
    decision = NOTHING
    for line in order.lines:
        units = min(line.backordered, routes.possible(line))
        if units:
            picks = routes.pick(order, line, units)
            fact = Happened("BackorderFilled", {"lines": [item(line, units, picks)]}, "customer")
            decision += Decision(facts=(fact,), moves=reserves(picks))
    return decision


class Arrivals:
    """Serves the queue after stock came in; the sweep does it again for whoever was left out."""

    def __init__(self, desk: Desk, stock: Queue, now: Callable[[], datetime]) -> None:
        self.desk = desk
        self.stock = stock
        self.now = now

    def serve(self, sku: str = "", *, more_time: Callable[[], bool] = lambda: True) -> int:
        """Give one SKU, or each, to those who wait for it; answers how many orders got something.

        Stops when `more_time` says so, or when a SKU is gone; what is left is served the next time.
        """
        served = 0
        for name, waiting in groupby(self.stock.queue(sku), key=lambda one: one[0]):
            for _, order_id in waiting:
                if not more_time():
                    return served
                if not self._left(name):
                    break
                served += self._give(order_id)
        return served

    def _left(self, sku: str) -> bool:
        return any(place.available > 0 for place in self.stock.look([sku], "").places[sku])

    def _give(self, order_id: str) -> bool:
        origin = Origin("system", "stock", stamp(self.now()))
        try:
            return self.desk.run(order_id, self._filled, origin).changed
        except (Busy, NotFound, OutOfStock):
            return False  # changed under our hands: the next look sees it as it is then

    def _filled(self, loaded: Loaded) -> Decision:
        lines = loaded.order.lines
        skus = {sku for line in lines if line.backordered for sku, _ in counted(line)}
        if not skus:
            return NOTHING
        return filling(loaded, Routes(self.stock.look(sorted(skus), lines[0].location)))
