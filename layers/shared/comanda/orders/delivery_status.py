"""What a delivery order waits for: derived from its units and the order, stored nowhere. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from comanda.orders.deliveries import deliveries_of
from comanda.orders.delivery_units import shares
from comanda.orders.model import Delivery, DeliveryLine, Line, Order
from comanda.orders.pickups import at_counter, handed
from comanda.orders.vocabulary import Lifecycle

LEFT = frozenset({"delivered"})
STEP_BEFORE = {"pick_ship": "picked", "pick_pack_ship": "packed"}  # what is shipped has gone through it


class DeliveryStatus(StrEnum):
    WAITING_STOCK = "waiting_stock"  # nothing of it is there
    WAITING_PAYMENT = "waiting_payment"  # it is there, and ships once it is paid
    TO_SHIP = "to_ship"  # in one step
    TO_PICK = "to_pick"
    PICKING = "picking"
    PICKED = "picked"
    PACKING = "packing"
    PACKED = "packed"
    AT_COUNTER = "at_counter"  # put aside for the customer, who comes for it
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


OPEN = tuple(DeliveryStatus)[: list(DeliveryStatus).index(DeliveryStatus.SHIPPED)]


@dataclass(frozen=True, slots=True)
class LineWork:
    """Units of a line in a delivery order: `ready` ones are the order's own and lie there, picked and packed
    ones among them; `unpaid` ones lie there and wait for money; `waiting` ones are not there."""

    line: Line
    own: DeliveryLine
    ready: int
    unpaid: int

    @property
    def waiting(self) -> int:
        return self.own.open - self.ready - self.unpaid

    @property
    def to_pick(self) -> int:
        return self.ready - self.own.picked

    @property
    def to_pack(self) -> int:
        return self.own.picked - self.own.packed


@dataclass(frozen=True, slots=True)
class Work:
    """A delivery order with what there is to do."""

    order: Order
    delivery: Delivery
    lines: tuple[LineWork, ...]
    status: DeliveryStatus

    @property
    def name(self) -> str:
        """Its number as people write it: `P-000123/1`."""
        return f"{self.order.number}/{self.delivery.number}"

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def held(self) -> bool:
        """Nothing is done with it while the order is on hold."""
        return self.open and bool(self.order.open_holds)

    @property
    def complete(self) -> bool:
        """All that has not left yet is there as the order's own and has gone the steps before it is sent."""
        lines = [one for one in self.lines if one.own.open]
        if not lines or self.status == DeliveryStatus.AT_COUNTER:
            return False
        step = STEP_BEFORE.get(self.order.terms.steps)
        return all(one.own.open == (getattr(one.own, step) if step else one.ready) for one in lines)


def ready_to_leave(order: Order) -> tuple[Work, ...]:
    """The delivery orders that are complete; none while the order is on hold, about to end or over."""
    if order.lifecycle != Lifecycle.PLACED or order.ending or order.open_holds:
        return ()
    return tuple(work for work in work_of(order) if work.complete)


def work_of(order: Order) -> tuple[Work, ...]:
    """The delivery orders of an order, each with its status; none before the order is confirmed."""
    deliveries = deliveries_of(order)
    lines = {line.line_id: line for line in order.lines}
    given = {line.line_id: shares(order, line, deliveries) for line in order.lines}
    found = []
    for delivery in deliveries:
        work = tuple(
            LineWork(lines[own.line_id], own, *given[own.line_id].get(delivery.number, (0, 0)))
            for own in delivery.lines
        )
        found.append(Work(order, delivery, work, _status(order, delivery, work)))
    return tuple(found)


def _status(order: Order, delivery: Delivery, work: Iterable[LineWork]) -> DeliveryStatus:
    lines = [one for one in work if one.own.open]
    if not lines:
        return _gone(order, delivery)
    ready = sum(one.ready for one in lines)
    if not ready:
        unpaid = any(one.unpaid for one in lines)
        return DeliveryStatus.WAITING_PAYMENT if unpaid else DeliveryStatus.WAITING_STOCK
    aside = {line.line_id: units for line, units in at_counter(order)}
    if all(one.ready <= aside.get(one.line.line_id, 0) for one in lines):
        return DeliveryStatus.AT_COUNTER
    picked, packed = sum(one.own.picked for one in lines), sum(one.own.packed for one in lines)
    if not picked:
        return DeliveryStatus.TO_SHIP if order.terms.steps == "ship" else DeliveryStatus.TO_PICK
    if picked < ready:
        return DeliveryStatus.PICKING
    if not packed:
        return DeliveryStatus.PICKED
    return DeliveryStatus.PACKED if packed == ready else DeliveryStatus.PACKING


def _gone(order: Order, delivery: Delivery) -> DeliveryStatus:
    if not delivery.lines:
        return DeliveryStatus.CANCELLED
    parcels = [one for one in order.shipments if delivery.number in (one.deliveries or (1,))]
    there = (parcels or handed(order)) and all(one.status in LEFT for one in parcels)
    return DeliveryStatus.DELIVERED if there else DeliveryStatus.SHIPPED
