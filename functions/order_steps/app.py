"""Tasks of the order_lifecycle state machine — wait for the order, hold it for a retry, close it."""

from typing import Any

from comanda import wiring


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return wiring.steps().run(event)
