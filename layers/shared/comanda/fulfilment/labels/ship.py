"""Ship a parcel with its label: its lines, carrier, tracking number and size are those of the label."""

from comanda.errors import WrongState
from comanda.fulfilment.labels.want import label_to_ship
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.units import Wanted
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.model import ShippingLabel


def shipping_label(label_id: str, shipment_id: str, at: str, *, notify: bool | None = None) -> Decide:
    """The decision to ship what a bought label is for; `notify` as it was wanted if not told otherwise.

    Raises NotFound, and WrongState (`label-not-open`, `label-used`, and as shipping does).
    """

    def decide(loaded: Loaded) -> Decision:
        label = label_to_ship(loaded.order, label_id)
        return shipping(parcel_with(label, notify=notify), shipment_id, at)(loaded)

    return decide


def shipped_at_once(loaded: Loaded, label: ShippingLabel, shipment_id: str, at: str) -> tuple[Decision, str]:
    """What ships the parcel of a label that is being bought, in the same transaction; or nothing and the
    name of the guard that forbids it now."""
    try:
        return shipping(parcel_with(label), shipment_id, at)(loaded), ""
    except WrongState as refusal:
        return Decision(), refusal.guard


def parcel_with(label: ShippingLabel, *, notify: bool | None = None) -> Parcel:
    return Parcel(
        lines=tuple(Wanted(line.quantity, line.line_id) for line in label.lines),
        carrier=label.carrier,
        tracking_number=label.tracking_number,
        notify=label.notify if notify is None else notify,
        expected_at=label.expected_at,
        tracking_url=label.tracking_url,
        delivery=label.delivery,
        weight_grams=label.weight_grams,
        length_mm=label.length_mm,
        width_mm=label.width_mm,
        height_mm=label.height_mm,
        label_id=label.label_id,
    )
