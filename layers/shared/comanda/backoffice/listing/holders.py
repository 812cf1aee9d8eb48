"""The orders and carts that hold units of a product: what a count of its shelf is reconciled with."""

from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import MOST_ITEMS, read_query
from comanda.carts.store import CartStore
from comanda.orders.holdings import holdings
from comanda.orders.model import Order

MOST_CARTS = 200

# Orders in these states hold nothing: their units have left, or were given back, or never taken.
EMPTY_HANDED = {
    "not.lifecycle": ["draft", "quoted", "expired", "closed"],
    "not.fulfilment": ["shipped", "delivered"],
}


def holders(
    sku: str, at: OrderList, carts: CartStore, now: datetime, zone: tzinfo, cursor: str = ""
) -> dict[str, Any]:
    """`{items, next}`, newest first, and on the first page `carts`, which hold units for a while.

    `reserved` and `allocated` are units of this very product, in bundles too; `places` says where they
    lie. Orders are found through the search tokens, so one placed a moment ago may be missing still.
    Raises Invalid for a cursor of another list.
    """
    asked = {"q": [sku], "limit": [str(MOST_ITEMS)]} | EMPTY_HANDED
    query = read_query(asked | ({"cursor": [cursor]} if cursor else {}), now, zone)
    found, after = page_of(query, at)
    rows = [_row(loaded.order, sku) for loaded in found]
    page = {"items": [row for row in rows if row["reserved"] or row["allocated"]], "next": after}
    return page if cursor else page | {"carts": _carts(sku, carts)}


def _carts(sku: str, carts: CartStore) -> list[dict[str, Any]]:
    """The first carts to give their units back, by the index: one changed a moment ago may be missing."""
    found = islice(carts.holding(sku), MOST_CARTS)
    return [{"cart_id": cart_id, "until": until, "reserved": units} for cart_id, until, units in found]


def _row(order: Order, sku: str) -> dict[str, Any]:
    held = [place for line in order.lines for place in holdings(line) if place.sku == sku]
    return {
        "order_id": order.order_id,
        "number": order.number,
        "created_at": order.created_at,
        "lifecycle": order.lifecycle,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        "reserved": sum(place.reserved for place in held),
        "allocated": sum(place.allocated for place in held),
        "places": sorted({place.location for place in held}),
    }
