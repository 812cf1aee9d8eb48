"""An open edit ends by itself: not accepted in time, left behind by the order, or the order has ended."""

from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.facts import Happened
from comanda.orders.model import Order


def expired(order: Order, why: str) -> Decision:
    """End the open edit, if there is one. `why`: expired | stale | ended."""
    if order.edit is None:
        return NOTHING
    data = {"edit_id": order.edit.edit_id, "why": why}
    seen = "customer" if order.edit.asked_until else "internal"
    return Decision(facts=(Happened("EditExpired", data, seen),), forgotten=order.edit.texts)


def expire_edit(loaded: Loaded, now: str) -> Decision:
    """The customer did not accept in time."""
    until = edit_until(loaded.order)
    return expired(loaded.order, "expired") if until and until <= now else NOTHING


def edit_until(order: Order) -> str:
    """Until when the customer may accept the open edit; empty when nobody was asked."""
    return order.edit.asked_until if order.edit else ""
