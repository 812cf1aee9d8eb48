"""POST /webhooks/carriers/{carrier} — verify a report and keep it; storing it is what starts the rest."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda import wiring
from comanda.fulfilment.webhook import take_in
from comanda.runtime.http import answer, http_function

app, lambda_handler = http_function()


@app.post("/webhooks/carriers/<carrier>", description="A carrier reports scans, signed with its own secret.")
def post(carrier: str) -> Response[dict[str, Any]]:
    """200 once stored; 401 for a bad signature, 400 for what cannot be read."""
    take_in(carrier, app.current_event.raw_event, wiring.carrier_door())
    return answer({"received": True})
