"""Requests that no client of ours would send still get a problem document."""

import pytest

from tests.functional.shop import order_body, stock_product


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
