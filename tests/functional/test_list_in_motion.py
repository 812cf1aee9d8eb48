"""The list while orders change between its pages: nothing twice, nothing false, nothing quiet left out."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.dynamo.transaction import Transaction
from comanda.orders import index
from comanda.orders.items import snapshot_row
from comanda.orders.model import Order
from comanda.orders.vocabulary import Lifecycle, Payment
from tests.functional.conftest import Call
from tests.functional.test_order_list import crowd, filled, listed

__all__ = ["crowd", "filled"]
ASKED = st.sampled_from(
    [{}, {"payment": "paid"}, {"not.payment": "paid"}, {"lifecycle": "placed"}, {"q": "ana"}, {"q": "0000"}]
)


def move(order: Order, chance: random.Random) -> Order:
    """The order in another state, written like any other."""
    moved = replace(order, payment=chance.choice(list(Payment)[1:]), lifecycle=chance.choice(list(Lifecycle)))
    store = wiring.orders()
    store.signatures.know(index.state_signature(moved), index.source_signature(moved))
    tx = Transaction()
    tx.put(snapshot_row(moved, store.shards))
    tx.commit()
    return moved


def fits(item: dict[str, Any], asked: dict[str, str]) -> bool:
    wanted = {"payment": asked.get("payment"), "lifecycle": asked.get("lifecycle")}
    unwanted = asked.get("not.payment")
    return item["payment"] != unwanted and all(item[k] == v for k, v in wanted.items() if v)


def plain(order: Order) -> dict[str, Any]:
    return {"payment": order.payment, "lifecycle": order.lifecycle}


@pytest.mark.capability("A13", "C06", "C29")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ASKED, st.sampled_from(["-created", "created"]), st.integers(0, 10**6))
def test_pages_stay_true_while_orders_change(
    call: Call,
    filled: None,
    crowd: list[tuple[Order, dict[str, Any]]],
    asked: dict[str, str],
    sort: str,
    seed: int,
) -> None:
    chance = random.Random(seed)
    now = {order.order_id: order for order, _ in crowd}
    for order in now.values():
        move_back(order)
    quiet = set(now)
    seen: list[str] = []
    cursor = ""
    while True:
        answer = listed(call, **asked, sort=sort, limit=7, **({"cursor": cursor} if cursor else {}))
        assert answer.status == 200, answer.text
        for item in answer.body["items"]:
            assert fits(item, asked)
            assert plain(now[item["order_id"]]) == plain_of(item)  # as it is now, not as an index had it
            seen.append(item["order_id"])
        cursor = answer.body["next"]
        if not cursor:
            break
        for order_id in chance.sample(sorted(now), 4):
            now[order_id] = move(now[order_id], chance)
            quiet.discard(order_id)
    assert len(seen) == len(set(seen))
    if "q" not in asked:
        assert {one for one in quiet if fits(plain(now[one]), asked)} <= set(seen)


def plain_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"payment": item["payment"], "lifecycle": item["lifecycle"]}


def move_back(order: Order) -> None:
    """The order as the crowd has it."""
    tx = Transaction()
    tx.put(snapshot_row(order, wiring.orders().shards))
    tx.commit()
