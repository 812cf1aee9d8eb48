"""Schedule — deadlines, lost runs, stuck effects, reservations of carts, unfinished merges of customers."""

from typing import Any

from comanda import wiring
from comanda.runtime.observe import logger

ENOUGH_MS = 15_000  # stop while there is time to finish the order at hand


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """`{"recheck": "all"}` looks at every waiting order, as after an outage."""

    def more_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() > ENOUGH_MS

    counts = wiring.sweep().run(everything=(event or {}).get("recheck") == "all", more_time=more_time)
    counts["carts"] = wiring.give_back_carts(more_time)
    counts["served"] = wiring.arrivals().serve(more_time=more_time)
    counts["merged"] = wiring.merging().unfinished(more_time)
    logger.info("swept", extra=counts)
    return counts
