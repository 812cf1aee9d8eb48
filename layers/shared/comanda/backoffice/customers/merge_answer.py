"""The record of a merge as staff see it."""

from typing import Any

from comanda.customers.merge import Merge
from comanda.orders.wire import money


def merge_answer(found: Merge) -> dict[str, Any]:
    """`state` is `running` while something is left to move."""
    return {
        "customer_id": found.customer_id,
        "into": found.into,
        "at": found.at,
        "actor": found.actor,
        "state": found.state,
        "orders": found.orders,
        "store_credit": [money(amount, currency) for currency, amount in found.moved],
    }
