"""200 buyers at once for 50 units: exactly 50 get one, whatever the network does meanwhile."""

from collections import Counter
from typing import Any

import pytest

from comanda import wiring
from comanda.dynamo.client import client
from comanda.dynamo.row import pages
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.shop import ADDRESS, level, set_section, stock_product

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

BUYERS, UNITS = 200, 50
STORM = {"conflicts": 0.3, "lost_answers": 0.15, "throttled": 0.1, "unreachable": 0.05}


@pytest.fixture
def shop(engine: Any) -> None:
    set_section("limits", per_address=100_000, per_email=100_000)


def body(buyer: int, *lines: tuple[str, int]) -> dict[str, Any]:
    return {
        "lines": [{"sku": sku, "quantity": units} for sku, units in lines],
        "customer": {"email": f"buyer{buyer}@example.com", "name": f"Buyer {buyer}"},
        "shipping_address": ADDRESS,
        "delivery": "ship",
        "payment_method": "bank_transfer",
        "accept_privacy": True,
    }


def buy(call: Call, buyer: int, *lines: tuple[str, int], key: str = "") -> Answer:
    headers = {"Idempotency-Key": key or f"key-{buyer}"}
    return call("place_order", "POST", "/orders", body(buyer, *lines), headers=headers)


def stored_orders() -> list[Any]:
    """Every order in the table, by its own partition."""
    found = pages(
        TableName=wiring.orders().table,
        IndexName="created",
        KeyConditionExpression="created_pk = :all",
        ExpressionAttributeValues={":all": {"S": "ORDER#0"}},
    )
    return [wiring.desk().load(item["pk"]["S"]).order for item in found]


def outcomes(answers: list[Answer]) -> Counter[tuple[int, str]]:
    return Counter((a.status, "" if a.status == 201 else a.body["type"]) for a in answers)


def all_sold_once(answers: list[Answer], sku: str = "CAFE-1", units: int = UNITS, each: int = 1) -> None:
    """No unit twice, none left, no order without its reservation, no order that nobody was told of."""
    orders = stored_orders()
    assert level(sku) == {"on_hand": units, "reserved": units, "allocated": 0, "available": 0}
    assert len(orders) == units // each
    assert [sum(line.reserved for line in order.lines) for order in orders] == [each] * len(orders)
    told = {answer.body["order_id"] for answer in answers if answer.status == 201}
    assert told <= {order.order_id for order in orders}
    numbers = [order.number for order in orders]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.capability("G01", "D01", "D03")
def test_exactly_as_many_orders_as_units(call: Call, shop: None) -> None:
    stock_product(units=UNITS)
    answers = all_at_once(lambda buyer: buy(call, buyer, ("CAFE-1", 1)), BUYERS)
    assert outcomes(answers) == {(201, ""): UNITS, (409, "out-of-stock"): BUYERS - UNITS}
    refused = [answer.body["lines"] for answer in answers if answer.status == 409]
    assert refused == [[{"sku": "CAFE-1", "requested": 1, "available": 0}]] * len(refused)
    all_sold_once(answers)
    assert len({order.order_id for order in stored_orders()}) == UNITS


@pytest.mark.capability("G01")
def test_the_same_sku_on_two_lines_is_two_units(call: Call, shop: None) -> None:
    stock_product(units=UNITS)
    answers = all_at_once(lambda buyer: buy(call, buyer, ("CAFE-1", 1), ("CAFE-1", 1)), 100)
    assert outcomes(answers) == {(201, ""): UNITS // 2, (409, "out-of-stock"): 75}
    all_sold_once(answers, each=2)


@pytest.mark.capability("G01")
def test_no_oversell_and_no_fault_shown_in_a_storm(call: Call, shop: None) -> None:
    """A third of the transactions conflict, answers are lost, requests throttled: a buyer is told 503
    with Retry-After at worst, and sends the same request again until it is answered."""
    stock_product(units=UNITS)
    answers: list[Answer] = []
    with Faults(**STORM).on(client()) as faults:
        first = all_at_once(lambda buyer: buy(call, buyer, ("CAFE-1", 1)), BUYERS)
    busy = [answer for answer in first if answer.status == 503]
    assert all(int(answer.headers["retry-after"]) >= 1 and answer.body["type"] == "busy" for answer in busy)
    assert set(outcomes(first)) <= {(201, ""), (409, "out-of-stock"), (503, "busy")}
    for buyer, answer in enumerate(first):
        answers.append(buy(call, buyer, ("CAFE-1", 1)) if answer.status == 503 else answer)
    assert outcomes(answers) == {(201, ""): UNITS, (409, "out-of-stock"): BUYERS - UNITS}
    all_sold_once(answers)
    assert {order.order_id for order in stored_orders()} == {
        answer.body["order_id"] for answer in answers if answer.status == 201
    }
    assert all(faults.met[name] > 10 for name in STORM), faults.met


@pytest.mark.capability("F09")
def test_the_same_key_at_once_is_one_order(call: Call, shop: None) -> None:
    stock_product(units=UNITS)
    answers = all_at_once(lambda _: buy(call, 1, ("CAFE-1", 1), key="the-same"), 20)
    assert outcomes(answers) == {(201, ""): 20}
    assert len({answer.body["order_id"] for answer in answers}) == 1
    assert len({answer.text for answer in answers}) == 1
    assert sorted("idempotent-replay" in answer.headers for answer in answers) == [False] + [True] * 19
    assert level() == {"on_hand": UNITS, "reserved": 1, "allocated": 0, "available": UNITS - 1}
    assert len(stored_orders()) == 1


@pytest.mark.capability("F09")
def test_the_same_key_at_once_in_a_storm_is_one_order(call: Call, shop: None) -> None:
    stock_product(units=UNITS)
    with Faults(seed=7, **STORM).on(client()):
        answers = all_at_once(lambda _: buy(call, 1, ("CAFE-1", 1), key="the-same"), 20)
    assert set(outcomes(answers)) <= {(201, ""), (503, "busy")}
    placed = {answer.body["order_id"] for answer in answers if answer.status == 201}
    (order,) = stored_orders()
    assert placed <= {order.order_id}
    assert level()["reserved"] == 1
    assert buy(call, 1, ("CAFE-1", 1), key="the-same").body["order_id"] == order.order_id


@pytest.mark.capability("F09")
def test_the_last_unit_under_one_key_is_not_sold_out_to_its_own_buyer(call: Call, shop: None) -> None:
    stock_product(units=1)
    answers = all_at_once(lambda _: buy(call, 1, ("CAFE-1", 1), key="the-same"), 10)
    assert outcomes(answers) == {(201, ""): 10}
    assert level()["available"] == 0


@pytest.mark.capability("F15")
def test_every_order_has_a_number_of_its_own(call: Call, shop: None) -> None:
    """Each process leases numbers in blocks; several at once never get the same."""
    stock_product(units=None)
    all_at_once(lambda buyer: buy(call, buyer, ("CAFE-1", 1)), 45)
    numbers = [order.number for order in stored_orders()]
    assert len(numbers) == len(set(numbers)) == 45
    stores = [type(wiring.settings())(wiring.settings().table) for _ in range(8)]
    taken = all_at_once(lambda n: [stores[n % 8].next_number() for _ in range(15)], 16)
    flat = [number for block in taken for number in block]
    assert len(set(flat)) == len(flat) == 240
    assert not set(flat) & {int(number.removeprefix("P-")) for number in numbers}
