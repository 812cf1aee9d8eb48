"""Schedule — asks carriers after parcels that nothing was heard of for hours, and records what they tell."""

from typing import Any

from comanda import wiring
from comanda.runtime.observe import logger

ENOUGH_MS = 45_000  # stop while there is time for one more question and its records


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """By carrier: how many parcels were asked after, of how many there was news, and whether it failed."""

    def more_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() > ENOUGH_MS

    asked = {carrier: one.to_dict() for carrier, one in wiring.asking_after().run(more_time).items()}
    logger.info("asked after parcels", extra={"carriers": asked})
    return asked
