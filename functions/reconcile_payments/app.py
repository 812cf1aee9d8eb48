"""Schedule, and staff who will not wait — asks the payment providers what happened there, in case a webhook
was lost, and what they pay out."""

from dataclasses import asdict
from typing import Any

from comanda import wiring
from comanda.runtime.observe import logger

ENOUGH_MS = 15_000  # stop while there is time to record the payment at hand


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """By provider: how much was looked at, and which payments no webhook had told of; under `payouts` what
    was read of them, once an hour. `{"ask": "stripe"}` asks this provider alone, and everything at once.
    """

    def more_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() > ENOUGH_MS

    only = str(event.get("ask") or "")
    looked = {
        code: {"events": one.events, "payments": one.payments, "missed": one.missed, "done": one.done}
        for code, one in wiring.reconciling().run(more_time, only).items()
    }
    logger.info("reconciled", extra={"providers": looked})
    paid_out = {code: asdict(one) for code, one in wiring.fetching().run(more_time, only).items()}
    logger.info("payouts read", extra={"providers": paid_out})
    return looked | {"payouts": paid_out}
