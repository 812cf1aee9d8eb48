"""Where an order stands, in one sentence for its customer."""

from comanda.conversation.speech import N_, Speech
from comanda.orders import derive
from comanda.orders.derive import payment_allows_shipping
from comanda.orders.model import Order, Shipment
from comanda.orders.pickups import at_counter
from comanda.orders.vocabulary import Fulfilment, Lifecycle, Payment

MOVING = {
    Fulfilment.DELIVERED: N_("Your order %(number)s has been delivered."),
    Fulfilment.PARTIALLY_DELIVERED: N_(
        "Part of your order %(number)s has been delivered; the rest is still to come."
    ),
    Fulfilment.FAILED_DELIVERY: N_("Your order %(number)s could not be delivered; the shop looks into it."),
    Fulfilment.PARTIALLY_SHIPPED: N_("Part of your order %(number)s is on its way; we prepare the rest."),
    Fulfilment.SHIPPED: N_("Your order %(number)s is on its way."),
}
UNPAID = (Payment.PENDING, Payment.PARTIALLY_PAID, Payment.VOIDED)


def state_sentence(order: Order, speech: Speech) -> str:
    """The one thing the customer wants to know first."""
    ended = _ended(order, speech)
    return ended or _moving(order, speech) or _waiting(order, speech)


def _ended(order: Order, speech: Speech) -> str:
    text = ""
    if order.lifecycle == Lifecycle.EXPIRED and order.cancel_reason == "quotation":
        text = N_("Your quotation %(number)s expired.")
    elif order.lifecycle == Lifecycle.EXPIRED:
        text = N_("Your order request %(number)s expired: the e-mail address was not confirmed.")
    elif order.lifecycle == Lifecycle.CANCELLED and order.cancel_reason == "rejected":
        text = N_("The shop could not accept your order request %(number)s.")
    elif order.lifecycle == Lifecycle.CANCELLED:
        text = N_("Your order %(number)s was cancelled.")
    return speech.say(text, number=order.number) if text else ""


def _moving(order: Order, speech: Speech) -> str:
    """What the parcels do; empty while nothing has left the shop."""
    arrival = expected(order.shipments)
    if order.fulfilment == Fulfilment.SHIPPED and arrival:
        text = N_("Your order %(number)s is on its way and arrives on %(day)s.")
        return speech.say(text, number=order.number, day=speech.day(arrival))
    text = MOVING.get(order.fulfilment, "")
    return speech.say(text, number=order.number) if text else ""


def _waiting(order: Order, speech: Speech) -> str:
    if order.approved and order.payment in UNPAID and not payment_allows_shipping(order):
        amount = speech.money(amount_due(order), order.currency)
        text = N_("Your order %(number)s is confirmed and waits for your payment of %(amount)s.")
        return speech.say(text, number=order.number, amount=amount)
    return speech.say(_waiting_text(order), number=order.number)


def _waiting_text(order: Order) -> str:
    if order.lifecycle == Lifecycle.CLOSED:
        return N_("Your order %(number)s is complete.")
    if order.lifecycle == Lifecycle.AWAITING_VERIFICATION:
        return N_("Your order request %(number)s waits for you to confirm your e-mail address.")
    if order.payment == Payment.FAILED:
        return N_("The payment of your order %(number)s failed; you can pay again.")
    if not order.approved:
        return N_("The shop has your order request %(number)s and is reviewing it.")
    if order.fulfilment == Fulfilment.READY_FOR_PICKUP:
        part = any(line.to_ship > 0 for line in order.lines if (line, line.to_ship) not in at_counter(order))
        text = N_("Your order %(number)s is ready for pickup.")
        return N_("Part of your order %(number)s is ready for pickup.") if part else text
    return N_("Your order %(number)s is confirmed and is being prepared.")


def expected(shipments: tuple[Shipment, ...]) -> str:
    """When the last parcel still under way arrives; empty when that is not known of each."""
    dates = [parcel.expected_at for parcel in shipments if not parcel.delivered_at]
    return max(dates) if dates and all(dates) else ""


def amount_due(order: Order) -> int:
    """What is still to be paid, never negative."""
    return max(derive.amount_due(order), 0)
