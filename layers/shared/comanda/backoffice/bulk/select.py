"""Which orders a job is about: those that fit the list's own filter, or have these numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import MOST_ITEMS, OWN, Query, read_cursor, read_query
from comanda.dynamo.batch import get_many
from comanda.errors import Invalid
from comanda.search.store import SearchStore
from comanda.search.words import LONGEST, plain_text
from comanda.times import moment


def understood(wanted: Mapping[str, Any], at: str, zone: tzinfo) -> Query:
    """A job's filter as the list's query; dates are judged as of `at`. Raises Invalid."""
    asked = {name: _texts(value) for name, value in wanted.items()}
    errors = [
        {"pointer": f"/filter/{name}", "detail": "is no filter"}
        for name in OWN
        if name != "q" and name in asked
    ]
    if errors:
        raise Invalid("the filter is not understood", errors=errors)
    try:
        return read_query(asked, moment(at), zone)
    except Invalid as refusal:
        told = [error | {"pointer": f"/filter{error['pointer']}"} for error in refusal.extra["errors"]]
        raise Invalid("the filter is not understood", errors=told) from refusal


def matching(query: Query, at: OrderList) -> Iterator[str]:
    """Ids of all orders that fit, newest first, each as it is when it is read."""
    query = replace(query, limit=MOST_ITEMS)
    while True:
        found, after = page_of(query, at)
        yield from (loaded.order.order_id for loaded in found)
        if after is None:
            return
        query = replace(query, cursor=read_cursor(after, query.fingerprint))


def ids_of(numbers: Sequence[str], tokens: SearchStore, orders_table: str) -> dict[str, str]:
    """Order ids by their numbers, as far as there are such orders."""
    candidates: dict[str, str] = {}
    for number in dict.fromkeys(numbers):
        word = plain_text(number)[:LONGEST]
        if word:
            for position in tokens.exactly(word, newest="", oldest="", descending=True):
                candidates[position.partition("#")[2]] = number
    items = get_many({orders_table: [(order_id, "ORDER") for order_id in candidates]})[orders_table]
    found = {item["row"]["M"]["n"]["S"].casefold(): order_id for order_id, item in items.items()}
    return {number: found[number.casefold()] for number in numbers if number.casefold() in found}


def numbers_of(order_ids: Iterable[str | None], orders_table: str) -> dict[str, str]:
    """The numbers of orders by their ids, as far as there are such orders."""
    keys = [(order_id, "ORDER") for order_id in dict.fromkeys(order_ids) if order_id]
    items = get_many({orders_table: keys})[orders_table] if keys else {}
    return {order_id: item["row"]["M"]["n"]["S"] for order_id, item in items.items()}


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]
