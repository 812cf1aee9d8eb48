"""Requests that no client of ours would send still get a problem document."""

import pytest

from comanda import wiring
from tests.functional.shop import order_body, place, stock_product


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
def test_a_body_of_another_kind_is_malformed(call, kind):
    stock_product()
    headers = {"Content-Type": kind, "Idempotency-Key": "k"}
    answer = call("place_order", "POST", "/orders", "hello", headers=headers)
    assert (answer.status, answer.body["type"]) == (400, "malformed"), answer.text


@pytest.mark.parametrize("body", ["{", "[]", "null", '"text"', "{}"])
def test_a_body_that_is_no_order_is_told_where(call, body):
    answer = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k"})
    assert answer.status in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_missing_key_is_named(call):
    stock_product()
    answer = call("place_order", "POST", "/orders", order_body())
    assert (answer.status, answer.body["type"]) == (400, "idempotency-key-missing")


def test_a_body_nested_without_end_is_malformed(call):
    answer = call("place_order", "POST", "/orders", "[" * 100_000, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.body["type"]) == (400, "malformed")


def test_unseen_characters_are_left_out_of_texts(call):
    stock_product()
    placed = place(
        call, comment="a\u0000b\u202ec", customer={"email": "a@example.com", "name": "A\r\nBcc: x"}
    )
    loaded = wiring.desk().load(placed["order_id"])
    assert loaded.text("comment") == "abc"
    assert loaded.text("contact")["name"] == "A\nBcc: x"


def test_consent_is_true_and_nothing_like_it(call):
    stock_product()
    body = order_body(accept_privacy="yes")
    answer = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/accept_privacy")


def test_a_quiet_shop_counts_its_orders_one_by_one(call, monkeypatch):
    stock_product(units=20)
    moments = iter(range(0, 1000, 60))
    monkeypatch.setattr("comanda.settings.store.monotonic", lambda: next(moments))
    assert [place(call, key=f"k{n}")["number"] for n in range(3)] == ["P-000001", "P-000002", "P-000003"]
