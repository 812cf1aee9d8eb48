"""The delivery orders that wait for hands, oldest orders first: what is to pick, to pack, to ship.

Orders are found by the indexes of the list of orders: placed, confirmed, not shipped whole. Each is then read
as it is now and taken apart, so that a page never shows what somebody has shipped this moment. What the
filter leaves out costs a read all the same: a page that is not full says so by its cursor alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from comanda.backoffice.deliveries.answer import delivery_answer, put_back_answer
from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import Query, read_cursor, read_query
from comanda.errors import Invalid
from comanda.orders.decision import Loaded
from comanda.orders.delivery_status import OPEN, Work, work_of
from comanda.orders.model import Order
from comanda.orders.promised import DAYS
from comanda.orders.promised import promised as days_asked

READ = 25  # orders at once
TURNS = 4  # of reading, until a page is full: at most a hundred orders
LEAVE_OUT, WITH, ONLY = "false", "true", "only"
OWN = ("status", "location", "held")
ENDED = {"lifecycle": ["cancelled", "expired"], "fulfilment": ["picking"], "limit": [str(READ)]}
NOT_OPEN = ["shipped", "delivered", "failed_delivery"]

type Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; `query` finds the orders, the rest chooses among their delivery orders."""

    query: Query
    ended: Query  # orders that have ended and of which something is picked
    statuses: frozenset[str]
    locations: frozenset[str]
    promised: tuple[Callable[[str], bool], ...]
    limit: int

    def fits(self, work: Work) -> bool:
        place = not self.locations or work.delivery.location in self.locations
        return (
            work.status in self.statuses
            and place
            and all(within(work.delivery.promised) for within in self.promised)
        )


def read_wanted(asked: Given, now: datetime, zone: tzinfo) -> Wanted:
    """Raises Invalid with every parameter that is not understood. Days are days of the shop."""
    errors = [
        {"pointer": f"/{name}", "detail": f"one or several of: {', '.join(codes)}"}
        for name, codes in (("status", OPEN), ("held", (LEAVE_OUT, WITH, ONLY)))
        if set(asked.get(name, ())) - set(codes)
    ]
    known = (*OWN, *DAYS, "limit", "cursor")
    detail = f"one of: {', '.join(known)}"
    errors += [{"pointer": f"/{name}", "detail": detail} for name in asked if name not in known]
    limit = asked.get("limit", ["50"])[-1]
    if not limit.isdecimal() or not limit.isascii() or not 1 <= int(limit[:9]) <= 100:
        errors.append({"pointer": "/limit", "detail": "a number from 1 to 100"})
    promised = []
    for name in (day for day in DAYS if day in asked):
        try:
            promised.append(_within(name, asked[name], now.astimezone(zone)))
        except ValueError as error:
            errors.append({"pointer": f"/{name}", "detail": str(error)})
    if errors:
        raise Invalid("the list cannot be made like that", errors=errors)
    query, ended = read_query(_of_orders(asked), now, zone), read_query(ENDED, now, zone)
    statuses = frozenset(asked.get("status") or OPEN)
    return Wanted(
        query, ended, statuses, frozenset(asked.get("location", ())) - {""}, tuple(promised), int(limit)
    )


def _of_orders(asked: Given) -> dict[str, Sequence[str]]:
    """What the list of orders is asked for. One day is promised for all of an order there, the last."""
    held = asked.get("held", [LEAVE_OUT])[-1]
    found: dict[str, Sequence[str]] = {
        "lifecycle": ["placed"],
        "not.fulfilment": NOT_OPEN,
        "sort": ["created"],
        "limit": [str(READ)],
    }
    if held == LEAVE_OUT:
        found["not.label"] = ["to_review", "error"]
    if held == ONLY:
        found["hold"] = ["any"]
    if any(name in asked for name in DAYS):
        found["promised"] = ["any"]
    return found | {name: asked[name] for name in ("cursor", DAYS[0]) if name in asked}


def _within(name: str, values: Sequence[str], now: datetime) -> Callable[[str], bool]:
    wanted = days_asked(name, list(values), now)
    return lambda day: wanted.start <= day[:10] <= wanted.end and bool(day)


def list_deliveries(wanted: Wanted, at: OrderList) -> dict[str, Any]:
    """`{items, next}`; an order's delivery orders stand on one page, which may so be longer by a few."""
    items: list[dict[str, Any]] = []
    query, cursor = wanted.query, None
    for _ in range(TURNS):
        orders, cursor = page_of(query, at)
        items += [told for loaded in orders for told in _rows(loaded, wanted)]
        if cursor is None or len(items) >= wanted.limit:
            break
        query = _following(query, cursor)
    return {"items": items, "next": cursor, "put_back": to_put_back(wanted, at)}


def to_put_back(wanted: Wanted, at: OrderList) -> list[dict[str, Any]]:
    """What was picked of orders that have ended since, beside the first page: an ended order counts as being
    picked until then, so that it is found like any other."""
    if wanted.query.cursor is not None:
        return []
    orders, _ = page_of(wanted.ended, at)
    return [
        put_back_answer(loaded.order, one) | {"order_id": loaded.order.order_id}
        for loaded in orders
        for one in loaded.order.put_back
    ]


def orders_to_ship(at: OrderList, now: datetime) -> Iterator[Order]:
    """Placed orders that are not shipped whole, those on hold too, oldest first: all of them, a page read
    when it is come to."""
    query = read_query(_of_orders({"held": [WITH]}), now, now.tzinfo or UTC)
    while True:
        orders, cursor = page_of(query, at)
        yield from (loaded.order for loaded in orders)
        if cursor is None:
            return
        query = _following(query, cursor)


def _following(query: Query, cursor: str) -> Query:
    return replace(query, cursor=read_cursor(cursor, query.fingerprint))


def _rows(loaded: Loaded, wanted: Wanted) -> list[dict[str, Any]]:
    order = loaded.order
    contact = loaded.personal.get("contact") or {}
    return [
        delivery_answer(work)
        | {
            "order_id": order.order_id,
            "order_number": order.number,
            "created_at": order.created_at,
            "customer": contact.get("name") or None,
            "delivered_by": order.delivery,
            "holds": [str(hold.reason) for hold in order.open_holds],
        }
        for work in work_of(order)
        if wanted.fits(work)
    ]
