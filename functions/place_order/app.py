"""POST /orders — a storefront places an order."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda import wiring
from comanda.orders.wire import OrderBody
from comanda.runtime.http import answer, answers, http_function, idempotency_key
from comanda.storefront.checkout import place

app, lambda_handler = http_function()


@app.post(
    "/orders",
    description="Place an order; guests get a mail to confirm their address.",
    responses=answers(201, "The order, its access token and how to pay"),
)
def post(body: OrderBody) -> Response[dict[str, Any]]:
    """201 with the order, its access token and how to pay."""
    event = app.current_event.raw_event
    placed = place(body, event, idempotency_key(event), wiring.checkout())
    return answer(placed.body, 201, {"Idempotent-Replay": "true"} if placed.replayed else {})
