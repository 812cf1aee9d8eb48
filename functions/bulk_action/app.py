"""Tasks of the bulk_action state machine — list a job's orders, work on a chunk, finish, note a breakdown."""

from typing import Any

from comanda import wiring


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    def seconds_left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000

    from comanda.backoffice.bulk.steps import run_step

    return run_step(event, wiring.bulking(), seconds_left)
