"""A parcel as staff see it: when it moved, where it goes, its scans in the carrier's words."""

from collections.abc import Mapping
from typing import Any

from comanda.orders.destinations import destination
from comanda.orders.model import Order, RawScan, Shipment
from comanda.orders.wire import shipment_answer


def parcel_answer(shipment: Shipment, order: Order, personal: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: getattr(shipment, name) or None for name in ("shipped_at", "scan_at", "delivered_at")}
    told = {"address": destination(shipment, personal), "scans": [_scan(one) for one in shipment.scans]}
    return shipment_answer(shipment, order) | times | told


def _scan(scan: RawScan) -> dict[str, str | None]:
    """A scan in its carrier's words; `local` is the time as it was written, with its offset."""
    names = ("at", "local", "status", "place", "message", "carrier")
    return {name: getattr(scan, name) or None for name in names}
