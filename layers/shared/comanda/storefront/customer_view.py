"""The order as its customer gets it over the API."""

from collections.abc import Iterable
from typing import Any

from comanda.conversation.history import customer_history
from comanda.orders.derive import amount_due, ended
from comanda.orders.facts import Fact
from comanda.orders.model import Order
from comanda.orders.wire import line_answer, money, shipment_answer, totals_answer


def customer_view(
    order: Order, facts: Iterable[Fact], action: dict[str, Any] | None, *, locale: str, country: str
) -> dict[str, Any]:
    """`GET /orders/{id}` of the contract; no internal fact and no internal note is in it."""
    view: dict[str, Any] = {
        "order_id": order.order_id,
        "number": order.number,
        "created_at": order.created_at,
        "lifecycle": order.lifecycle,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        "returns": order.returns,
        "verified": order.verified,
        "approved": order.approved,
        "payment_method": order.method,
        "delivery": order.delivery,
        "delivery_slot": order.delivery_slot or None,
        "lines": [line_answer(line, order.currency) for line in order.lines],
        "shipments": [shipment_answer(shipment) for shipment in order.shipments],
        "totals": totals_answer(order),
        "due": money(0 if ended(order) else max(amount_due(order), 0), order.currency),
        "history": customer_history(facts, locale, country),
        "messages": [],
    }
    return view | ({"payment_action": action} if action else {})
