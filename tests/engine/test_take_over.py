"""A cart that staff take over while its customer checks out becomes exactly one order, or one draft."""

import pytest

from comanda import wiring
from tests.engine.threads import all_at_once
from tests.functional.conftest import Answer, Call
from tests.functional.shop import level, set_section, stock_product
from tests.functional.test_open_carts import cart, order, shown, take

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]


@pytest.mark.capability("D25", "G01")
def test_the_cart_goes_to_its_customer_or_to_staff_never_to_both(call: Call) -> None:
    set_section("limits", per_address=100_000, per_email=100_000)
    stock_product(units=100)
    for round_ in range(4):
        cart_id, before = cart(call), level()["reserved"]

        def racing(number: int, cart_id: str = cart_id, round_: int = round_) -> Answer:
            if number % 2:
                return take(call, cart_id, key=f"t{round_}-{number}")
            return order(call, cart_id, key=f"o{round_}-{number}")

        answers = all_at_once(racing, 8)
        won = [(number, answer) for number, answer in enumerate(answers) if answer.status == 201]
        assert len(won) == 1
        assert {a.body["guard"] for a in answers if a.status != 201} <= {"cart-taken", "cart-ordered"}
        number, answer = won[0]
        seen = shown(call, cart_id)
        assert (seen["ordered"], seen["taken_over"] is not None) == (number % 2 == 0, number % 2 == 1)
        assert level()["reserved"] - before == (0 if number % 2 else 2)
        body = answer.body["order"] if number % 2 else answer.body
        assert wiring.desk().load(body["order_id"]).order.order_id == body["order_id"]
