"""Streams of the Orders and Customers tables — keep the search tokens of orders and of customers."""

from typing import Any

from comanda import wiring
from comanda.runtime.queue import stream_function
from comanda.search.project import on_change, on_customer_change


def project(record: dict[str, Any]) -> None:
    if record["dynamodb"]["Keys"]["pk"]["S"].startswith("CUSTOMER#"):
        on_customer_change(record, wiring.customers().load, wiring.customer_tokens())
    else:
        customer_id = on_change(record, wiring.orders().load, wiring.search_tokens())
        if customer_id and wiring.merges().find(customer_id):
            wiring.merges().reopen(customer_id)  # an order that was being written while they were merged


lambda_handler = stream_function(project)
