"""Orders for the tests of fulfilment, built by their own history."""

from typing import Any

from comanda.orders.course import Course
from comanda.orders.decision import Decision
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Line, Order, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method

AT = "2026-11-21T18:00:00.000Z"
ORIGIN = Origin("staff:1", "request:1", AT)


def line(line_id: str, sku: str, quantity: int, **more: Any) -> Line:
    return Line(line_id, sku, sku.title(), quantity, 100, 100 * quantity, 0, 0, 0, 100 * quantity, **more)


def ready_order(*lines: Line, **more: Any) -> Order:
    """An approved order that ships before payment, its units allocated."""
    made = Order(
        order_id="order-1",
        number="P-000001",
        currency="MXN",
        channel=Channel.WEB,
        locale="es",
        lifecycle=Lifecycle.PLACED,
        method=Method.ON_DELIVERY,
        delivery="ship",
        created_at=AT,
        updated_at=AT,
        lines=lines or (line("1", "CAFE-1", 3, allocated=3, location="main"),),
        charges=(),
        tax_lines=(),
        totals=Totals(300, 0, 0, 0, 0, 300, True),
        terms=Terms(ship_before_payment=True),
        verified=True,
        approved=True,
        **more,
    )
    return after(None, Decision(facts=(Happened("OrderPlaced", {"order": made.to_dict()}),)))


def after(order: Order | None, decision: Decision) -> Order:
    """The order once `decision` is written."""
    return Course(order, ORIGIN).add(decision).after
