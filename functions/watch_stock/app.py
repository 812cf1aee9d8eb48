"""Stream of the Stock table — tell when a product runs low."""

from typing import Any

from comanda import wiring
from comanda.runtime.queue import stream_function


def watch(record: dict[str, Any]) -> None:
    from comanda.stock.low import skus_of

    for sku in skus_of(record):
        wiring.low_stock().look_at(sku)


lambda_handler = stream_function(watch)
