"""The units of an unpaid order go back in time, once, and never while a payment is on its way."""

import pytest

from comanda.times import stamp
from comanda.workflow.timeouts import expire_reservation
from tests.functional.payments.test_paying import card, pay_again, seen
from tests.functional.payments.world import World
from tests.functional.shop import level, place, set_section

pytestmark = pytest.mark.capability("D21", "G02")
FREE = {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}


@pytest.fixture
def short_hold(clean: None) -> None:
    set_section("payments.stripe", hold_seconds=600, remind_seconds=None)


def time_is_up(world: World, order_id: str, **span: float) -> None:
    world.clock.on(**(span or {"seconds": 601}))
    world.run(order_id, lambda loaded: expire_reservation(loaded, stamp(world.clock())), "system")


def given_up(call, world: World) -> dict:
    placed = card(call)
    time_is_up(world, placed["order_id"])
    assert world.settle(placed["order_id"], "void-pi_0001")
    assert world.order(placed["order_id"]).reservation == "expired"
    return placed


def test_the_units_go_back_once_when_the_provider_has_let_go(call, world: World, short_hold: None):
    placed = card(call)
    order_id = placed["order_id"]
    time_is_up(world, order_id, seconds=599)
    assert world.history(order_id).count("ReservationEnding") == 0
    time_is_up(world, order_id, seconds=2)
    time_is_up(world, order_id, seconds=60)  # the next sweep asks for nothing new
    assert world.history(order_id).count("ReservationEnding") == 1
    world.bank.down = True
    assert not world.settle(order_id, "void-pi_0001")
    assert level()["reserved"] == 2
    world.bank.down = False
    world.clock.on(minutes=2)
    assert world.settle(order_id, "void-pi_0001")
    time_is_up(world, order_id, days=30)
    assert level() == FREE
    order = world.order(order_id)
    assert (order.lifecycle, order.payment, [line.reserved for line in order.lines]) == (
        "awaiting_verification",
        "voided",
        [0],
    )
    assert world.history(order_id).count("ReservationExpired") == 1
    texts = [
        entry["text"] for entry in seen(call, placed)["history"] if entry["type"] == "ReservationExpired"
    ]
    assert len(texts) == 1
    assert "apart" in texts[0]


@pytest.mark.parametrize("moves", ["pay", "process"])
def test_money_on_its_way_keeps_the_units(call, world: World, short_hold: None, moves: str):
    placed = card(call)
    order_id = placed["order_id"]
    time_is_up(world, order_id)
    getattr(world.bank, moves)("pi_0001")
    assert world.settle(order_id, "void-pi_0001")
    assert "void" not in world.bank.calls
    assert level()["reserved"] == 2
    order = world.order(order_id)
    assert (order.reservation, world.history(order_id).count("ReservationKept")) == ("", 1)
    time_is_up(world, order_id, days=2)
    assert level()["reserved"] == 2


def test_whoever_pays_again_gets_the_units_again(call, world: World, short_hold: None):
    placed = given_up(call, world)
    answer = pay_again(call, placed, "stripe")
    assert answer.status == 201, answer.text
    order = world.order(placed["order_id"])
    assert (order.reservation, order.lines[0].reserved, level()["reserved"]) == ("", 2, 2)
    world.bank.pay("pi_0002")
    world.webhook("pi_0002")
    assert world.order(placed["order_id"]).payment == "paid"
    assert level()["reserved"] == 2


def test_whoever_pays_again_is_told_that_they_are_gone(call, world: World, short_hold: None):
    placed = given_up(call, world)
    place(call, "key-2", lines=[{"sku": "CAFE-1", "quantity": 9}])
    before = world.order(placed["order_id"])
    answer = pay_again(call, placed, "bank_transfer")
    assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    assert answer.body["lines"] == [{"sku": "CAFE-1", "requested": 2, "available": 1}]
    assert world.order(placed["order_id"]) == before
    assert level()["reserved"] == 9


def test_a_payment_that_is_being_let_go_is_not_handed_out_again(call, world: World, short_hold: None):
    placed = card(call)
    time_is_up(world, placed["order_id"])
    answer = pay_again(call, placed, "stripe")
    assert answer.body["payment_action"]["id"] == "pi_0002"
    assert world.settle(placed["order_id"], "void-pi_0001")
    order = world.order(placed["order_id"])
    assert (order.reservation, order.lines[0].reserved) == ("", 2)
