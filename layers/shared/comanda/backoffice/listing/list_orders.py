"""One page of orders for the back office.

The newest orders are scanned with the filter first: where what is wanted is common, or the shop
small, that is all. Where it is rare the partitions of its signatures are merged instead. A page
that is not full when its budget is spent says how far back it has looked, and the next goes on there.
"""

from typing import Any

from comanda.backoffice.listing.page import Filling, OrderList
from comanda.backoffice.listing.query import Cursor, Query, write_cursor
from comanda.backoffice.listing.rows import row_answer
from comanda.orders.decision import Loaded
from comanda.orders.own_changes import NOTHING_CHANGED


def list_orders(query: Query, at: OrderList, reader: str) -> dict[str, Any]:
    """`{items, next, counts, counts_more}`, and `searched_to` where a page ends before it is full.
    `counts_more` names the labels that have more orders than were counted.

    What `reader` has changed himself is shown as he left it; of what others have changed this very
    moment an index may be late.
    """
    page = Filling(query, at, at.changed_by(reader))
    ended = page.read()
    counts, more = _counted(query, at)
    found = {"items": [row_answer(row) for row in page.found], "counts": counts, "counts_more": list(more)}
    if ended.done:
        return found | {"next": None}
    cursor = Cursor(ended.boundary, page.merging, counts, more)
    told: dict[str, Any] = found | {"next": write_cursor(cursor, query.fingerprint)}
    if len(page.found) < query.limit:
        told["searched_to"] = ended.boundary.partition("#")[0]
    return told


def _counted(query: Query, at: OrderList) -> tuple[dict[str, int], tuple[str, ...]]:
    """Orders by label, and which labels have more; following pages tell what the first one counted."""
    if query.cursor:
        return query.cursor.counts, query.cursor.more
    found = at.counts()
    return found.numbers, tuple(sorted(found.more))


def page_of(query: Query, at: OrderList) -> tuple[list[Loaded], str | None]:
    """The orders themselves as they are now, and the cursor of the next page; None at the end."""
    page = Filling(query, at, NOTHING_CHANGED, exactly=True)
    ended = page.read()
    orders = [row.loaded for row in page.found if row.loaded]
    if ended.done:
        return orders, None
    return orders, write_cursor(Cursor(ended.boundary, page.merging), query.fingerprint)
