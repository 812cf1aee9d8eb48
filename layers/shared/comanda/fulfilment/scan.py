"""Record what a carrier reports on the parcels that it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal, Protocol

from comanda.fulfilment.labels.scanned import leaving_by
from comanda.fulfilment.tracking import Scan, concerned, recording
from comanda.ids import NewId
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
    """Scans find their parcels by tracking number; those that find none wait for it to be registered. What
    a carrier has of a label that nobody has shipped yet leaves by its scan."""

    def __init__(self, orders: Numbers, desk: Desk, parked: Parked, new_id: NewId) -> None:
        self.orders = orders
        self.desk = desk
        self.parked = parked
        self.new_id = new_id

    def record(self, scans: Sequence[Scan], origin: Origin) -> Recorded:
        """Record one report. All its scans are of one number and carrier."""
        if not scans:
            return NOBODYS
        number = scans[0].tracking_number
        recorded = self._on_orders(number, scans, origin)
        if recorded == NOBODYS:
            self.parked.park(number, scans, moment(origin.at))
            recorded = self._on_orders(number, scans, origin)  # it may have been registered just now
        return recorded if recorded != NOBODYS else self._by_label(number, scans, origin)

    def catch_up(self, order_id: str, tracking_number: str, at: str) -> None:
        """Record what was reported of a parcel before it was registered on this order just now."""
        scans = sorted(self.parked.of(tracking_number), key=lambda scan: scan.carrier)
        for _, of_one_carrier in groupby(scans, key=lambda scan: scan.carrier):
            origin = Origin("system", "parked-scans", at)
            told = list(of_one_carrier)
            if self._on_orders(tracking_number, told, origin, fresh=order_id) == NOBODYS:
                self._by_label(tracking_number, told, origin, fresh=order_id)

    def _by_label(self, number: str, scans: Sequence[Scan], origin: Origin, fresh: str = "") -> Recorded:
        """Ship what the carrier has by its label, and record all that was kept of it meanwhile. Scans of
        what may not be shipped stay kept: they are recorded when a person has shipped it."""
        for order_id in sorted({*self.orders.by_tracking(number), *filter(None, [fresh])}):
            system = Origin("system", origin.cause, origin.at)
            done = self.desk.run(order_id, leaving_by(scans, self.new_id(), origin.at), system)
            if done.changed and "shipment_id" in done.result:
                self.catch_up(order_id, number, origin.at)
            if done.changed:
                return Recorded("applied", order_id)
        return NOBODYS

    def _on_orders(self, number: str, scans: Sequence[Scan], origin: Origin, fresh: str = "") -> Recorded:
        """`fresh` is an order that the index may not show yet."""
        found = {*self.orders.by_tracking(number), *filter(None, [fresh])}
        orders = [self.desk.load(order_id).order for order_id in sorted(found)]
        ids = concerned((shipment for order in orders for shipment in order.shipments), scans[0])
        recorded = NOBODYS
        for order in orders:
            if ids.isdisjoint(shipment.shipment_id for shipment in order.shipments):
                continue
            done = self.desk.run(order.order_id, _deciding(scans, ids, origin.at), origin)
            if ids.isdisjoint(shipment.shipment_id for shipment in done.order.shipments):
                continue  # taken back meanwhile: nobody's, and kept like any other
            if done.changed or recorded == NOBODYS:
                recorded = Recorded("applied" if done.changed else "already_applied", order.order_id)
        return recorded


def _deciding(scans: Sequence[Scan], shipment_ids: frozenset[str], at: str) -> Decide:
    def decide(loaded: Loaded) -> Decision:
        return recording(loaded.order, scans, shipment_ids, at)

    return decide
