"""A bulk job over many orders on AWS's own engine, killed half-way: each order once, each mail once."""

import os
from collections import Counter
from typing import Any

import pytest

from comanda import wiring
from comanda.dynamo.client import client
from comanda.dynamo.packed import body_of
from comanda.orders.decision import Decision
from comanda.orders.facts import Happened, Origin
from tests.examples import an_order
from tests.functional.bulk_world import Bulk, Killed
from tests.functional.conftest import Call

# The whole of G10 takes many minutes; COMANDA_BULK_ORDERS=5000 asks for it.
ORDERS = int(os.environ.get("COMANDA_BULK_ORDERS", "300"))
pytestmark = [pytest.mark.engine, pytest.mark.timeout(max(280, ORDERS))]


def written(count: int) -> list[str]:
    """Placed orders with nothing reserved, as many as that."""
    orders = [
        an_order(order_id=f"many{n:05d}", number=f"P-{n:06d}", run=0, announced=True) for n in range(count)
    ]
    for order in orders:
        placed = Happened("OrderPlaced", {"order": order.to_dict()})
        wiring.orders().commit(None, Decision(facts=(placed,)), Origin("customer", "test", order.created_at))
    return [order.order_id for order in orders]


def items() -> list[dict[str, Any]]:
    pages = client().get_paginator("scan").paginate(TableName=wiring.orders().table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def told(beginning: str, field: str, word: str) -> Counter[str]:
    """How often a word stands in the facts, or in the effects, of each order."""
    counts: Counter[str] = Counter()
    for item in items():
        if item["sk"]["S"].startswith(beginning):
            body = body_of(item)
            entries = body if isinstance(body, list) else [body]
            counts[item["pk"]["S"]] += sum(entry.get(field) == word for entry in entries)
    return +counts


@pytest.mark.capability("G10")
def test_a_job_killed_half_way_does_each_order_once(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk = Bulk(call, monkeypatch)
    ids = written(ORDERS)
    job_id = bulk.start("cancel", filter={"lifecycle": "placed"}, params={"reason": "out_of_stock"})
    bulk.kill("bulk.order_done", ORDERS // 2, for_good=True)
    with pytest.raises(Killed):
        bulk.machine.work()
    half = bulk.look(job_id)
    assert (half["total"], half["done"], half["failed"]) == (ORDERS, ORDERS // 2 - 1, 0)
    bulk.resume_later(job_id)
    job = bulk.look(job_id)
    assert (job["state"], job["done"], job["failed"], job["run"]) == ("completed", ORDERS, 0, 2)
    results = [one["order_id"] for one in bulk.all_results(job_id, limit="500")]
    assert sorted(results) == sorted(ids)
    once = Counter(dict.fromkeys(ids, 1))
    assert told("FACT#", "type", "OrderCancelled") == once
    assert told("OUT#", "event", "order_cancelled") == once
