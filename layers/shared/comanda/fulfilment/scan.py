"""Record what a carrier reports on the parcels that it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from comanda.fulfilment.tracking import Scan, matching, recording
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide, Desk
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.times import moment


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a report; `order_id` is one of the orders it was about."""

    state: Literal["applied", "already_applied", "ignored"]
    order_id: str = ""


NOBODYS = Recorded("ignored")


class Numbers(Protocol):
    def by_tracking(self, tracking_number: str) -> list[str]: ...


class Parked(Protocol):
    def park(self, tracking_number: str, scans: Iterable[Scan], now: datetime) -> None: ...

    def of(self, tracking_number: str) -> list[Scan]: ...


class Scanning:
    """Scans find their parcels by tracking number; those that find none wait for it to be registered."""

    def __init__(self, orders: Numbers, desk: Desk, parked: Parked) -> None:
        self.orders = orders
        self.desk = desk
        self.parked = parked

    def record(self, scans: Sequence[Scan], origin: Origin) -> Recorded:
        """Record one report. All its scans are of one tracking number."""
        if not scans:
            return NOBODYS
        number = scans[0].tracking_number
        recorded = self._on_orders(number, scans, origin)
        if recorded == NOBODYS:
            self.parked.park(number, scans, moment(origin.at))
            recorded = self._on_orders(number, scans, origin)  # it may have been registered just now
        return recorded

    def catch_up(self, order: Order, tracking_number: str, at: str) -> Order:
        """Record on a freshly shipped order what was reported of its parcel before."""
        scans = self.parked.of(tracking_number)
        if not scans:
            return order
        origin = Origin("system", "parked-scans", at)
        return self.desk.run(order.order_id, _deciding(scans), origin).order

    def _on_orders(self, number: str, scans: Sequence[Scan], origin: Origin) -> Recorded:
        recorded = NOBODYS
        for order_id in self.orders.by_tracking(number):
            if not any(matching(self.desk.load(order_id).order, scan) for scan in scans):
                continue
            changed = self.desk.run(order_id, _deciding(scans), origin).changed
            if changed or recorded == NOBODYS:
                recorded = Recorded("applied" if changed else "already_applied", order_id)
        return recorded


def _deciding(scans: Sequence[Scan]) -> Decide:
    def decide(loaded: Loaded) -> Decision:
        return recording(loaded.order, scans)

    return decide
