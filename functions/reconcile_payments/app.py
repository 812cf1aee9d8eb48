"""Schedule — asks the payment providers what happened there, in case a webhook was lost."""

from typing import Any

from comanda import wiring
from comanda.runtime.observe import logger

ENOUGH_MS = 15_000  # stop while there is time to record the payment at hand


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """By provider: how much was looked at, and which payments no webhook had told of."""

    def more_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() > ENOUGH_MS

    looked = {
        code: {"events": one.events, "payments": one.payments, "missed": one.missed, "done": one.done}
        for code, one in wiring.reconciling().run(more_time).items()
    }
    logger.info("reconciled", extra={"providers": looked})
    return looked
