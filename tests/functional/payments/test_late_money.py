"""Money for an order that has ended: it goes on, or is held and given back in one click."""

from typing import Any

import pytest

from comanda.times import stamp
from comanda.workflow.timeouts import judge_deadlines
from tests.functional.conftest import Call
from tests.functional.payments.test_refunds import pesos, refund, transfer
from tests.functional.payments.world import World
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, command, show

TOTAL = 23_200


def cancelled(call: Call) -> str:
    stock_product()
    order_id: str = place(call)["order_id"]
    assert command(call, order_id, "cancel", {"reason": "customer"}).status == 200
    return order_id


@pytest.mark.capability("G03")
def test_late_money_is_given_back_in_one_click(call: Call, world: World) -> None:
    order_id = cancelled(call)
    assert show(call, order_id)["actions"] == []
    order = command(call, order_id, "mark-paid", {"amount": pesos(TOTAL)}).body["order"]
    assert [hold["reason"] for hold in order["holds"] if hold["open"]] == ["late_payment"]
    (offered,) = order["actions"]
    assert (offered["command"], offered["why"]) == ("refund", "late_payment")
    done = command(call, order_id, offered["command"], offered["body"]).body
    assert (done["result"]["status"], done["result"]["executed"]) == ("executed", pesos(TOTAL))
    order = done["order"]
    assert (order["payment"], order["lifecycle"], order["actions"]) == ("refunded", "cancelled", [])
    assert [hold for hold in order["holds"] if hold["open"]] == []
    assert level()["reserved"] == 0
    assert world.mails(order_id).count("refunded") == 1


@pytest.mark.capability("F05", "G03")
def test_what_was_paid_too_much_is_offered_back(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    order = command(call, order_id, "mark-paid", {"amount": pesos(TOTAL + 800)}).body["order"]
    assert order["payment"] == "overpaid"
    (offered,) = order["actions"]
    assert (offered["why"], offered["body"]["amount"]) == ("overpaid", pesos(800))
    after: dict[str, Any] = command(call, order_id, offered["command"], offered["body"]).body["order"]
    assert (after["payment"], after["actions"]) == ("paid", [])


@pytest.mark.capability("F06")
def test_a_granted_refund_is_offered_to_be_carried_out(call: Call) -> None:
    order_id = transfer(call)
    order = refund(call, order_id, amount=pesos(500), execute=False).body["order"]
    (offered,) = order["actions"]
    assert offered["why"] == "refund-granted"
    after = command(call, order_id, offered["command"], offered["body"]).body["order"]
    assert (after["payment"], after["actions"]) == ("partially_refunded", [])


def unpaid_until_cancelled(call: Call, world: World) -> str:
    """Two of three units; nobody paid in time, and the shop cancelled it by itself."""
    set_section("payments.bank_transfer", remind_seconds=None, cancel_seconds=600, hold_seconds=600)
    stock_product(units=3)
    order_id: str = place(call)["order_id"]
    approved(call, order_id)
    world.clock.on(seconds=601)
    world.run(order_id, lambda loaded: judge_deadlines(loaded, stamp(world.clock())), "system")
    assert show(call, order_id)["lifecycle"] == "cancelled"
    assert level()["available"] == 3
    return order_id


@pytest.mark.capability("G03")
def test_a_late_transfer_that_staff_enter_takes_the_units_again(call: Call, world: World) -> None:
    order_id = unpaid_until_cancelled(call, world)
    place(call, "other", lines=[{"sku": "CAFE-1", "quantity": 1}])
    answer = command(call, order_id, "mark-paid", {})
    assert answer.status == 200, answer.text
    order = answer.body["order"]
    assert (order["lifecycle"], order["payment"], order["actions"]) == ("placed", "paid", [])
    assert [hold for hold in order["holds"] if hold["open"]] == []
    assert (order["lines"][0]["allocated"], level()["allocated"], level()["available"]) == (2, 2, 0)
    line = {"line_id": "l1", "quantity": 2}
    parcel = {"lines": [line], "carrier": "fedex", "tracking_number": "1"}
    assert command(call, order_id, "ship", parcel).body["order"]["fulfilment"] == "shipped"
    assert world.bank.calls == []


@pytest.mark.capability("G03")
def test_a_late_transfer_for_what_is_gone_is_held_and_given_back(call: Call, world: World) -> None:
    order_id = unpaid_until_cancelled(call, world)
    other = place(call, "other", lines=[{"sku": "CAFE-1", "quantity": 2}])["order_id"]
    order = command(call, order_id, "mark-paid", {}).body["order"]
    assert (order["lifecycle"], order["payment"]) == ("cancelled", "paid")
    assert [hold["reason"] for hold in order["holds"] if hold["open"]] == ["late_payment"]
    assert order["lines"][0]["reserved"] == order["lines"][0]["allocated"] == 0
    assert (show(call, other)["lines"][0]["reserved"], level()["available"]) == (2, 1)
    (offered,) = order["actions"]
    done = command(call, order_id, offered["command"], offered["body"]).body
    assert (done["result"]["executed"], done["order"]["payment"]) == (pesos(TOTAL), "refunded")
    assert [hold for hold in done["order"]["holds"] if hold["open"]] == []
    assert (level()["reserved"], level()["available"]) == (2, 1)
