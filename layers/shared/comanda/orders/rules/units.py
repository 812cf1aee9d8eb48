"""What follows for the units of an order: reserved, allocated, or wanted and not to be had."""

from typing import Any

from comanda.orders import deliveries, goods, reservation
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import ended, may_allocate, payment_allows_shipping
from comanda.orders.facts import Happened
from comanda.orders.model import Order
from comanda.orders.put_back import fallen_away
from comanda.orders.rules import life
from comanda.orders.vocabulary import HoldReason


def reservation_goes_on(course: Course, after: Order) -> Decision:
    return reservation.proceed(after)


def expired_reservation_is_renewed(course: Course, after: Order) -> Decision:
    """Money, or another attempt to pay, for an order whose units went back: they are taken again."""
    wanted = reservation.renewable(after, [fact.type for fact in course.facts])
    return goods.reserving(after) if wanted else NOTHING


def expired_reservation_holds(course: Course, after: Order) -> Decision:
    short = reservation.renewable(after, ()) and goods.reserving(after).facts
    return life.holding(course, HoldReason.OUT_OF_STOCK) if short else NOTHING


def confirmation_reserves(course: Course, after: Order) -> Decision:
    """Payment methods that reserve nothing at placing do so when the merchant confirms."""
    return goods.reserving(after) if _confirmed(after) else NOTHING


def confirmation_holds(course: Course, after: Order) -> Decision:
    short = _confirmed(after) and goods.reserving(after).facts
    return life.holding(course, HoldReason.OUT_OF_STOCK) if short else NOTHING


def allocation(course: Course, after: Order) -> Decision:
    return goods.allocating(after) if may_allocate(after) else NOTHING


def deallocation(course: Course, after: Order) -> Decision:
    """The money that made the units this order's own has come back: they wait for it like any others, and
    go back in time. Goods that leave before they are paid stay allocated."""
    lost = reservation.unpaid(after) and not payment_allows_shipping(after)
    return goods.deallocating(after) if lost else NOTHING


def deliveries_are_planned(course: Course, after: Order) -> Decision:
    """Delivery orders follow the lines, from the confirmation on; what the lines tell by themselves is not
    written down."""
    if not after.approved or _plain(after):
        return NOTHING
    plan = deliveries.planned(after)
    if not deliveries.needs_telling(after, plan):
        return NOTHING
    told: dict[str, Any] = {"deliveries": [one.to_dict() for one in plan]}
    back = fallen_away(course.before, after, plan)
    told |= {"put_back": [one.to_dict() for one in back]} if back else {}
    return Decision(facts=(Happened("DeliveriesPlanned", told),))


def _plain(order: Order) -> bool:
    """All of it leaves its own location, as soon as may be."""
    lines = order.lines
    return not order.deliveries and not any(
        line.held or line.backordered or line.location != lines[0].location for line in lines
    )


def _confirmed(after: Order) -> bool:
    """Once a hold says that the stock was gone, only its release asks for it again."""
    short = any(hold.reason == HoldReason.OUT_OF_STOCK for hold in after.open_holds)
    waits = short or after.reservation == reservation.EXPIRED
    return after.terms.reserve_on == "confirmed" and after.approved and not ended(after) and not waits
