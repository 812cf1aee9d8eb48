"""Parcels that nobody has scanned for too long: when that is to be looked at, and noting it. Pure."""

from datetime import timedelta

from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.facts import Happened
from comanda.orders.model import Order, Shipment
from comanda.times import moment, stamp

OVER = frozenset({"delivered", "returned_to_sender", "lost"})


def silent_since(parcel: Shipment) -> str:
    """The last sign of a parcel on its way: its greatest scan, or that it left. Empty once it is over."""
    return "" if parcel.status in OVER else max(parcel.scan_at, parcel.shipped_at)


def stuck_at(order: Order, days: int | None) -> str:
    """When the next parcel of the order is stuck, unless it is scanned; empty when none ever is."""
    return min((at for _, at in _dues(order, days)), default="")


def noticing(loaded: Loaded, now: str, days: int | None) -> Decision:
    """Note the parcels without a scan for `days` days; each once until it is scanned again."""
    decision = NOTHING
    for parcel, at in _dues(loaded.order, days):
        if at <= now:
            told = {"shipment_id": parcel.shipment_id, "since": silent_since(parcel)}
            decision += Decision(facts=(Happened("ParcelStuck", told),))
    return decision


def _dues(order: Order, days: int | None) -> list[tuple[Shipment, str]]:
    if days is None:
        return []
    waits = [(one, silent_since(one)) for one in order.shipments if not one.stuck_since]
    return [(one, stamp(moment(since) + timedelta(days=days))) for one, since in waits if since]
