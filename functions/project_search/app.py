"""Streams of the Orders and Customers tables — keep search tokens and the figures up to date.

Called with `{"recount_from": "<position>"}` (empty: from the first order) it writes the figures of the next
orders anew and answers where to go on.
"""

from typing import Any

from comanda import wiring
from comanda.runtime.queue import stream_function
from comanda.search.project import on_change, on_customer_change


def project(record: dict[str, Any]) -> None:
    if record["dynamodb"]["Keys"]["pk"]["S"].startswith("CUSTOMER#"):
        on_customer_change(record, wiring.customers().load, wiring.customer_tokens())
        return
    customer_id = on_change(record, wiring.orders().load, wiring.search_tokens())
    if customer_id and wiring.merges().find(customer_id):
        wiring.merges().reopen(customer_id)  # an order that was being written while they were merged
    _count(record)


def _count(record: dict[str, Any]) -> None:
    from comanda.figures.project import on_change as count

    count(record, wiring.orders().load, wiring.figures(), wiring.now())


def _recount(event: dict[str, Any]) -> dict[str, Any]:
    from comanda.figures.recount import recount

    orders, shard = wiring.orders(), int(event.get("shard", 0))
    after = recount(
        orders.table, event["recount_from"], orders.load, wiring.figures(), wiring.now(), shard=shard
    )
    return {"recount_from": after}


on_stream = stream_function(project)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return _recount(event) if "recount_from" in event else on_stream(event, context)
