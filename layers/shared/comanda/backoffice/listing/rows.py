"""Rows of the list, read again from the orders themselves."""

from collections.abc import Callable, Sequence
from typing import Any

from comanda.backoffice.listing.merge import Hit
from comanda.backoffice.order_answer import customer_answer
from comanda.dynamo.batch import get_many
from comanda.dynamo.packed import body_of
from comanda.orders.decision import Loaded
from comanda.orders.derive import label, stage
from comanda.orders.model import Order
from comanda.orders.wire import money
from comanda.search.words import REFERENCES

SHOWN = ("contact", "comment", "purchase_order")

type Wants = Callable[[str], bool]


def shown(name: str) -> bool:
    """The personal texts that a row shows."""
    return name in SHOWN


def searched(name: str) -> bool:
    """Those and what else an order can be found by."""
    return name in SHOWN or name.startswith(REFERENCES)


def read_rows(table: str, hits: Sequence[Hit], wants: Wants) -> list[Loaded]:
    """The orders as they are now, with the personal texts that are wanted, in the order of the hits.

    Ledger and shipments are left out; the axes that derive from them are in the snapshot.
    """
    found = get_many({table: [(hit.order_id, "ORDER") for hit in hits]})[table]
    orders = {order_id: Order.from_parts(body_of(item), [], []) for order_id, item in found.items()}
    texts: dict[str, dict[str, Any]] = {order_id: {} for order_id in orders}
    for name in sorted({name for order in orders.values() for name in order.personal if wants(name)}):
        keys = [(order_id, f"PII#{name}") for order_id, order in orders.items() if name in order.personal]
        for order_id, item in get_many({table: keys})[table].items():
            texts[order_id][name] = body_of(item)
    return [Loaded(orders[hit.order_id], texts[hit.order_id]) for hit in hits if hit.order_id in orders]


def row_answer(loaded: Loaded) -> dict[str, Any]:
    """One item of `GET /admin/orders`."""
    order = loaded.order
    sums = order.totals
    return {
        "order_id": order.order_id,
        "number": order.number,
        "version": order.version,
        "label": label(order),
        "stage": stage(order),
        "assigned": order.assigned or None,
        "tags": list(order.tags),
        "lifecycle": order.lifecycle,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        "returns": order.returns,
        "approved": order.approved,
        "verified": order.verified,
        "customer": customer_answer(order, loaded.personal),
        "method": order.method,
        "channel": order.channel,
        "articles": sum(line.quantity for line in order.lines),
        "total": money(sums.total, order.currency),
        "discount": money(sums.discount, order.currency) if sums.discount else None,
        "surcharge": money(sums.surcharge, order.currency) if sums.surcharge else None,
        "comment": loaded.text("comment") or None,
        "purchase_order": loaded.text("purchase_order") or None,
        "holds": [{"hold_id": hold.hold_id, "reason": hold.reason} for hold in order.open_holds],
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    }
