"""A carrier scans the parcel of a label that nobody has shipped: it has left, whatever the books say."""

from collections.abc import Sequence

from comanda.errors import WrongState
from comanda.fulfilment.carriers.names import EASYPOST, carrier_code
from comanda.fulfilment.labels.ship import shipping_label
from comanda.fulfilment.tracking import RANKS, Scan
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.model import Hold, Order, ShippingLabel, tracking_key
from comanda.orders.model.shipping_label import BOUGHT
from comanda.orders.shipping_labels import parcel_of
from comanda.orders.vocabulary import HoldReason


def leaving_by(scans: Sequence[Scan], shipment_id: str, at: str) -> Decide:
    """The decision that what a carrier has scanned has left, with its label; `result.shipment_id` names its
    parcel. Where it may not leave (the order is held, was cancelled, its label given back) the order is held
    for a person, once for a label. Nothing when the carrier was only told of it and does not have it."""

    def decide(loaded: Loaded) -> Decision:
        label = scanned_label(loaded.order, scans)
        if label is None:
            return NOTHING
        if label.state != BOUGHT:
            return _held(loaded.order, label, f"label-{label.state.replace('_', '-')}", at)
        try:
            return shipping_label(label.label_id, shipment_id, at)(loaded)
        except WrongState as refusal:
            return _held(loaded.order, label, refusal.guard, at)

    return decide


def scanned_label(order: Order, scans: Sequence[Scan]) -> ShippingLabel | None:
    """The label without a parcel whose parcel the carrier has, by these scans of one number and carrier."""
    if not any(RANKS[scan.status] > RANKS["pre_transit"] for scan in scans):
        return None
    number, carriers = tracking_key(scans[0].tracking_number), (scans[0].carrier, EASYPOST)
    for label in order.shipping_labels:
        ours = label.tracking_number and tracking_key(label.tracking_number) == number
        if ours and not parcel_of(order, label) and _same(carrier_code(label.carrier), carriers):
            return label
    return None


def _same(carrier: str, carriers: tuple[str, str]) -> bool:
    return carrier in carriers or carriers[0] == EASYPOST


def _held(order: Order, label: ShippingLabel, why: str, at: str) -> Decision:
    """It is on its way and not on the books: only a person knows what is right."""
    name = f"label-{label.label_id}: scanned"
    if any(hold.detail.startswith(name) for hold in order.holds):
        return NOTHING
    hold = Hold(
        f"h{order.facts + 1}",
        HoldReason.DELIVERY_EXCEPTION,
        at,
        "system",
        detail=f"{name}, not shipped: {why}",
    )
    return Decision((Happened("HoldOpened", {"hold": hold.to_dict()}),), outside=True)
