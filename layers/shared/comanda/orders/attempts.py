"""How an order's payment begins when no provider stands behind the method."""

from comanda.orders.ending import MANUAL
from comanda.orders.model import Entry, Order


def first_entry(order: Order, at: str, attempt: int = 1) -> Entry:
    """The open attempt of a method without a provider; the customer quotes the order's number."""
    return Entry(
        entry_id=f"{MANUAL}:intent:{order.method}-{attempt}",
        kind="intent",
        method=order.method,
        provider=MANUAL,
        amount=order.totals.total,
        currency=order.currency,
        status="pending",
        at=at,
        ref=f"{order.method}-{attempt}",
    )
