"""A shipping label as staff see it. What it cost is for them alone."""

from collections.abc import Mapping
from typing import Any

from comanda.orders.model import Order, ShippingLabel
from comanda.orders.shipping_labels import parcel_of, words_of
from comanda.orders.wire import money


def label_answer(order: Order, label: ShippingLabel, personal: Mapping[str, Any]) -> dict[str, Any]:
    """A label as staff see it."""
    parcel = parcel_of(order, label)
    return {
        "label_id": label.label_id,
        "state": label.state,
        "reason": label.reason or None,
        "carrier_says": personal.get(words_of(label.label_id)) or None,
        "account": label.account,
        "carrier": label.carrier,
        "service": label.service,
        "lines": [one.to_dict() for one in label.lines],
        "delivery": label.delivery or None,
        "weight_grams": label.weight_grams,
        "length_mm": label.length_mm or None,
        "width_mm": label.width_mm or None,
        "height_mm": label.height_mm or None,
        "format": label.format,
        "tracking_number": label.tracking_number or None,
        "tracking_url": label.tracking_url or None,
        "amount": money(label.amount, label.currency) if label.currency else None,
        "wanted_at": label.wanted_at,
        "bought_at": label.bought_at or None,
        "expected_at": label.expected_at or None,
        "shipment_id": parcel.shipment_id if parcel else None,
        "replaces": label.replaces or None,
        "file": f"/admin/orders/{order.order_id}/labels/{label.label_id}/file" if label.ref else None,
    }
