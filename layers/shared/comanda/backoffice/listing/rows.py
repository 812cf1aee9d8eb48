"""Rows of the list, read again from the orders themselves."""

from collections.abc import Callable, Sequence
from typing import Any

from comanda.backoffice.listing.merge import Hit
from comanda.backoffice.order_answer import customer_answer
from comanda.dynamo.batch import get_many
from comanda.dynamo.packed import body_of
from comanda.orders.decision import Loaded, Sealed
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


def read_orders(table: str, hits: Sequence[Hit]) -> list[Order]:
    """The orders as they are now, in the order of the hits, without ledger and shipments: the axes that
    derive from them are in the snapshot."""
    found = get_many({table: [(hit.order_id, "ORDER") for hit in hits]})[table]
    return [Order.from_parts(body_of(found[hit.order_id]), [], []) for hit in hits if hit.order_id in found]


def with_texts(table: str, orders: Sequence[Order], wants: Wants) -> list[Loaded]:
    """The orders with the personal texts that are wanted, as they are now."""
    texts: dict[str, dict[str, Any]] = {order.order_id: {} for order in orders}
    for name in sorted({name for order in orders for name in order.personal if wants(name)}):
        having = [order for order in orders if name in order.personal]
        for order_id, text in _texts(table, name, having).items():
            texts[order_id][name] = text
    return [Loaded(order, texts[order.order_id]) for order in orders]


def _texts(table: str, name: str, orders: Sequence[Order]) -> dict[str, Any]:
    """One kind of text. A cheap read does where the order's own digest confirms it; else it is read again
    consistently: it has just changed, or was erased."""
    found: dict[str, Any] = {}
    again: list[Order] = list(orders)
    for consistent in (False, True):
        keys = [(order.order_id, f"PII#{name}") for order in again]
        items = get_many({table: keys}, consistent=consistent)[table]
        sealed = {key: Sealed(body_of(item), item["salt"]["S"]) for key, item in items.items()}
        found |= {key: text.value for key, text in sealed.items()}
        again = [
            order
            for order in again
            if order.order_id not in sealed or sealed[order.order_id].digest != order.personal[name]
        ]
    return found


def promised(order: Order) -> str | None:
    """The date by which the last of what is still to ship was promised; None without a promise."""
    return max((line.promised_at for line in order.lines if line.to_ship > 0), default="") or None


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
        "promised_at": promised(order),
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
