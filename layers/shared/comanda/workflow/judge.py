"""Whether a waiting order can go on, and until when it waits. Pure."""

from comanda.orders.derive import balance, ended, payment_allows_shipping
from comanda.orders.model import Order
from comanda.orders.vocabulary import Fulfilment, HoldReason, Lifecycle, Payment

GO_ON, ENDED, NEXT_RUN = "go_on", "ended", "next_run"
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
        return "" if _step_failed(order) else GO_ON
    if ended(order):
        return ENDED
    return GO_ON if CONDITIONS[kind](order) else ""


def _step_failed(order: Order) -> bool:
    return any(hold.reason == HoldReason.STEP_FAILED for hold in order.open_holds)


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
        moments.append(order.terms.pay_by)
        if not order.reminded:
            moments.append(order.terms.remind_at)
    return min((moment for moment in moments if moment), default=NEVER)


def unpaid(order: Order) -> bool:
    """Payable, alive, and no money here, promised or on its way."""
    waits = order.payment in (Payment.PENDING, Payment.FAILED, Payment.VOIDED)
    return waits and not ended(order) and order.ending is None and not balance(order.ledger).has_money
