"""Statuses as a pure function of line quantities and the ledger; nothing sets one by hand."""

from collections.abc import Iterable
from dataclasses import replace

from comanda.orders.balance import BOUNCED, Balance, balance, deposited, open_authorizations
from comanda.orders.model import Entry, Line, Order, Shipment
from comanda.orders.pickups import at_counter
from comanda.orders.vocabulary import (
    ENDED,
    ERROR_HOLDS,
    GIVEN_UP,
    Fulfilment,
    Label,
    Lifecycle,
    Payment,
    Stage,
)

DEPOSITED_MARK, BOUNCED_MARK = "cheque_deposited", "cheque_bounced"
EXPIRING_MARK, LAPSED_MARK = "authorization_expiring", "authorization_lapsed"
LAPSED = "lapsed"  # why an authorisation is void: its bank let go of the money
MARKS = (
    DEPOSITED_MARK,
    BOUNCED_MARK,
    EXPIRING_MARK,
    LAPSED_MARK,
)  # what the money of an order waits for, as lists show it
SOLD = frozenset({Payment.PAID, Payment.OVERPAID, Payment.PARTIALLY_REFUNDED, Payment.REFUNDED})
SETTLED = frozenset({Payment.PAID, Payment.OVERPAID, Payment.NONE})  # nothing is due
KEPT = frozenset({Payment.PAID, Payment.PARTIALLY_PAID, Payment.PARTIALLY_REFUNDED})
FAILED_SHIPMENT = frozenset({"returned_to_sender", "lost"})


def payment_axis(total: int, payable: bool, ledger: Iterable[Entry]) -> Payment:
    """The payment status of an order that owes `total`."""
    sums = balance(ledger)
    if sums.captured:
        return _paid_axis(total, sums)
    if not payable:
        return Payment.NONE
    if total == 0:
        return Payment.PAID
    if sums.authorized:
        return Payment.AUTHORIZED if sums.authorized >= total else Payment.PENDING
    if sums.processing or sums.waiting:
        return Payment.PENDING
    if sums.failed:
        return Payment.FAILED
    return Payment.VOIDED if sums.voided else Payment.PENDING


def _paid_axis(total: int, sums: Balance) -> Payment:
    if sums.refunded >= sums.captured:
        return Payment.REFUNDED
    if sums.kept >= total:
        return Payment.PAID if sums.kept == total else Payment.OVERPAID
    return Payment.PARTIALLY_REFUNDED if sums.refunded else Payment.PARTIALLY_PAID


def amount_due(order: Order) -> int:
    """What is still to be paid, in minor units; negative when too much was paid.

    What was given back of an order that had been paid in full is not asked for again, nor is it when the
    order is edited afterwards; what an edit adds is.
    """
    if not order.terms.payable:
        return 0
    sums = balance(order.ledger)
    due = order.totals.total - sums.kept - order.waived
    return min(due, 0) if _once_paid(order, sums.captured - sums.disputed) else due


def to_ask(order: Order) -> int:
    """What is due and not authorised: what another payment is begun for, in minor units."""
    return amount_due(order) - balance(order.ledger).authorized


def _once_paid(order: Order, captured: int) -> bool:
    """Whether the order as it is since its last edit had all its money at some time."""
    return captured - order.given_back + order.waived >= order.totals.total


def fulfilment_axis(
    lines: Iterable[Line], shipments: Iterable[Shipment], *, waits: bool = False
) -> Fulfilment:
    """Precedence: all delivered, any delivered, all shipped, any shipped, then what is being prepared.
    `waits`: some of it is at the counter for its customer."""
    live = [line for line in lines if line.wanted > 0]
    if not live:
        return Fulfilment.UNFULFILLED
    wanted = sum(line.wanted for line in live)
    delivered = sum(line.delivered for line in live)
    shipped = sum(line.shipped for line in live)
    if delivered >= wanted:
        return Fulfilment.DELIVERED
    if delivered:
        return Fulfilment.PARTIALLY_DELIVERED
    parcels = tuple(shipments)
    if shipped and parcels and all(parcel.status in FAILED_SHIPMENT for parcel in parcels):
        return Fulfilment.FAILED_DELIVERY
    if shipped >= wanted:
        return Fulfilment.SHIPPED
    if shipped:
        return Fulfilment.PARTIALLY_SHIPPED
    if waits:
        return Fulfilment.READY_FOR_PICKUP
    if any(line.picked for line in live):
        return Fulfilment.PICKING
    short = any(line.backordered for line in live)
    return Fulfilment.BACKORDER if short else Fulfilment.UNFULFILLED


def derived(order: Order) -> Order:
    """The order with its axes derived anew."""
    payment = payment_axis(order.totals.total, order.terms.payable, order.ledger)
    if payment in KEPT and (order.given_back or order.waived):  # money went back before an edit
        due = amount_due(order)
        if due > 0 and payment == Payment.PARTIALLY_REFUNDED:
            payment = Payment.PARTIALLY_PAID  # which asks for more
        elif due < 0:
            payment = Payment.OVERPAID  # and was paid more than it asked for
    return replace(
        order,
        payment=payment,
        fulfilment=_prepared(order),
        money=_mark(order),
    )


def _prepared(order: Order) -> Fulfilment:
    """An order that has ended is being picked until what was picked of it lies on the shelf again."""
    return Fulfilment.PICKING if _is_put_back(order) else _moved(order)


def fulfilment_told(order: Order) -> Fulfilment:
    """What its customer is told of the goods: what is put back after the order's end is the shop's own
    affair. Holds for an order that was read without its shipments, too."""
    return _moved(order) if _is_put_back(order) else Fulfilment(order.fulfilment)


def _is_put_back(order: Order) -> bool:
    return bool(order.put_back) and order.lifecycle in GIVEN_UP


def _moved(order: Order) -> Fulfilment:
    return fulfilment_axis(order.lines, order.shipments, waits=bool(at_counter(order)))


def _mark(order: Order) -> str:
    """What staff wait for: the bank's word about a cheque, money in place of one that bounced or of an
    authorisation that lapsed; or what they have to take soon."""
    held = [e for e in order.ledger if e.kind == "authorization"]
    if held and not ended(order) and amount_due(order) > 0:
        still = open_authorizations(order.ledger)
        if any(entry.warned for entry in still):
            return EXPIRING_MARK
        if not still and any(entry.reason == LAPSED for entry in held):
            return LAPSED_MARK
    cheques = [e for e in order.ledger if e.kind == "intent" and e.on]
    if not cheques or ended(order) or amount_due(order) <= 0:
        return ""
    if deposited(cheques):
        return DEPOSITED_MARK
    bounced = any((e.status, e.reason) == ("failed", BOUNCED) for e in cheques)
    return BOUNCED_MARK if bounced else ""


def label(order: Order) -> Label | None:
    """The merchants' word for the order; None before they know of it and after it ended unsold."""
    if order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED, Lifecycle.DRAFT, Lifecycle.QUOTED):
        return None
    holds = order.open_holds
    if any(hold.reason in ERROR_HOLDS for hold in holds):
        return Label.ERROR
    if order.fulfilment == Fulfilment.DELIVERED:
        return Label.DELIVERED
    if order.fulfilment in (Fulfilment.SHIPPED, Fulfilment.PARTIALLY_DELIVERED):
        return Label.SHIPPED
    if order.lifecycle == Lifecycle.AWAITING_VERIFICATION:
        return None
    if holds or not order.approved:
        return Label.TO_REVIEW
    if order.fulfilment == Fulfilment.READY_FOR_PICKUP or not order.terms.payable:
        return Label.PROCESSED
    return Label.PENDING


def stage(order: Order) -> Stage | None:
    """The order in the words of those who sell by quotation; None after it ended unsold.

    It is an `order` once its money came, even if some was given back; where the method ships before
    payment, or nothing is to be paid, once the merchant confirmed it.
    """
    if order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED):
        return None
    if order.lifecycle == Lifecycle.DRAFT:
        return Stage.QUOTATION
    trusted = order.approved and (order.terms.ship_before_payment or not order.terms.payable)
    return Stage.ORDER if trusted or order.payment in SOLD else Stage.QUOTATION_SENT


def ended(order: Order) -> bool:
    return order.lifecycle in ENDED


def may_allocate(order: Order) -> bool:
    """Stock moves from reserved to allocated once the merchant agreed and the money allows shipping."""
    return order.approved and not ended(order) and payment_allows_shipping(order)


def payment_allows_shipping(order: Order) -> bool:
    """Paid in full, or the payment method ships first."""
    if order.terms.ship_before_payment or not order.terms.payable:
        return True
    return order.payment in (Payment.PAID, Payment.OVERPAID) or _covered_after_refund(order)


def _covered_after_refund(order: Order) -> bool:
    """What we gave back was ours to give; what a bank took back after a dispute is missing."""
    sums = balance(order.ledger)
    return order.payment == Payment.PARTIALLY_REFUNDED and _once_paid(order, sums.captured - sums.disputed)
