"""What follows from money that was authorised, or came too late."""

from comanda.orders import ending, goods
from comanda.orders.authorized import taking_what_is_due
from comanda.orders.balance import Balance, balance
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision, Effect
from comanda.orders.facts import Happened
from comanda.orders.model import Order
from comanda.orders.rules import life
from comanda.orders.vocabulary import HoldReason


def capture_follows(course: Course, after: Order) -> Decision:
    """What is authorised is taken once the merchant has agreed, or when it comes after that. Where the amount
    does not fit a person looks first."""
    wrong = any(hold.reason == HoldReason.PAYMENT_MISMATCH for hold in after.open_holds)
    if not after.approved or ending.over(after) or wrong:
        return NOTHING
    return taking_what_is_due(after)


def late_payment_revives(course: Course, after: Order) -> Decision:
    """All the money for an order that ended for want of it: take the stock again and go on."""
    if not _late_money(course, after):
        return NOTHING
    whole = balance(after.ledger).kept >= after.totals.total
    if after.cancel_reason not in ending.FOR_WANT_OF_MONEY or not whole:
        return late_payment_holds(course, after)
    revived = Course(after, course.origin).add(Decision(facts=(Happened("OrderRevived", {}, "customer"),)))
    run = after.run + 1
    return (
        revived.decision
        + goods.reserving(revived.after)
        + Decision(
            facts=(Happened("RunStarted", {"run": run}),),
            effects=(Effect(f"run-{run}", "lifecycle", {"run": run}),),
        )
    )


def late_payment_holds(course: Course, after: Order) -> Decision:
    """Money for an order that cannot go on: a person decides, refund is one click."""
    return life.holding(course, HoldReason.LATE_PAYMENT) if _late_money(course, after) else NOTHING


def _late_money(course: Course, after: Order) -> bool:
    """Money came after the end, or while it was under way and nothing was to be given back."""
    before = course.before
    if before is None or sums(before).captured >= balance(after.ledger).captured:
        return False
    ending_keeps_it = before.ending is not None and not before.ending.refund and life.over(after)
    return life.over(before) or ending_keeps_it


def sums(order: Order | None) -> Balance:
    return balance(order.ledger) if order else Balance()
