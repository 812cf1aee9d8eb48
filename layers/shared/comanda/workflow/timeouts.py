"""Commands that a deadline calls. A timeout decides nothing: each judges the order as it is now."""

from comanda.orders import ending, reservation
from comanda.orders.asking import next_reminder
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.drafts.lapse import expire_quotation
from comanda.orders.edits.expire_edit import expire_edit
from comanda.orders.facts import Happened
from comanda.orders.guards import allowed
from comanda.orders.mails import mail
from comanda.orders.model import Ending
from comanda.orders.reservation import expires_at, unpaid
from comanda.workflow.judge import pay_by


def expire_unverified(loaded: Loaded, now: str) -> Decision:
    """End a guest's order that was never confirmed, unless there is money in it."""
    order = loaded.order
    if order.terms.verify_by > now or not allowed("expire", order):
        return NOTHING
    return ending.ask(order, Ending("expired", "expired", "system", refund=False))


def remind_of_payment(loaded: Loaded, now: str) -> Decision:
    """Remind of a payment that has not come, once at each of the times that the order was placed under."""
    order = loaded.order
    if not unpaid(order) or order.reminded or not order.terms.remind_at or order.terms.remind_at > now:
        return NOTHING
    limit = pay_by(order)
    if order.terms.remind_at in order.terms.reminders and limit and limit <= now:
        return NOTHING  # it was reminded of before, and its time is up
    last = {"last": True} if order.terms.reminders and not next_reminder(order.terms, now) else {}
    told = mail("payment_reminder", str(order.facts + 1), **last)
    return Decision(facts=(Happened("PaymentReminded", {}),), effects=(told,))


def cancel_unpaid(loaded: Loaded, now: str) -> Decision:
    """Cancel an order that was not paid in time; open attempts are voided first."""
    order = loaded.order
    due = pay_by(order)
    if not unpaid(order) or not due or due > now:
        return NOTHING
    return ending.ask(order, Ending("cancelled", "unpaid", "system"))


def expire_reservation(loaded: Loaded, now: str) -> Decision:
    """Let go of the units of an order that was not paid in time; the order stays."""
    due = expires_at(loaded.order)
    return reservation.ask(loaded.order) if due and due <= now else NOTHING


def judge_deadlines(loaded: Loaded, now: str) -> Decision:
    """The one thing that is due now, if any; what else is due comes with the next look.

    The reminder comes before the cancellation, so that nobody is cancelled unreminded.
    """
    for command in (
        expire_quotation,
        expire_unverified,
        remind_of_payment,
        cancel_unpaid,
        expire_reservation,
        expire_edit,
    ):
        decision = command(loaded, now)
        if decision.facts:
            return decision
    return NOTHING
