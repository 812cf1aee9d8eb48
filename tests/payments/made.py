"""Orders for the tests of payments, built by their own history."""

from typing import Any

from comanda.orders.course import Course
from comanda.orders.decision import Decision
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Entry, Line, Order, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method

AT = "2026-11-21T18:00:00.000Z"
ORIGIN = Origin("system", "test", AT)
TOTAL = 23_200


def unpaid_order(*entries: Entry, method: Method = Method.STRIPE, **more: Any) -> Order:
    """A placed order that owes 232 pesos, with these attempts to pay."""
    line = Line("1", "CAFE-1", "Café", 2, 11_600, 23_200, 0, 3_200, 160_000, 23_200, reserved=2)
    made = Order(
        order_id="order-1",
        number="P-000001",
        currency="MXN",
        channel=Channel.WEB,
        locale="es",
        lifecycle=Lifecycle.PLACED,
        method=method,
        delivery="ship",
        created_at=AT,
        updated_at=AT,
        lines=(line,),
        charges=(),
        tax_lines=(),
        totals=Totals(TOTAL, 0, 0, 0, 3_200, TOTAL, True),
        terms=more.pop("terms", Terms()),
        verified=True,
        **more,
    )
    order = after(None, Decision(facts=(Happened("OrderPlaced", {"order": made.to_dict()}),)))
    for entry in entries:
        order = after(order, Decision(facts=(Happened("PaymentStarted", {"entry": entry.to_dict()}),)))
    return order


def intent(ref: str = "pi_0001", amount: int = TOTAL, **more: Any) -> Entry:
    """An open attempt at the provider."""
    return Entry(
        f"stripe:intent:{ref}", "intent", "stripe", "stripe", amount, "MXN", "pending", AT, ref, **more
    )


def transfer(number: int = 1, amount: int = TOTAL) -> Entry:
    """An open attempt to pay by bank transfer."""
    ref = f"bank_transfer-{number}"
    return Entry(
        f"manual:intent:{ref}", "intent", "bank_transfer", "manual", amount, "MXN", "pending", AT, ref
    )


def after(order: Order | None, decision: Decision) -> Order:
    """The order once `decision` is written."""
    return Course(order, ORIGIN).add(decision).after
