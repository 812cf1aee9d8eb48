"""Whether a mail is still wanted at the moment of sending: the order may have moved on since."""

from collections.abc import Callable, Mapping
from typing import Any

from comanda.conversation.state import amount_due
from comanda.orders.balance import balance
from comanda.orders.delivery_status import ready_to_leave
from comanda.orders.guards import edit_is_stale
from comanda.orders.model import Order
from comanda.orders.pickups import at_counter
from comanda.orders.promise import overtaken
from comanda.orders.quote import collected
from comanda.orders.vocabulary import Lifecycle
from comanda.settings.sections import Shipping

ABOUT_A_PARCEL = ("shipped", "delivered")
DEAD = (Lifecycle.CANCELLED, Lifecycle.EXPIRED)

type Reason = str


def pointless(event: str, order: Order, data: Mapping[str, Any]) -> Reason:
    """Why nobody wants this mail any more; empty when it is to be sent."""
    rule = RULES.get(event)
    return rule(order, data) if rule else ""


def told_by_carrier(event: str, order: Order, data: Mapping[str, Any], shipping: Shipping) -> Reason:
    """Why we are silent about a parcel: the shop leaves it to the carrier to tell its customers."""
    if event not in ABOUT_A_PARCEL:
        return ""
    shipment_id = data.get("shipment_id")
    parcel = next((one for one in order.shipments if one.shipment_id == shipment_id), None)
    return "the carrier tells" if parcel and shipping.told_by(parcel.carrier) == "carrier" else ""


def fetched(event: str, order: Order, shipping: Shipping) -> Reason:
    """Why nobody is told that goods leave: since its placing the order has become one that is fetched."""
    here = event == "order_ready" and collected(order.delivery, shipping)
    return "fetched at the shop" if here else ""


def _verification(order: Order, data: Mapping[str, Any]) -> Reason:
    if order.verified:
        return "verified"
    if order.lifecycle in DEAD:
        return "ended"
    serial = str(data.get("links", {}).get("verify", {}).get("serial", ""))
    return "link replaced" if serial.isdecimal() and int(serial) < order.link_serial else ""


def _quotation(order: Order, data: Mapping[str, Any]) -> Reason:
    serial = str(data.get("links", {}).get("quote", {}).get("serial", ""))
    draft = order.draft if order.lifecycle == Lifecycle.QUOTED else None
    return "" if draft and str(draft.serial) == serial else "no longer offered"


def _unless_dead(order: Order, data: Mapping[str, Any]) -> Reason:
    return "ended" if order.lifecycle in DEAD else ""


def _unless_alive(order: Order, data: Mapping[str, Any]) -> Reason:
    return "" if order.lifecycle in DEAD else "goes on"


def _asking_for_money(order: Order, data: Mapping[str, Any]) -> Reason:
    if order.lifecycle in DEAD or order.ending:
        return "ended"
    sums = balance(order.ledger)
    return "paid" if not amount_due(order) or sums.authorized or sums.processing else ""


def _still_to_take(order: Order, data: Mapping[str, Any]) -> Reason:
    return "" if balance(order.ledger).authorized and not order.ending else "taken or given up"


def _receipt(order: Order, data: Mapping[str, Any]) -> Reason:
    return "" if order.terms.receipt else "no receipt wanted"


def _edited(order: Order, data: Mapping[str, Any]) -> Reason:
    """A proposal is sent while it is open; what has been changed is told in any case."""
    asks = data.get("asks")
    if asks and (order.edit is None or order.edit.edit_id != asks or edit_is_stale(order)):
        return "decided or left behind"
    return _unless_dead(order, data)


def _promise(order: Order, data: Mapping[str, Any]) -> Reason:
    if order.lifecycle in DEAD or order.ending:
        return "ended"
    return "no longer so" if overtaken(order, data["lines"], data["promised_at"]) else ""


def _at_counter(order: Order, data: Mapping[str, Any]) -> Reason:
    if order.lifecycle in DEAD or order.ending:
        return "ended"
    return "" if at_counter(order) else "nothing waits any more"


def _ready(order: Order, data: Mapping[str, Any]) -> Reason:
    """A delivery order that has left, or went back a step, is not announced any more."""
    if order.lifecycle in DEAD or order.ending:
        return "ended"
    numbers = [work.delivery.number for work in ready_to_leave(order)]
    return "" if data.get("delivery") in numbers else "not ready any more"


RULES: dict[str, Callable[[Order, Mapping[str, Any]], Reason]] = {
    "verification": _verification,
    "quotation": _quotation,
    "order_placed": _unless_dead,
    "merchant_order": _unless_dead,
    "order_approved": _unless_dead,
    "order_edited": _edited,
    "order_rejected": _unless_alive,
    "order_cancelled": _unless_alive,
    "payment_instructions": _asking_for_money,
    "payment_reminder": _asking_for_money,
    "payment_failed": _asking_for_money,
    "authorization_expiring": _still_to_take,
    "authorization_lapsed": _asking_for_money,
    "payment_received": _receipt,
    "promise_changed": _promise,
    "order_ready": _ready,
    "ready_for_pickup": _at_counter,
    "pickup_reminder": _at_counter,
}
