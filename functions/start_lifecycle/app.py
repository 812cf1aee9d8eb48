"""Queue of wanted runs — starts the order's execution."""

from typing import Any

from comanda import wiring
from comanda.runtime.queue import queue_function
from comanda.workflow.start import start_lifecycle


def start(message: dict[str, Any]) -> None:
    wanted = message["detail"]
    start_lifecycle(
        wanted["order_id"],
        wanted["effect_id"],
        desk=wiring.desk(),
        outbox=wiring.outbox(),
        executions=wiring.executions(),
        now=wiring.now,
        paused=wiring.pauses().paused,
    )


lambda_handler = queue_function(start)
