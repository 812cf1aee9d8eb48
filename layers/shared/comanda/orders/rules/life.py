"""What follows for an order's life: approved by itself, ended, held."""

from comanda.orders import ending
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import ended
from comanda.orders.edits.expire_edit import expired
from comanda.orders.facts import Happened
from comanda.orders.model import Hold, Order
from comanda.orders.vocabulary import HoldReason, Lifecycle


def approved_by_itself(course: Course, after: Order) -> Decision:
    if after.terms.approval != "automatic" or after.approved or after.lifecycle != Lifecycle.PLACED:
        return NOTHING
    return Decision(facts=(Happened("OrderApproved", {"by": "setting"}, "customer"),))


def ending_goes_on(course: Course, after: Order) -> Decision:
    return ending.proceed(after)


def open_edit_ends_with_it(course: Course, after: Order) -> Decision:
    return expired(after, "ended") if ended(after) else NOTHING


def holding(course: Course, reason: HoldReason) -> Decision:
    """The order waits for a person, and says why."""
    hold = Hold(f"h{course.after.facts + 1}", reason, course.origin.at, "system")
    return Decision(facts=(Happened("HoldOpened", {"hold": hold.to_dict()}),))


def over(order: Order) -> bool:
    """It came to nothing; a closed order did not."""
    return order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED)
