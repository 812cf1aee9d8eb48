"""How long an unpaid order keeps its units: the reservation expires, the order stays. Pure.

As with an ending, open attempts to pay at a provider are voided first; only when the provider confirms
do the units go back. Money that came in meanwhile keeps them. Later money, or another attempt to pay,
takes them again as far as there are any.
"""

from collections.abc import Iterable

from comanda.orders.balance import balance
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import ended, payment_allows_shipping
from comanda.orders.ending import MANUAL, open_attempts, voids
from comanda.orders.facts import Happened
from comanda.orders.goods import expiring
from comanda.orders.model import Order
from comanda.orders.vocabulary import HoldReason, Payment

ENDING, EXPIRED = "ending", "expired"
UNPAID = (Payment.PENDING, Payment.FAILED, Payment.VOIDED, Payment.PARTIALLY_PAID)


def unpaid(order: Order) -> bool:
    """Payable, alive, and no money here, promised or on its way but store credit."""
    waits = order.payment in UNPAID
    return waits and not ended(order) and order.ending is None and not balance(order.ledger).has_money


def expires_at(order: Order) -> str:
    """When the units go back for want of money; empty when they do not, or are about to."""
    waits = unpaid(order) and not payment_allows_shipping(order) and order.reservation != ENDING
    keeps = any(line.reserved or line.backordered for line in order.lines)
    return order.reserved_until if waits and keeps else ""


def ask(order: Order) -> Decision:
    """Begin to give the units back: at once, or after open attempts to pay are voided."""
    asked = Decision(facts=(Happened("ReservationEnding", {}),))
    return asked + Decision(effects=voids(order, ENDING))


def proceed(order: Order) -> Decision:
    """Go on with a reservation that is to end: keep it, wait, or give the units back."""
    if order.reservation != ENDING or order.ending is not None or ended(order):
        return NOTHING
    if not unpaid(order):
        return Decision(facts=(Happened("ReservationKept", {"reason": "payment arrived"}),))
    if any(entry.provider != MANUAL for entry in open_attempts(order)):
        return NOTHING
    return expiring(order)


def renewable(order: Order, happened: Iterable[str]) -> bool:
    """Whether an order without its units asks for them again: money has come, or somebody means to pay.

    Once a hold says that they are gone, only its release asks again.
    """
    if order.reservation != EXPIRED or ended(order) or order.ending is not None:
        return False
    if any(hold.reason == HoldReason.OUT_OF_STOCK for hold in order.open_holds):
        return False
    return balance(order.ledger).has_money or "PaymentMethodChosen" in happened
