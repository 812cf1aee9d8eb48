"""What the customer is told by mail."""

from comanda.customers.wallet import CREDIT
from comanda.orders.balance import balance
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.delivery_status import ready_to_leave
from comanda.orders.derive import LAPSED_MARK, amount_due, ended
from comanda.orders.facts import Happened
from comanda.orders.mails import mail
from comanda.orders.model import Order
from comanda.orders.refunds import BY_HAND, NOT_FOUND
from comanda.orders.rules import money
from comanda.orders.vocabulary import UNPLACED, Lifecycle, Payment

BOUNCES = ("PaymentBounced", "ChequeBounced")


def verified_customer_gets_order(course: Course, after: Order) -> Decision:
    before = course.before
    fresh = after.verified and not (before and before.verified)
    return Decision(effects=(mail("order_placed"),)) if fresh and not ended(after) else NOTHING


def approval_is_told(course: Course, after: Order) -> Decision:
    fresh = after.approved and not (course.before and course.before.approved)
    told = fresh and after.terms.approval == "manual" and not ended(after)
    return Decision(effects=(mail("order_approved"),)) if told else NOTHING


def money_is_told(course: Course, after: Order) -> Decision:
    """Receipts for money in and out, and a word when a payment failed; staff hear of a lapse."""
    then, now = money.sums(course.before), balance(after.ledger)
    key = str(after.facts)
    decision = NOTHING
    if now.captured > then.captured and after.terms.receipt:
        amount = now.captured - then.captured
        decision += Decision(effects=(mail("payment_received", key, amount=amount),))
    given = (now.refunded - now.disputed) - (then.refunded - then.disputed)
    given -= _told_already(course, after)
    if given > 0:  # what a bank takes back after a dispute is not our refund
        credit = _credited(after) - (_credited(course.before) if course.before else 0)
        told = {"credit": credit} if credit else {}
        decision += Decision(effects=(mail("refunded", key, amount=given, **told),))
    if any(fact.type == "AuthorizationLapsed" for fact in course.facts) and amount_due(after) > 0:
        decision += Decision(effects=(mail(LAPSED_MARK, key),))
    return decision + _failure_told(course, after, key)


def _failure_told(course: Course, after: Order, key: str) -> Decision:
    """Once for a payment that failed, or that came back unless staff tell the customer themselves."""
    bounced = next((fact.data for fact in course.facts if fact.type in BOUNCES), None)
    if bounced:
        asked = bounced["notify"] and not ended(after) and amount_due(after) > 0
        told = mail("payment_failed", key, amount=bounced["entry"]["amount"], bounced=True)
        return Decision(effects=(told,)) if asked else NOTHING
    failed = after.payment == Payment.FAILED and course.before and course.before.payment != Payment.FAILED
    return Decision(effects=(mail("payment_failed", key),)) if failed else NOTHING


def end_is_told(course: Course, after: Order) -> Decision:
    """A guest who never confirmed the address is not written to about it; nor is anybody about a draft."""
    silent = (Lifecycle.CANCELLED, *UNPLACED)
    if after.lifecycle != Lifecycle.CANCELLED or (course.before and course.before.lifecycle in silent):
        return NOTHING
    event = "order_rejected" if after.cancel_reason == "rejected" else "order_cancelled"
    return Decision(effects=(mail(event, str(after.facts)),))


def deliveries_are_told(course: Course, after: Order) -> Decision:
    """One mail per parcel that arrived; a late word about one that has come back since is not told."""
    known = {s.shipment_id for s in course.before.shipments if s.delivered_at} if course.before else set()
    here = [s.shipment_id for s in after.shipments if s.status == "delivered"]
    arrived = [shipment for shipment in here if shipment not in known]
    mails = tuple(mail("delivered", shipment, shipment_id=shipment) for shipment in arrived)
    return Decision(effects=mails)


def readiness_is_told(course: Course, after: Order) -> Decision:
    """Once for each delivery order, if the shop wanted it when the order was placed. What leaves within the
    same decision is told by its parcel."""
    if not after.terms.ready_mail:
        return NOTHING
    ready = [work.delivery.number for work in ready_to_leave(after)]
    fresh = [number for number in ready if number not in after.told_ready]
    if not fresh:
        return NOTHING
    return Decision(
        facts=(Happened("DeliveriesReady", {"deliveries": fresh}, "customer"),),
        effects=tuple(mail("order_ready", str(number), delivery=number) for number in fresh),
    )


def _told_already(course: Course, after: Order) -> int:
    """Money for units that were not found: its customer read of it with the change of the order. What people
    pay back by hand goes later, and is told then."""
    known = {e.entry_id for e in course.before.ledger if e.status == "ok"} if course.before else set()
    fresh = (e for e in after.ledger if e.kind == "refund" and e.status == "ok" and e.entry_id not in known)
    return sum(e.amount for e in fresh if e.reason == NOT_FOUND and e.provider not in BY_HAND)


def _credited(order: Order) -> int:
    """What went back into the customer's store credit."""
    back = (e for e in order.ledger if e.kind == "refund" and e.status == "ok" and e.provider == CREDIT)
    return sum(entry.amount for entry in back)
