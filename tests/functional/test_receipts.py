"""A receipt for money that came in: by the shop's setting, and by order."""

import pytest

from comanda import wiring
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, command


def receipts(order_id: str) -> int:
    effects = wiring.desk().load(order_id).effects
    return sum(1 for effect in effects if effect.data.get("event") == "payment_received")


@pytest.mark.capability("D08", "C18", "C20")
@pytest.mark.parametrize(
    ("shop", "body", "sent"),
    [(True, {}, 1), (True, {"notify": False}, 0), (False, {}, 0), (False, {"notify": True}, 0)],
)
def test_a_receipt_is_sent_when_the_shop_and_the_order_want_it(call, shop, body, sent):
    set_section("notifications", receipt=shop)
    stock_product()
    order_id = place(call)["order_id"]
    approved(call, order_id)
    answer = command(call, order_id, "mark-paid", body)
    assert answer.status == 200, answer.text
    assert answer.body["order"]["payment"] == "paid"
    assert receipts(order_id) == sent
