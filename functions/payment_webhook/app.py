"""POST /webhooks/payments/{provider} — a payment provider tells us something; it is verified and stored."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda import wiring
from comanda.runtime.http import answer, http_function

app, lambda_handler = http_function()


@app.post("/webhooks/payments/<provider>", description="A payment provider's webhook, in its own form.")
def post(provider: str) -> Response[dict[str, Any]]:
    """200 once stored; 401 without a genuine signature."""
    wiring.payment_webhooks().receive(provider, app.current_event.raw_event)
    return answer({"received": True})
