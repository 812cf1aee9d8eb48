"""Which payment of an order a caller means."""

from collections.abc import Iterable

from comanda.errors import Invalid
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import MANUAL, WALLETS


def by_hand(order: Order, status: str) -> list[Entry]:
    """Payments that staff confirmed, in this status: ok, or bounced."""
    return [e for e in order.ledger if (e.kind, e.provider, e.status) == ("capture", MANUAL, status)]


def disputable(order: Order) -> list[Entry]:
    """Payments that a bank can take back: any but our own store credit and gift cards."""
    taken = (e for e in order.ledger if e.kind == "capture" and e.status in ("ok", "foreign"))
    return [entry for entry in taken if entry.provider not in WALLETS]


def payment_named(payments: Iterable[Entry], payment_id: str) -> Entry:
    """The payment of this id, or the only one when none is named. Raises Invalid."""
    found = [one for one in payments if payment_id in ("", one.entry_id)]
    if not found:
        raise Invalid.at("/payment_id", "the order has no such payment")
    if len(found) > 1:
        names = ", ".join(one.entry_id for one in found)
        raise Invalid.at("/payment_id", f"name one of {names}")
    return found[0]
