"""How often a minute orders may be placed, by e-mail address and by the address they come from."""

from typing import Any

import pytest

from tests.functional.carts import filled
from tests.functional.conftest import Answer, Call
from tests.functional.shop import CUSTOMER, level, order_body, set_section, stock_product
from tests.functional.tables import contents


def placing(call: Call, key: str, email: str = CUSTOMER["email"], **changes: Any) -> Answer:
    body = order_body(customer=CUSTOMER | {"email": email}, **changes)
    return call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": key})


def from_cart(call: Call, key: str, email: str = CUSTOMER["email"], **changes: Any) -> Answer:
    body = order_body(customer=CUSTOMER | {"email": email}, cart_id=filled(call, ("CAFE-1", 1)), **changes)
    del body["lines"]
    return call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": key})


def is_too_often(answer: Answer) -> bool:
    return (answer.status, answer.body["type"]) == (429, "rate-limited") and bool(
        answer.headers["retry-after"]
    )


@pytest.fixture(autouse=True)
def coffee(aws: None) -> None:
    stock_product(units=100)


def test_one_address_gets_so_many_letters_a_minute_and_no_more(call: Call) -> None:
    set_section("limits", per_email=2)
    assert [placing(call, f"k{n}").status for n in range(2)] == [201, 201]
    before = contents()
    assert is_too_often(placing(call, "k2"))
    assert contents() == before
    assert is_too_often(from_cart(call, "k3"))
    assert level()["reserved"] == 4
    assert placing(call, "k4", "luis@example.com").status == 201


def test_what_was_refused_sends_no_letter_and_so_does_not_count_for_its_address(call: Call) -> None:
    set_section("limits", per_email=1)
    assert from_cart(call, "k0", accept_privacy=False).status == 422
    assert from_cart(call, "k1").status == 201


def test_a_repeat_is_answered_as_the_first_time_however_many_there_were(call: Call) -> None:
    set_section("limits", per_email=1, per_address=100)
    cart = filled(call, ("CAFE-1", 1))
    body = order_body(cart_id=cart)
    del body["lines"]

    def sent() -> Answer:
        return call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k1"})

    first = sent()
    assert first.status == 201
    assert [sent().body for _ in range(2)] == [first.body] * 2


def test_every_try_counts_for_the_address_it_comes_from(call: Call) -> None:
    set_section("limits", per_address=2)
    assert [placing(call, f"k{n}", f"ana-{n}@example.com").status for n in range(2)] == [201, 201]
    assert is_too_often(placing(call, "k2", "ana-2@example.com"))


def test_orders_from_carts_count_when_the_cart_is_begun(call: Call) -> None:
    set_section("limits", per_address=3)
    assert [from_cart(call, f"k{n}", f"ana-{n}@example.com").status for n in range(3)] == [201] * 3
    late = call("storefront", "POST", "/carts", {"lines": [{"sku": "CAFE-1", "quantity": 1}]})
    assert is_too_often(late)


def test_guessing_discount_codes_with_one_cart_comes_to_an_end(call: Call) -> None:
    set_section("limits", per_address=3, per_email=100)
    cart = filled(call, ("CAFE-1", 1))

    def guess(number: int, **changes: Any) -> Answer:
        customer = CUSTOMER | {"email": f"ana-{number}@example.com"}
        body = order_body(customer=customer, cart_id=cart, **changes)
        del body["lines"]
        return call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": f"g{number}"})

    wrong = [guess(number, discount_code=f"GUESS{number}") for number in range(5)]
    assert [answer.status for answer in wrong] == [422, 422, 422, 429, 429]
    before = contents()
    assert is_too_often(guess(9))  # not even what would be right
    assert contents() == before
