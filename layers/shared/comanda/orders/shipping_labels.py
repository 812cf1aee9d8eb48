"""What labels there are on an order, and which units they are for. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from comanda.orders.decision import Effect
from comanda.orders.model import Order, Shipment, ShippingLabel
from comanda.orders.model.shipping_label import BOUGHT

BUY, VOID = "label.buy", "label.void"
KEPT = "void-refused"  # the reason of a label that its carrier did not take back


def buy_effect(label: ShippingLabel) -> Effect:
    return Effect(f"label-{label.label_id}", BUY, {"label_id": label.label_id})


def void_effect(label: ShippingLabel) -> Effect:
    return Effect(f"label-void-{label.label_id}", VOID, {"label_id": label.label_id})


def words_of(label_id: str) -> str:
    """Name of the personal text with what the carrier said of a label."""
    return f"label:{label_id}"


def label_named(order: Order, label_id: str) -> ShippingLabel | None:
    return next((label for label in order.shipping_labels if label.label_id == label_id), None)


def next_id(order: Order, offset: int = 1) -> str:
    """Ids are counted within the order: a label's name at its carrier is made of it."""
    return f"l{len(order.shipping_labels) + offset}"


def parcel_of(order: Order, label: ShippingLabel) -> Shipment | None:
    """The parcel that left with this label."""
    return left_with(label, order.shipments)


def left_with(label: ShippingLabel, shipments: Iterable[Shipment]) -> Shipment | None:
    """Which of its order's parcels left with this label."""
    return next((one for one in shipments if one.label_id == label.label_id), None)


def goes_on_parcel(label: ShippingLabel, shipments: Iterable[Shipment]) -> bool:
    """Whether a parcel has this label, or is to have it. One that its carrier did not take back is wanted on
    none, unless one of the order's `shipments` has left with it."""
    return label.state == BOUGHT and (label.reason != KEPT or left_with(label, shipments) is not None)


def unused(order: Order) -> list[ShippingLabel]:
    """Labels that are there or on their way, and whose parcels have not left, oldest first."""
    used = {one.label_id for one in order.shipments if one.label_id}
    return [label for label in order.shipping_labels if label.open and label.label_id not in used]


def under_labels(order: Order, besides: str = "") -> Mapping[str, int]:
    """Units of each line that unused labels are for; `besides` one of them."""
    units: Counter[str] = Counter()
    for label in unused(order):
        if label.label_id != besides:
            units.update({line.line_id: line.quantity for line in label.lines})
    return units


def void_wanted(label: ShippingLabel, why: str) -> tuple[dict[str, Any], tuple[Effect, ...]]:
    """The data of LabelVoidWanted and what it asks of the carrier: nothing as long as it is not bought; who
    buys it will see."""
    data = {"label_id": label.label_id, "why": why}
    return data, (void_effect(label),) if label.state == BOUGHT else ()
