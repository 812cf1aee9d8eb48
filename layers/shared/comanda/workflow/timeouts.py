"""Commands that a deadline calls. A timeout decides nothing: each judges the order as it is now."""

from comanda.orders import ending, reservation
from comanda.orders.asking import next_reminder
from comanda.orders.authorized import warning
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.drafts.lapse import expire_quotation
from comanda.orders.edits.expire_edit import expire_edit
from comanda.orders.facts import Happened
from comanda.orders.guards import allowed
from comanda.orders.mails import mail
from comanda.orders.model import Ending, Hold, Order
from comanda.orders.pickups import pays_there, pickup_dues
from comanda.orders.reservation import expires_at, unpaid
from comanda.orders.vocabulary import CancelReason, HoldReason
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
    if pays_there(order):
        return NOTHING  # it is reminded of what waits for it
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


def warn_of_lapse(loaded: Loaded, now: str) -> Decision:
    """Tell staff of authorised money that its bank is about to let go of."""
    return warning(loaded.order, now)


def expire_reservation(loaded: Loaded, now: str) -> Decision:
    """Let go of the units of an order that was not paid in time; the order stays."""
    due = expires_at(loaded.order)
    return reservation.ask(loaded.order) if due and due <= now else NOTHING


def remind_of_pickup(loaded: Loaded, now: str) -> Decision:
    """Remind once of what waits at the counter."""
    pickup = loaded.order.pickup
    if pickup is None or pickup.reminded or pickup.remind_at not in due(loaded.order, now):
        return NOTHING
    told = mail("pickup_reminder", str(loaded.order.facts + 1))
    return Decision(facts=(Happened("PickupReminded", {}),), effects=(told,))


def end_of_pickup(loaded: Loaded, now: str) -> Decision:
    """Nobody came in time: by the terms under which it was put aside the order is cancelled as staff would
    cancel it, held for them, or only marked as late. What was partly handed over is never cancelled."""
    order, pickup = loaded.order, loaded.order.pickup
    if pickup is None or pickup.until not in due(order, now):
        return NOTHING
    late = Decision(facts=(Happened("PickupOverdue", {"until": pickup.until}),))
    if pickup.overdue == "cancel" and allowed("cancel", order):
        return late + ending.ask(order, Ending("cancelled", CancelReason.NOT_COLLECTED, "system"))
    if pickup.overdue == "none":
        return late
    hold = Hold(f"h{order.facts + 2}", HoldReason.NOT_COLLECTED, now, "system", detail=pickup.until)
    return late + Decision(facts=(Happened("HoldOpened", {"hold": hold.to_dict()}),))


def due(order: Order, now: str) -> tuple[str, ...]:
    """What of the order's pickup is due."""
    return tuple(moment for moment in pickup_dues(order) if moment <= now)


def judge_deadlines(loaded: Loaded, now: str) -> Decision:
    """The one thing that is due now, if any; what else is due comes with the next look.

    The reminder comes before the cancellation, so that nobody is cancelled unreminded.
    """
    for command in (
        expire_quotation,
        expire_unverified,
        remind_of_payment,
        warn_of_lapse,
        cancel_unpaid,
        expire_reservation,
        remind_of_pickup,
        end_of_pickup,
        expire_edit,
    ):
        decision = command(loaded, now)
        if decision.facts:
            return decision
    return NOTHING
