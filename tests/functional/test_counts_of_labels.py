"""The counts beside the list: right after every change, though most of them are not made anew."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.backoffice.listing import counts as module
from comanda.backoffice.listing.counts import Counts
from comanda.backoffice.listing.index import ListIndex
from comanda.backoffice.listing.purse import ENTRY, UNIT_BYTES
from comanda.dynamo import client as clients
from comanda.dynamo.transaction import Transaction
from comanda.orders import index
from comanda.orders.derive import label
from comanda.orders.items import snapshot_row
from comanda.orders.model import Order
from comanda.orders.vocabulary import Fulfilment, Label, Lifecycle, Payment
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.shop import place, stock_product
from tests.functional.staff import command
from tests.functional.test_order_list import an_odd_order, listed

NOW = datetime.fromisoformat("2026-12-24T12:00:00+00:00")


def put(*orders: Order) -> None:
    store = wiring.orders()
    tx = Transaction()
    for order in orders:
        store.signatures.know(index.state_signature(order), index.source_signature(order))
        tx.put(snapshot_row(order, store.shards))
    tx.commit()


def made() -> dict[str, Order]:
    chance = random.Random(5)
    orders = (replace(an_odd_order(number, chance)[0], personal={}) for number in range(25))
    return {order.order_id: order for order in orders}


def counted(orders: dict[str, Order]) -> dict[str, int]:
    found = Counter(str(label(order)) for order in orders.values() if label(order))
    return {str(one): found[str(one)] for one in Label}


@pytest.mark.capability("A14", "B03")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_counts_follow_every_change(aws: None, seed: int) -> None:
    chance = random.Random(seed)
    orders = made()
    put(*orders.values())
    clock = [NOW]
    counts = counts_at(clock)
    counts.keeping.write(module.Kept("", stamp(NOW - timedelta(days=1)), stamp(NOW - timedelta(days=1))))
    for _ in range(4):
        assert counts().numbers == counted(orders)
        clock[0] += timedelta(seconds=chance.choice([1, 3, 60, 400]))
        for order_id in chance.sample(sorted(orders), chance.randrange(3)):
            orders[order_id] = replace(
                orders[order_id],
                lifecycle=chance.choice(list(Lifecycle)),
                payment=chance.choice(list(Payment)[1:]),
                fulfilment=chance.choice(list(Fulfilment)),
                updated_at=stamp(clock[0]),
            )
            put(orders[order_id])


def counts_at(clock: list[datetime]) -> Counts:
    return replace(wiring.order_list().counts, now=lambda: clock[0])  # type: ignore[type-var]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The partitions that are counted."""
    seen: list[str] = []
    real = ListIndex.count

    def noted(self: ListIndex, partition: str, *given: Any) -> Any:
        seen.append(partition)
        return real(self, partition, *given)

    monkeypatch.setattr(ListIndex, "count", noted)
    return seen


def test_what_has_not_changed_is_not_counted_again(aws: None, counting: list[str]) -> None:
    orders = made()
    put(*orders.values())
    clock = [NOW]
    counts = counts_at(clock)
    first = counts().numbers
    every = len(counting)
    counting.clear()
    assert (counts().numbers, counting) == (first, [])
    one = next(order for order in orders.values() if label(order) == Label.TO_REVIEW)
    put(replace(one, lifecycle=Lifecycle.CANCELLED, updated_at=stamp(NOW)))
    clock[0] += timedelta(seconds=20)
    assert counts().numbers == first | {"to_review": first["to_review"] - 1}
    assert 0 < len(counting) < every


def test_a_label_with_as_many_as_are_counted_is_left_alone_for_a_minute(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    monkeypatch.setattr(module, "MANY", 2)
    delivered = an_odd_order(0, random.Random(5))[0]
    several = [
        replace(
            delivered,
            order_id=f"d{n}",
            lifecycle=Lifecycle.CLOSED,
            fulfilment=Fulfilment.DELIVERED,
            payment=Payment.PAID,
            holds=(),
        )
        for n in range(4)
    ]
    put(*several)
    clock = [NOW]
    counts = counts_at(clock)
    assert counts().numbers["delivered"] == 3
    gone = [replace(one, lifecycle=Lifecycle.CANCELLED, updated_at=stamp(NOW)) for one in several[:3]]
    put(*gone)
    clock[0] += timedelta(seconds=30)
    assert counts().numbers["delivered"] == 3
    clock[0] += timedelta(seconds=31)
    assert counts().numbers["delivered"] == 1


def test_a_page_counts_for_so_many_units_and_leaves_the_rest_as_it_was(
    aws: None, counting: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = made()
    put(*orders.values())
    clock = [NOW]
    counts = counts_at(clock)
    first = counts().numbers
    monkeypatch.setattr(module, "MOST_UNITS", 0.0)
    two = [one for one in orders.values() if label(one)][:2]
    for one in two:
        orders[one.order_id] = replace(one, lifecycle=Lifecycle.CANCELLED, updated_at=stamp(NOW))
    put(*(orders[one.order_id] for one in two))
    clock[0] += timedelta(seconds=1)
    found = counts().numbers
    assert sum(found[one] != first[one] for one in first) <= 1
    monkeypatch.setattr(module, "MOST_UNITS", 60.0)
    assert counts().numbers == counted(orders)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The entries that each request of counting reads."""
    seen: list[int] = []
    real = clients.client().query

    def noted(**asked: Any) -> Any:
        answer = real(**asked)
        if asked.get("Select") == "COUNT":
            seen.append(int(answer["ScannedCount"]))
        return answer

    monkeypatch.setattr(clients.client(), "query", noted)
    return seen


def alike(number: int, **axes: Any) -> list[Order]:
    one = an_odd_order(0, random.Random(5))[0]
    plain = replace(one, personal={}, holds=(), approved=True, payment=Payment.PAID)
    return [replace(plain, order_id=f"{axes['lifecycle']}-{n:03}", **axes) for n in range(number)]


@pytest.mark.capability("A14", "B03")
def test_a_large_shop_that_was_never_counted_costs_no_page_more_than_its_share(
    aws: None, read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first pages say "more than"; page by page the rest is counted, none of them beyond its units."""
    orders = alike(60, lifecycle=Lifecycle.CLOSED, fulfilment=Fulfilment.DELIVERED)
    orders += alike(50, lifecycle=Lifecycle.PLACED, fulfilment=Fulfilment.SHIPPED)
    for some in batched(orders, 50, strict=False):
        put(*some)
    monkeypatch.setattr(module, "MOST_UNITS", 11.0)
    clock = [NOW]
    counts, found = counts_at(clock), []
    for _ in range(4):
        found.append(counts())
        assert sum(0.5 + entries * ENTRY / UNIT_BYTES for entries in read) <= 11.0
        read.clear()
        clock[0] += timedelta(seconds=61)
    for one in found:
        for name, whole in (("delivered", 60), ("shipped", 50)):
            assert one.numbers[name] == whole or (one.numbers[name] < whole and name in one.more)
    assert "delivered" in found[0].more
    assert (found[-1].numbers["delivered"], found[-1].numbers["shipped"]) == (60, 50)
    assert found[-1].more == frozenset()


@pytest.mark.capability("A14", "B03")
def test_ones_own_command_is_in_the_counts(call: Call) -> None:
    stock_product()
    ids = [place(call, key=f"k{n}", payment_method="request")["order_id"] for n in range(2)]
    for n, order_id in enumerate(ids):
        assert command(call, order_id, "verify").status == 200
        assert listed(call).body["counts"]["to_review"] == n + 1
    assert command(call, ids[0], "approve").status == 200
    found = listed(call).body["counts"]
    assert (found["to_review"], found["processed"]) == (1, 1)
