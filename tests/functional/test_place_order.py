"""Placing an order through the real handler."""

import pytest

from comanda import wiring
from tests.functional.shop import level, order_body, place, stock_product


@pytest.mark.capability("D01", "D03", "D21", "A02")
def test_an_order_takes_its_stock(call):
    stock_product()
    body = place(call)
    assert body["number"] == "P-000001"
    assert body["lifecycle"] == "awaiting_verification"
    assert body["totals"]["total"] == {"amount": 23200, "currency": "MXN"}
    assert body["totals"]["tax"] == {"amount": 3200, "currency": "MXN"}
    assert level() == {"on_hand": 10, "reserved": 2, "allocated": 0, "available": 8}
    loaded = wiring.desk().load(body["order_id"])
    assert loaded.order.lines[0].reserved == 2
    assert sorted(effect.effect_id for effect in loaded.effects) == [
        "mail-payment_instructions-1",
        "mail-verification-1",
        "run-1",
    ]


def test_a_replay_answers_as_the_first_time_and_takes_nothing_more(call):
    stock_product()
    first = place(call)
    again = call("place_order", "POST", "/orders", order_body(), headers={"Idempotency-Key": "key-1"})
    assert again.status == 201
    assert again.headers["idempotent-replay"] == "true"
    assert again.body == first
    assert level()["available"] == 8


def test_sold_out_is_refused_and_nothing_is_written(call):
    stock_product(units=1)
    answer = call("place_order", "POST", "/orders", order_body(), headers={"Idempotency-Key": "k"})
    assert answer.status == 409
    assert answer.body["type"] == "out-of-stock"
    assert answer.body["lines"] == [{"sku": "CAFE-1", "requested": 2, "available": 1}]
    assert level() == {"on_hand": 1, "reserved": 0, "allocated": 0, "available": 1}
