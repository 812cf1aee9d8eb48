"""The last uses of a discount code, wanted by 32 buyers at once: never one too many, none lost."""

from typing import Any

import pytest

from comanda import wiring
from comanda.discounts.edit_codes import create_code
from comanda.discounts.model import DiscountCode
from comanda.dynamo.client import client
from comanda.ids import new_id
from comanda.orders.cancel import cancelling
from comanda.origin import Origin
from tests.engine.test_buyers import STORM, body, outcomes, stored_orders
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.shop import set_section, stock_product

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

BUYERS = 32
AT = "2026-11-22T12:00:00.000Z"


@pytest.fixture
def shop(engine: Any) -> None:
    set_section("limits", per_address=100_000, per_email=100_000)
    stock_product(units=None)


def buy(call: Call, buyer: int, who: int, key: str = "") -> Answer:
    """Ask until the answer is more than that others were first."""
    asked = body(who, ("CAFE-1", 1)) | {"discount_code": "ultimo"}
    headers = {"Idempotency-Key": key or f"key-{buyer}"}
    while True:
        answer = call("place_order", "POST", "/orders", asked, headers=headers)
        if answer.status != 503:
            return answer


def make(**limits: int) -> None:
    create_code(wiring.codes(), DiscountCode("ULTIMO", amount=100, **limits), at=AT, actor="test")


def used() -> int:
    return sum(wiring.codes().used(["ULTIMO"])["ULTIMO"])


def cancel(order_id: str) -> None:
    decide = cancelling("customer", "", "staff:1", new_id, restock=True, refund=True)
    wiring.desk().run(order_id, decide, Origin("staff:1", "test", AT))


@pytest.mark.parametrize("faults", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.capability("F21", "G01")
def test_a_code_is_used_exactly_as_often_as_it_may_be(
    call: Call, shop: None, faults: dict[str, float]
) -> None:
    make(max_uses=5)
    with Faults(**faults).on(client()):
        answers = all_at_once(lambda buyer: buy(call, buyer, buyer), BUYERS)
    assert outcomes(answers) == {(201, ""): 5, (422, "invalid"): BUYERS - 5}
    assert {answer.body["reason"] for answer in answers if answer.status == 422} == {"used-up"}
    assert (used(), len(stored_orders())) == (5, 5)


@pytest.mark.capability("F21")
def test_one_customer_at_many_windows_uses_it_once(call: Call, shop: None) -> None:
    make(max_uses_per_customer=1)
    answers = all_at_once(lambda buyer: buy(call, buyer, 1), 8)
    assert outcomes(answers) == {(201, ""): 1, (422, "invalid"): 7}
    assert {answer.body["reason"] for answer in answers if answer.status == 422} == {"used-by-you"}
    assert used() == 1


@pytest.mark.capability("F21")
def test_a_code_without_a_limit_is_counted_to_the_last_use(call: Call, shop: None) -> None:
    make()
    answers = all_at_once(lambda buyer: buy(call, buyer, buyer), BUYERS)
    assert outcomes(answers) == {(201, ""): BUYERS}
    assert used() == BUYERS


@pytest.mark.capability("F21")
def test_uses_given_back_while_others_want_them_are_neither_lost_nor_doubled(call: Call, shop: None) -> None:
    make(max_uses=4)
    first = [buy(call, number, number).body["order_id"] for number in range(4)]

    def work(number: int) -> Answer | None:
        if number < 4:
            return cancel(first[number])
        return buy(call, number, number)

    answers = [answer for answer in all_at_once(work, 24) if answer]
    live = [order for order in stored_orders() if order.lifecycle != "cancelled"]
    assert len(live) == used() == len([a for a in answers if a.status == 201]) <= 4
    more = [buy(call, 100 + number, 100 + number) for number in range(5)]
    assert [answer.status for answer in more].count(201) == 4 - len(live)
    assert used() == 4
