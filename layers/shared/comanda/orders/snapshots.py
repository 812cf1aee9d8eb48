"""Several orders read at once, by their snapshots alone: no personal texts, no ledger, no parcels."""

from collections.abc import Iterable

from comanda.dynamo.batch import get_many
from comanda.dynamo.packed import body_of
from comanda.orders.model import Order


def snapshots(table: str, order_ids: Iterable[str]) -> dict[str, Order]:
    """The orders that there are, by id, read consistently. Raises Busy."""
    keys = [(order_id, "ORDER") for order_id in order_ids]
    items = get_many({table: keys})[table] if keys else {}
    return {order_id: Order.from_parts(body_of(item), [], []) for order_id, item in items.items()}
