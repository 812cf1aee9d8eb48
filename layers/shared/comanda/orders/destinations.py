"""Where each parcel went: an address that is changed later stays known for the parcels that left before."""

from collections.abc import Mapping
from typing import Any

from comanda.orders.model import Order, Shipment

SENT = "sent:"  # and until when parcels went there


def kept_address(order: Order, personal: Mapping[str, Any], at: str) -> dict[str, Any]:
    """The order's address under the name that it keeps when another takes its place at this moment; nothing
    when no parcel has left for it."""
    former = max((name.removeprefix(SENT) for name in personal if name.startswith(SENT)), default="")
    gone = any(parcel.shipped_at > former for parcel in order.shipments)
    return {f"{SENT}{at}": personal["shipping"]} if gone and personal.get("shipping") else {}


def destination(parcel: Shipment, personal: Mapping[str, Any]) -> dict[str, Any] | None:
    """The address that a parcel was sent to, or None when the order has none or it was erased."""
    changes = sorted(name for name in personal if name.startswith(SENT))
    later = [name for name in changes if name.removeprefix(SENT) >= parcel.shipped_at]
    return personal.get(later[0] if later else "shipping") or None
