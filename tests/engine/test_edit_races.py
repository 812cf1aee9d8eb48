"""Edits against each other, against cancellation and against buyers, on AWS's own engine."""

from collections import Counter
from typing import Any

import pytest

from comanda import wiring
from comanda.dynamo.client import client
from comanda.orders.evolve import replay
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.edits import opened, then
from tests.functional.shop import level, order_body, set_section, stock_product
from tests.functional.staff import command, show
from tests.functional.test_edit_acceptance import link

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

AT_ONCE = 8
UNITS = 100
STORM = {"conflicts": 0.3, "lost_answers": 0.15, "throttled": 0.1}
ADD = {"type": "add", "sku": "TAZA-1", "quantity": 3}
LESS = {"type": "quantity", "sku": "CAFE-1", "quantity": 1}


@pytest.fixture
def shop(engine: Any) -> None:
    set_section("limits", per_address=100_000, per_email=100_000)
    stock_product(units=UNITS)
    stock_product("TAZA-1", 5800, UNITS)


def edited(call: Call, number: int) -> str:
    """An order of 2 × CAFE-1 with an open edit: 3 × TAZA-1 more, one CAFE-1 less."""
    body = order_body(customer={"email": f"buyer{number}@example.com", "name": "Ana"})
    headers = {"Idempotency-Key": f"key-{number}"}
    order_id = call("place_order", "POST", "/orders", body, headers=headers).body["order_id"]
    assert command(call, order_id, "verify").status == 200
    opened(call, order_id, ADD, LESS)
    return str(order_id)


def outcomes(answers: list[Answer]) -> Counter[tuple[int, str]]:
    return Counter((a.status, "" if a.status == 200 else a.body["type"]) for a in answers)


def shelf_and_orders_agree(*order_ids: str) -> None:
    """What is reserved is what the orders hold, and each order is what its history says."""
    held: Counter[str] = Counter()
    for order_id in order_ids:
        order = wiring.desk().load(order_id).order
        held.update({line.sku: line.reserved for line in order.lines})
        rebuilt = replay(wiring.orders().facts(order_id))
        assert (rebuilt.head_hash, rebuilt.totals, rebuilt.lines) == (
            order.head_hash,
            order.totals,
            order.lines,
        )
    for sku in ("CAFE-1", "TAZA-1"):
        assert level(sku) == {
            "on_hand": UNITS, "reserved": held[sku], "allocated": 0, "available": UNITS - held[sku],
        }  # fmt: skip


@pytest.mark.capability("F03", "G01")
def test_an_edit_is_carried_out_once_however_many_confirm_it(shop: None, call: Call) -> None:
    order_id = edited(call, 0)
    version = show(call, order_id)["version"]
    answers = all_at_once(lambda n: then(call, order_id, "confirm", key=f"c{n}", version=version), AT_ONCE)
    assert outcomes(answers) == {(200, ""): 1, (412, "stale"): AT_ONCE - 1}
    assert level("TAZA-1")["reserved"] == 3
    assert level()["reserved"] == 1
    shelf_and_orders_agree(order_id)


@pytest.mark.capability("F03", "F02")
def test_edit_against_cancel_leaves_one_of_both(shop: None, call: Call) -> None:
    order_ids = [edited(call, number) for number in range(AT_ONCE)]
    versions = {order_id: show(call, order_id)["version"] for order_id in order_ids}

    def race(number: int) -> Answer:
        order_id = order_ids[number // 2]
        version = versions[order_id]
        if number % 2:
            return command(
                call, order_id, "cancel", {"reason": "customer"}, key=f"x{number}", version=version
            )
        return then(call, order_id, "confirm", key=f"c{number}", version=version)

    answers = all_at_once(race, 2 * AT_ONCE)
    assert outcomes(answers) == {(200, ""): AT_ONCE, (412, "stale"): AT_ONCE}
    for number, order_id in enumerate(order_ids):
        order = wiring.desk().load(order_id).order
        assert order.edit is None
        won = answers[2 * number].status == 200
        assert (order.lifecycle == "placed") == won
        assert [line.reserved for line in order.lines] == ([1, 3] if won else [0])
    shelf_and_orders_agree(*order_ids)


@pytest.mark.capability("F03")
def test_customer_and_staff_decide_at_once_and_one_of_them_counts(shop: None, call: Call) -> None:
    order_id = edited(call, 0)
    assert then(call, order_id, "request-acceptance").status == 200
    token, version = link(order_id), show(call, order_id)["version"]

    def race(number: int) -> Answer:
        if number % 2:
            return then(call, order_id, "decline", key=f"d{number}", version=version)
        return call("accept_edit", "POST", "/accept-edit", {"token": token, "decision": "accept"})

    answers = all_at_once(race, AT_ONCE)
    assert Counter(answer.status for answer in answers)[200] == 1
    assert {a.body["type"] for a in answers if a.status != 200} <= {"link-used", "stale"}
    accepted = any(answer.status == 200 for answer in answers[::2])
    assert level("TAZA-1")["reserved"] == (3 if accepted else 0)
    shelf_and_orders_agree(order_id)


@pytest.mark.capability("F03", "G01", "D21")
def test_edits_take_no_more_than_there_is_through_a_storm(
    shop: None, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight edits want three units each of seven; every order confirms its own, and repeats when told to."""
    stock_product("TAZA-1", 5800, UNITS)
    order_ids = [edited(call, number) for number in range(AT_ONCE)]
    stock_product("TAZA-1", 5800, 7)
    versions = {order_id: show(call, order_id)["version"] for order_id in order_ids}

    def confirm(number: int) -> Answer:
        order_id = order_ids[number]
        for _ in range(40):
            answer = then(call, order_id, "confirm", key=f"c{number}", version=versions[order_id])
            if answer.status != 503:
                return answer
        return answer

    with Faults(**STORM).on(client()):
        answers = all_at_once(confirm, AT_ONCE)
    assert outcomes(answers) == {(200, ""): 2, (409, "out-of-stock"): AT_ONCE - 2}
    assert level("TAZA-1") == {"on_hand": 7, "reserved": 6, "allocated": 0, "available": 1}
    for number, order_id in enumerate(order_ids):
        held = [line.reserved for line in wiring.desk().load(order_id).order.lines]
        assert held == ([1, 3] if answers[number].status == 200 else [2])
