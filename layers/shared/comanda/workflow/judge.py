"""Whether a waiting order can go on, and until when it waits. Pure."""

from comanda.orders.authorized import unwarned
from comanda.orders.derive import ended, payment_allows_shipping
from comanda.orders.edits.expire_edit import edit_until
from comanda.orders.model import Order
from comanda.orders.pickups import pays_there, pickup_dues
from comanda.orders.reservation import expires_at, unpaid
from comanda.orders.vocabulary import Fulfilment, HoldReason, Lifecycle, Payment

GO_ON, AGAIN, ENDED, NEXT_RUN = "go_on", "again", "ended", "next_run"
NEVER = "9999-12-31T23:59:59.999Z"
SETTLED = (
    Payment.NONE,
    Payment.PAID,
    Payment.OVERPAID,
    Payment.PARTIALLY_REFUNDED,
    Payment.REFUNDED,
)


def outcome(kind: str, run: int, order: Order) -> str:
    """What a wait of this kind and run is answered; empty while the order has to wait."""
    if order.run > run:
        return NEXT_RUN
    if kind == "retry":
        return _after_hold(order)
    if ended(order):
        return ENDED
    return GO_ON if CONDITIONS[kind](order) else ""


def _after_hold(order: Order) -> str:
    """Once its hold is released the step runs again. What failed in an order that has ended meanwhile
    matters no more, unless it was the closing itself."""
    failed = [hold.detail for hold in order.open_holds if hold.reason == HoldReason.STEP_FAILED]
    if ended(order):
        return "" if any(detail.startswith("close:") for detail in failed) else ENDED
    return "" if failed else AGAIN


def _all_shipped(order: Order) -> bool:
    return all(line.to_ship <= 0 for line in order.lines)


def _delivered_and_settled(order: Order) -> bool:
    return order.fulfilment == Fulfilment.DELIVERED and order.payment in SETTLED


CONDITIONS = {
    "verification": lambda order: order.lifecycle != Lifecycle.AWAITING_VERIFICATION,
    "approval": lambda order: order.approved,
    "payment": payment_allows_shipping,
    "fulfilment": _all_shipped,
    "delivery": _delivered_and_settled,
}


def deadline(order: Order) -> str:
    """When something has to be judged next, whatever the execution waits for; NEVER when nothing.

    Payment may come before verification and approval, so its deadlines run from the placing on.
    """
    moments = []
    if order.lifecycle == Lifecycle.AWAITING_VERIFICATION:
        moments.append(order.terms.verify_by)
    if unpaid(order):
        moments += [pay_by(order), expires_at(order)]
        if not order.reminded and not pays_there(order):
            moments.append(order.terms.remind_at)
    moments += pickup_dues(order)
    moments.append(edit_until(order))
    moments += [moment for moment, _ in unwarned(order)]
    return min((moment for moment in moments if moment), default=NEVER)


def pay_by(order: Order) -> str:
    """When the order is cancelled for want of money; empty when never. What has been shipped is not
    cancelled by itself: somebody has to collect the money or take the goods back. What waits at the counter
    to be paid there has the time for fetching it."""
    gone = any(line.shipped for line in order.lines)
    return "" if gone or pays_there(order) else order.terms.pay_by
