"""Queue of export runs and the schedule — write orders as CSV and hand them to the merchant's systems."""

from typing import Any

from comanda import wiring
from comanda.exports.work import work
from comanda.runtime.queue import queue_function


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Partial batch answers; `context` says how much time is left."""

    def seconds_left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000

    exporting = wiring.exporting()
    return queue_function(lambda message: work(message, exporting, wiring.probing, seconds_left))(
        event, context
    )
