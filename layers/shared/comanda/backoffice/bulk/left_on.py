"""Which orders have parcels that left on a day: those changed since are looked through, the newest first."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import MOST_ITEMS, Query, read_cursor
from comanda.documents.day import Leaving
from comanda.orders.filters import Condition, Filter
from comanda.orders.vocabulary import Fulfilment
from comanda.times import stamp

STAYED = frozenset(
    {Fulfilment.UNFULFILLED, Fulfilment.BACKORDER, Fulfilment.PICKING, Fulfilment.READY_FOR_PICKUP}
)
LATEST = Query(
    Filter(conditions=(Condition("fulfilment", STAYED, negated=True),)), sort="-updated", limit=MOST_ITEMS
)


def left_on(wanted: Leaving, at: OrderList, now: Callable[[], datetime]) -> Iterator[str]:
    """Ids, each once. An order that changes meanwhile moves to the front of the list, so what has changed
    since a look began is looked at again, until nothing is new."""
    zone = ZoneInfo(wanted.time_zone)
    until = stamp(datetime.combine(datetime.fromisoformat(wanted.day), time(), zone))
    seen: set[str] = set()
    while True:
        began, new = stamp(now()), False
        for order_id in _changed_since(until, wanted, at):
            if order_id not in seen:
                seen.add(order_id)
                new = True
                yield order_id
        if not new:
            return
        until = began


def _changed_since(until: str, wanted: Leaving, at: OrderList) -> Iterator[str]:
    query = LATEST
    while True:
        found, after = page_of(query, at)
        for loaded in found:
            if wanted.of(loaded.order, at.parcels(loaded.order.order_id)):
                yield loaded.order.order_id
        cursor = read_cursor(after, query.fingerprint) if after else None
        if cursor is None or cursor.position < until:
            return
        query = replace(query, cursor=cursor)
