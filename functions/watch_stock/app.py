"""Stream of the Stock table — tell when a product runs low, and keep the words products are found by."""

from typing import Any

from comanda import wiring
from comanda.runtime.queue import stream_function


def watch(record: dict[str, Any]) -> None:
    from comanda.search.project import on_product_change
    from comanda.stock.low import skus_of

    on_product_change(record, wiring.product, wiring.product_tokens())
    for sku in skus_of(record):
        wiring.low_stock().look_at(sku)


lambda_handler = stream_function(watch)
