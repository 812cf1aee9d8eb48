"""Where an order stands, in one sentence for its customer."""

from comanda.conversation.speech import Speech
from comanda.orders.derive import balance, payment_allows_shipping
from comanda.orders.model import Order, Shipment
from comanda.orders.vocabulary import Fulfilment, Lifecycle, Payment

UNDERWAY = (Fulfilment.SHIPPED, Fulfilment.PARTIALLY_SHIPPED)
UNPAID = (Payment.PENDING, Payment.PARTIALLY_PAID, Payment.VOIDED)


def state_sentence(order: Order, speech: Speech) -> str:
    """The one thing the customer wants to know first."""
    ended = _ended(order, speech)
    return ended or _moving(order, speech) or _waiting(order, speech)


def _ended(order: Order, speech: Speech) -> str:
    n = order.number
    if order.lifecycle == Lifecycle.EXPIRED:
        return speech.say("Your order request %(number)s expired: the e-mail address was not confirmed.", number=n)
    if order.lifecycle == Lifecycle.CANCELLED and order.cancel_reason == "rejected":
        return speech.say("The shop could not accept your order request %(number)s.", number=n)
    if order.lifecycle == Lifecycle.CANCELLED:
        return speech.say("Your order %(number)s was cancelled.", number=n)
    return ""


def _moving(order: Order, speech: Speech) -> str:
    """What the parcels do; empty while nothing has left the shop."""
    n, axis = order.number, order.fulfilment
    if axis == Fulfilment.DELIVERED:
        return speech.say("Your order %(number)s has been delivered.", number=n)
    if axis == Fulfilment.PARTIALLY_DELIVERED:
        return speech.say("Part of your order %(number)s has been delivered; the rest is to come.", number=n)
    if axis == Fulfilment.FAILED_DELIVERY:
        return speech.say("Your order %(number)s could not be delivered; the shop is looking into it.", number=n)
    if axis == Fulfilment.PARTIALLY_SHIPPED:
        return speech.say("Part of your order %(number)s is on its way; the rest is being prepared.", number=n)
    if axis == Fulfilment.SHIPPED:
        arrival = expected(order.shipments)
        if arrival:
            day = speech.day(arrival)
            return speech.say("Your order %(number)s is on its way and arrives on %(day)s.", number=n, day=day)
        return speech.say("Your order %(number)s is on its way.", number=n)
    return ""


def _waiting(order: Order, speech: Speech) -> str:
    n = order.number
    if order.lifecycle == Lifecycle.CLOSED:
        return speech.say("Your order %(number)s is complete.", number=n)
    if order.lifecycle == Lifecycle.AWAITING_VERIFICATION:
        return speech.say("Your order request %(number)s waits for you to confirm your e-mail address.", number=n)
    if order.payment == Payment.FAILED:
        return speech.say("The payment of your order %(number)s failed; you can pay again.", number=n)
    if not order.approved:
        return speech.say("The shop has your order request %(number)s and is reviewing it.", number=n)
    if order.payment in UNPAID and not payment_allows_shipping(order):
        amount = speech.money(amount_due(order), order.currency)
        return speech.say("Your order %(number)s is confirmed and waits for %(amount)s.", number=n, amount=amount)
    if order.fulfilment == Fulfilment.READY_FOR_PICKUP:
        return speech.say("Your order %(number)s is ready for pickup.", number=n)
    return speech.say("Your order %(number)s is confirmed and is being prepared.", number=n)


def expected(shipments: tuple[Shipment, ...]) -> str:
    """When the last parcel still under way arrives; empty when that is not known of each."""
    dates = [parcel.expected_at for parcel in shipments if not parcel.delivered_at]
    return max(dates) if dates and all(dates) else ""


def amount_due(order: Order) -> int:
    """What is still to be paid, never negative."""
    return max(order.totals.total - balance(order.ledger).kept, 0) if order.terms.payable else 0
