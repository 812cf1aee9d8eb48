"""An edited order is paid by card: the difference, or the new amount instead of the old one."""

import pytest

from tests.functional.conftest import Call
from tests.functional.edits import confirmed, edit, mxn
from tests.functional.payments.test_paying import card, seen
from tests.functional.payments.world import World
from tests.functional.shop import stock_product
from tests.functional.staff import show

ADD = {"type": "add", "sku": "TAZA-1", "quantity": 2}
PAID, MORE = 23_200, 11_600


@pytest.mark.capability("F03", "F05")
def test_the_difference_of_a_paid_order_is_paid_on_its_page(call: Call, world: World) -> None:
    placed = card(call)
    order_id = placed["order_id"]
    stock_product("TAZA-1", 5800, 5)
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    assert world.order(order_id).payment == "paid"
    done = confirmed(call, order_id, ADD)
    assert (done["order"]["payment"], done["result"]["due"]) == ("partially_paid", mxn(MORE))
    second = seen(call, placed)["payment_action"]["id"]
    assert world.bank.payments[second].amount == MORE
    world.bank.pay(second)
    assert world.webhook(second)
    order = show(call, order_id)
    assert (order["payment"], order["due"], order["holds"]) == ("paid", mxn(0), [])
    assert order["totals"]["total"] == mxn(PAID + MORE)


@pytest.mark.capability("F03", "F05")
def test_an_unpaid_cards_attempt_gives_way_to_one_of_the_new_amount(call: Call, world: World) -> None:
    placed = card(call)
    order_id = placed["order_id"]
    stock_product("TAZA-1", 5800, 5)
    confirmed(call, order_id, ADD)
    assert world.settle(order_id, "void-pi_0001")
    assert world.settle(order_id, "pay-2")
    assert world.bank.payments["pi_0001"].status == "void"
    assert seen(call, placed)["payment_action"]["id"] == "pi_0002"
    assert world.bank.payments["pi_0002"].amount == PAID + MORE


@pytest.mark.capability("F03", "F05")
def test_money_for_the_old_amount_that_outran_the_edit_counts(call: Call, world: World) -> None:
    placed = card(call)
    order_id = placed["order_id"]
    stock_product("TAZA-1", 5800, 5)
    confirmed(call, order_id, ADD)
    world.bank.pay("pi_0001")  # before its void reached the provider
    assert world.settle(order_id, "void-pi_0001")
    assert world.webhook("pi_0001")
    order = show(call, order_id)
    assert (order["payment"], order["due"]) == ("partially_paid", mxn(MORE))


@pytest.mark.capability("F03")
def test_the_total_stays_under_a_payment_that_is_under_way(call: Call, world: World) -> None:
    placed = card(call)
    order_id = placed["order_id"]
    stock_product("TAZA-1", 5800, 5)
    world.bank.process("pi_0001")
    assert world.webhook("pi_0001")
    version = show(call, order_id)["version"]
    answer = edit(call, order_id, ADD)
    assert (answer.status, answer.body["guard"]) == (409, "payment-under-way")
    assert show(call, order_id)["version"] == version
