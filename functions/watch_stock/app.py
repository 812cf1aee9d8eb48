"""Stream of the Stock table — tell when a product runs low, and keep the words products are found by.

Called with `{"words_from": "<sku>"}` (empty: from the first product) it writes the words of the next products
that lack them and answers where to go on.
"""

from typing import Any

from comanda import wiring
from comanda.runtime.queue import stream_function

ENOUGH_MS = 10_000  # stop while there is time to finish the products at hand


def watch(record: dict[str, Any]) -> None:
    from comanda.search.project import on_product_change
    from comanda.stock.low import skus_of

    on_product_change(record, wiring.product, wiring.product_tokens())
    for sku in skus_of(record):
        wiring.low_stock().look_at(sku)


def _backfill(event: dict[str, Any], context: Any) -> dict[str, Any]:
    from comanda.search.backfill import backfill

    def more_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() > ENOUGH_MS

    last = backfill(event["words_from"], wiring.stock(), wiring.product, wiring.product_tokens(), more_time)
    return {"words_from": last}


on_stream = stream_function(watch)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return _backfill(event, context) if "words_from" in event else on_stream(event, context)
