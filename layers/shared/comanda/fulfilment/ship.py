"""Ship some or all units of an order as one parcel."""

from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import WrongState
from comanda.fulfilment.carriers import carrier_code, tracking_page
from comanda.fulfilment.units import Wanted, leaves_with, picked, sources
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.goods import leaving
from comanda.orders.guards import check
from comanda.orders.mails import mail
from comanda.orders.model import Line, Order, Shipment, ShipmentLine


@dataclass(frozen=True, slots=True)
class Parcel:
    """What staff ask to ship. `expected_at` is a date or a moment; `notify` mails the customer."""

    lines: tuple[Wanted, ...]
    carrier: str
    tracking_number: str
    notify: bool = True
    expected_at: str = ""
    tracking_url: str = ""
    delivery: int = 0  # number of the delivery order that it is of; 0: of whichever has the units
    weight_grams: int = 0  # gross; sizes in millimetres; 0: not known
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    consignment: str = ""  # of several parcels the id of the first
    label_id: str = ""  # the label it leaves with, where one was bought


def shipping(parcel: Parcel, shipment_id: str, at: str) -> Decide:
    """The decision to ship `parcel`.

    Raises WrongState (also with guard `not-enough-to-ship`), AmbiguousLine, or Invalid for a line
    that is not in the order.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("ship", order)
        taken = picked(order, parcel.lines, parcel.delivery, parcel.label_id)
        return _told(order, taken, parcel, shipment_id, at)

    return decide


def shipping_rest(parcel: Parcel, shipment_id: str, at: str) -> Decide:
    """The decision to ship all that is left of an order; the lines of `parcel` are not looked at.

    Without a tracking number the order's own is the parcel's reference. Raises WrongState, also with the
    guards `nothing-to-ship` and `not-enough-to-ship`.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("ship", order)
        rest = tuple(Wanted(line.to_ship, line.line_id) for line in order.lines if line.to_ship)
        if not rest:
            raise WrongState("nothing-to-ship", "everything of this order has been shipped")
        whole = replace(parcel, tracking_number=parcel.tracking_number or order.number)
        return _told(order, picked(order, rest), whole, shipment_id, at)

    return decide


def _told(order: Order, taken: list[tuple[Line, int]], parcel: Parcel, shipment_id: str, at: str) -> Decision:
    """The parcel leaves, and its customer is told."""
    gone = sent(order, taken, parcel, shipment_id, at)
    told = mail("shipped", shipment_id, shipment_id=shipment_id)
    return gone + (Decision(effects=(told,)) if parcel.notify else NOTHING)


def sent(order: Order, taken: list[tuple[Line, int]], parcel: Parcel, shipment_id: str, at: str) -> Decision:
    """The units leave in a parcel; nobody is told."""
    carrier = carrier_code(parcel.carrier)
    of = leaves_with(order, taken, parcel.delivery)
    shipment = Shipment(
        shipment_id=shipment_id,
        carrier=carrier,
        tracking_number=parcel.tracking_number,
        lines=tuple(ShipmentLine(line.line_id, line.sku, units) for line, units in taken),
        shipped_at=at,
        tracking_url=parcel.tracking_url or tracking_page(carrier, parcel.tracking_number),
        expected_at=parcel.expected_at,
        deliveries=tuple(sorted({number for number, _, _ in of})),
        consignment=parcel.consignment,
        label_id=parcel.label_id,
        weight_grams=parcel.weight_grams,
        length_mm=parcel.length_mm,
        width_mm=parcel.width_mm,
        height_mm=parcel.height_mm,
    )
    counted, moves = leaving(taken, sources(order, of))
    data: dict[str, Any] = {"shipment": shipment.to_dict(), "taken": counted}
    data |= {"of": [list(one) for one in of]} if of else {}
    return Decision(
        facts=(Happened("LinesShipped", data, "customer"),),
        moves=moves,
        result={"shipment_id": shipment_id},
    )
