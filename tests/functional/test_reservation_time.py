"""Deadlines of reservations through the sweep, and what is reserved only when the merchant confirms."""

import pytest

from comanda import wiring
from comanda.errors import OutOfStock
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.shop import level, place, set_section
from tests.functional.test_workflow import approve, order, pay, placed, verify

__all__ = ["backbone"]


def history(order_id: str) -> list[str]:
    return [fact.type for fact in wiring.orders().facts(order_id)]


def let_go(call: Call, backbone: Backbone) -> str:
    set_section("payments.bank_transfer", remind_seconds=None, cancel_seconds=None, hold_seconds=600)
    order_id = placed(call, backbone, units=2)
    verify(call, order_id)
    backbone.settle()
    backbone.later(seconds=599)
    backbone.sweep()
    assert level()["reserved"] == 2
    backbone.later(seconds=130)
    for _ in range(3):
        backbone.sweep()
        backbone.settle()
    assert level() == {"on_hand": 2, "reserved": 0, "allocated": 0, "available": 2}
    assert history(order_id).count("ReservationExpired") == 1
    assert (order(order_id).lifecycle, order(order_id).payment) == ("placed", "pending")
    return order_id


@pytest.mark.capability("D21", "G03")
def test_a_transfer_that_comes_late_takes_the_units_again(call: Call, backbone: Backbone) -> None:
    order_id = let_go(call, backbone)
    approve(order_id)
    assert level()["reserved"] == 0
    pay(order_id)
    assert level() == {"on_hand": 2, "reserved": 0, "allocated": 2, "available": 0}
    assert not order(order_id).open_holds


@pytest.mark.capability("D21", "G03")
def test_a_transfer_that_comes_too_late_holds_the_order(call: Call, backbone: Backbone) -> None:
    order_id = let_go(call, backbone)
    other = place(call, "key-2")
    pay(order_id)
    assert [hold.reason for hold in order(order_id).open_holds] == ["out_of_stock"]
    assert (order(order_id).payment, level()["reserved"]) == ("paid", 2)
    staff_release(order_id, refused=True)
    pay(other["order_id"])  # the other one keeps what it has
    assert level()["reserved"] == 2
    stock_more(2)
    staff_release(order_id)
    assert level()["reserved"] == 4


def staff_release(order_id: str, *, refused: bool = False) -> None:
    from comanda.orders.hold import releasing_hold
    from tests.functional.test_workflow import origin

    hold = order(order_id).open_holds[0].hold_id
    before = order(order_id)
    try:
        wiring.desk().run(order_id, releasing_hold(hold), origin())
    except OutOfStock:
        assert refused
        assert order(order_id) == before
        return
    assert not refused


def stock_more(units: int) -> None:
    from comanda.stock.adjust_stock import Correction, adjust_stock

    asked = Correction("CAFE-1", units, "received", "main")
    adjust_stock(asked, wiring.stock_book(), actor="staff:1", at="2026-11-21T18:00:00.000Z")


@pytest.mark.capability("E13")
def test_nothing_is_taken_until_the_merchant_confirms(call: Call, backbone: Backbone) -> None:
    set_section("payments.bank_transfer", reserve_on="confirmed", hold_seconds=600, cancel_seconds=None)
    order_id = placed(call, backbone, units=2)
    place(call, "key-2")
    assert level()["reserved"] == 0
    verify(call, order_id)
    assert level()["reserved"] == 0
    approve(order_id)
    assert level()["reserved"] == 2
    backbone.settle()
    backbone.later(seconds=731)  # from the confirmation on
    backbone.sweep()
    assert level()["reserved"] == 0


@pytest.mark.capability("E13")
def test_confirming_what_is_gone_is_refused_to_staff(call: Call, backbone: Backbone) -> None:
    set_section("payments.bank_transfer", reserve_on="confirmed")
    order_id = placed(call, backbone, units=2)
    verify(call, order_id)
    set_section("payments.bank_transfer", reserve_on="placed")
    place(call, "key-2")
    before = order(order_id)
    with pytest.raises(OutOfStock):
        approve(order_id)
    assert order(order_id) == before
    assert level()["reserved"] == 2


@pytest.mark.capability("E13")
def test_confirmed_by_the_setting_without_stock_it_is_held_and_nobody_is_refused(
    call: Call, backbone: Backbone
) -> None:
    set_section("checkout", approval="automatic")
    set_section("payments.bank_transfer", reserve_on="confirmed")
    order_id = placed(call, backbone, units=2)
    set_section("payments.bank_transfer", reserve_on="placed")
    place(call, "key-2")
    verify(call, order_id)
    found = order(order_id)
    assert (found.approved, found.verified) == (True, True)
    assert [hold.reason for hold in found.open_holds] == ["out_of_stock"]
    assert level()["reserved"] == 2
