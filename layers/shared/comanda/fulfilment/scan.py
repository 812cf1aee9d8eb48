"""Record what a carrier reports on the parcels that it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal, Protocol

from comanda.fulfilment.tracking import Scan, concerned, recording
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide, Desk
from comanda.orders.facts import Origin
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
        """Record one report. All its scans are of one number and carrier."""
        if not scans:
            return NOBODYS
        number = scans[0].tracking_number
        recorded = self._on_orders(number, scans, origin)
        if recorded == NOBODYS:
            self.parked.park(number, scans, moment(origin.at))
            recorded = self._on_orders(number, scans, origin)  # it may have been registered just now
        return recorded

    def catch_up(self, order_id: str, tracking_number: str, at: str) -> None:
        """Record what was reported of a parcel before it was registered on this order just now."""
        scans = sorted(self.parked.of(tracking_number), key=lambda scan: scan.carrier)
        for _, of_one_carrier in groupby(scans, key=lambda scan: scan.carrier):
            origin = Origin("system", "parked-scans", at)
            self._on_orders(tracking_number, list(of_one_carrier), origin, fresh=order_id)

    def _on_orders(self, number: str, scans: Sequence[Scan], origin: Origin, fresh: str = "") -> Recorded:
        """`fresh` is an order that the index may not show yet."""
        found = {*self.orders.by_tracking(number), *filter(None, [fresh])}
        orders = [self.desk.load(order_id).order for order_id in sorted(found)]
        ids = concerned((shipment for order in orders for shipment in order.shipments), scans[0])
        recorded = NOBODYS
        for order in orders:
            if ids.isdisjoint(shipment.shipment_id for shipment in order.shipments):
                continue
            changed = self.desk.run(order.order_id, _deciding(scans, ids), origin).changed
            if changed or recorded == NOBODYS:
                recorded = Recorded("applied" if changed else "already_applied", order.order_id)
        return recorded


def _deciding(scans: Sequence[Scan], shipment_ids: frozenset[str]) -> Decide:
    def decide(loaded: Loaded) -> Decision:
        return recording(loaded.order, scans, shipment_ids)

    return decide
