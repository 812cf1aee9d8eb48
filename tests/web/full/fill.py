"""Ten thousand orders with history, money, parcels and customers, written whole into a running system."""

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

from local.demo.staff import aws
from tests.e2e.shop import Shop
from tests.web.full.copies import Item, Pattern, copied
from tests.web.full.patterns import KINDS, basket
from tests.web.full.people import Somebody

ORDERS_EACH = 3  # of a customer, about
AGE_NEW, AGE_ENDED = timedelta(days=12), timedelta(days=350)
BATCH, WRITERS = 25, 4
KEPT = (  # of a trigger that is made again
    "EventSourceArn", "BatchSize", "FilterCriteria", "DestinationConfig", "MaximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError", "MaximumRetryAttempts", "FunctionResponseTypes",
)  # fmt: skip


def fill(shop: Shop, tell: Callable[[str], None] = print) -> int:
    """Fill it unless it is full; answers how many orders were written."""
    if shop.staff.get("/admin/orders?q=P-109000&limit=1")["items"]:
        return 0
    begun = time.monotonic()
    made = [[kind.drive(shop, **basket(shop, n)) for n in range(kind.patterns)] for kind in KINDS]
    tell(f"patterns after {time.monotonic() - begun:.0f} s")
    store = _store(shop)
    patterns = [[Pattern.of(store, order.id) for order in orders] for orders in made]
    orders = list(_plan(patterns))
    with _streams_left_alone(shop):
        for some in batched(orders, 500, strict=False):
            copies = [copied(*one) for one in some]
            _write(shop, "orders", (item for copy in copies for item in copy.items()))
            _write(shop, "search", (item for copy in copies for item in copy.tokens()))
    _write(shop, "customers", _customers(shop, made[1][0].id, orders))
    tell(f"{len(orders)} orders after {time.monotonic() - begun:.0f} s")
    return len(orders)


def _store(shop: Shop) -> Any:
    """The store of the running system's orders; this process reads with it only."""
    os.environ |= {
        "AWS_ENDPOINT_URL": shop.stack["aws_endpoint_url"],
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": shop.stack["region"],
    }
    from comanda.orders.store import OrderStore

    unused: Any = None
    return OrderStore(shop.stack["tables"]["orders"], stock=unused, signatures=unused)


def _plan(kinds: list[list[Pattern]]) -> Iterator[tuple[Any, ...]]:
    """What each copy is made from: its pattern, ids, customer and time."""
    chance, now, number = random.Random(11), datetime.now(UTC), 100_000
    people = sum(kind.copies for kind in KINDS) // ORDERS_EACH
    for kind, patterns in zip(KINDS, kinds, strict=True):
        for place in range(kind.copies):
            number += 1
            who = chance.randrange(people)
            age = AGE_NEW * chance.random() if kind.new else AGE_NEW + AGE_ENDED * chance.random()
            order_id, customer_id = f"{number:06d}{chance.randrange(16**20):020x}", f"c{who:025x}"
            pattern = patterns[place % len(patterns)]
            yield pattern, order_id, f"P-{number:06d}", customer_id, Somebody(who).contact, now - age


def _customers(shop: Shop, order_id: str, orders: list[tuple[Any, ...]]) -> Iterator[Item]:
    """A profile for each, like that of the customer of an order."""
    known = shop.staff.order(order_id)["customer"]["customer_id"]
    table = shop.stack["tables"]["customers"]
    key = {"pk": {"S": f"CUSTOMER#{known}"}, "sk": {"S": "PROFILE"}}
    pattern = aws(shop.stack, "dynamodb").get_item(TableName=table, Key=key)["Item"]
    for customer_id, contact in {one[3]: one[4] for one in orders}.items():
        named = {"customer_id": customer_id, "company": "", **contact}
        yield pattern | {"pk": {"S": f"CUSTOMER#{customer_id}"}} | {n: {"S": v} for n, v in named.items()}


@contextmanager
def _streams_left_alone(shop: Shop) -> Iterator[None]:
    """What is written meanwhile is told to nobody: it happened long ago, and its tokens are written here."""
    triggers, table = aws(shop.stack, "lambda"), shop.stack["tables"]["orders"]
    listed = triggers.list_event_source_mappings()["EventSourceMappings"]
    ours = [one for one in listed if f":table/{table}/" in one["EventSourceArn"]]
    for one in ours:
        triggers.delete_event_source_mapping(UUID=one["UUID"])
    yield
    for one in ours:
        told = {name: one[name] for name in KEPT if name in one}
        begin = {"FunctionName": one["FunctionArn"], "StartingPosition": "LATEST"}
        triggers.create_event_source_mapping(**told, **begin)


def _write(shop: Shop, table: str, items: Iterable[Item]) -> None:
    database, name = aws(shop.stack, "dynamodb"), shop.stack["tables"][table]

    def put(some: tuple[Item, ...]) -> None:
        left: Any = {name: [{"PutRequest": {"Item": item}} for item in some]}
        while left:
            left = database.batch_write_item(RequestItems=left).get("UnprocessedItems")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(put, batched(items, BATCH, strict=False)))
