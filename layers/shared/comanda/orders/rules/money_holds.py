"""Holds about money that close by themselves once there is nothing to look at any more. Pure."""

from comanda.orders.balance import BOUNCED, balance
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import amount_due
from comanda.orders.facts import Happened
from comanda.orders.model import Hold, Order
from comanda.orders.rules import life
from comanda.orders.vocabulary import HoldReason


def late_money_given_back(course: Course, after: Order) -> Decision:
    """Once nothing of it is here any more, nobody has to look at it."""
    if balance(after.ledger).kept > 0:
        return NOTHING
    return _released([hold for hold in after.open_holds if hold.reason == HoldReason.LATE_PAYMENT])


def bounce_settled(course: Course, after: Order) -> Decision:
    """A payment that came back was made good, stands after all, or is for an order that has ended."""
    done = amount_due(after) <= 0 or life.over(after)
    held = [hold for hold in after.open_holds if hold.reason == HoldReason.PAYMENT_BOUNCED and hold.detail]
    return _released([hold for hold in held if done or not _stays_away(after, hold)])


def _stays_away(order: Order, hold: Hold) -> bool:
    bounced = (e.entry_id for e in order.ledger if BOUNCED in (e.status, e.status == "failed" and e.reason))
    return any(hold.detail.startswith(f"{entry_id}: ") for entry_id in bounced)


def disputes_won(course: Course, after: Order) -> Decision:
    """Every dispute of the order ended with the money here: as if nothing had been."""
    told = any(fact.type == "DisputeClosed" for fact in course.facts)
    if not told or any(entry.kind == "dispute" and entry.status != "void" for entry in after.ledger):
        return NOTHING
    return _released([hold for hold in after.open_holds if hold.reason == HoldReason.DISPUTE])


def _released(holds: list[Hold]) -> Decision:
    return Decision(facts=tuple(Happened("HoldReleased", {"hold_id": hold.hold_id}) for hold in holds))
