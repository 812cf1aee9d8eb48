"""A payment comes back after its order was confirmed: its units wait for money again, and go back in time."""

from collections.abc import Callable
from typing import Any

import pytest

from comanda.payments.unmark import unmarking
from comanda.times import stamp
from comanda.workflow.judge import deadline
from comanda.workflow.timeouts import judge_deadlines
from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.payments.test_refunds import transfer
from tests.functional.payments.world import World
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, show

pytestmark = pytest.mark.capability("D21", "F05", "G02")
FREE = {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
WAITING, OWNED = FREE | {"reserved": 2, "available": 8}, FREE | {"allocated": 2, "available": 8}


@pytest.fixture
def cheque(call: Call, world: World) -> str:
    """Confirmed and paid, in a shop that never cancels for want of money."""
    set_section("payments.bank_transfer", hold_seconds=600, remind_seconds=None, cancel_seconds=None)
    order_id = transfer(call)
    approved(call, order_id)
    assert level() == OWNED
    return order_id


def time_passes(world: World, order_id: str, **span: float) -> None:
    world.clock.on(**span)
    world.run(order_id, lambda loaded: judge_deadlines(loaded, stamp(world.clock())), "system")


def test_the_units_wait_held_and_go_back_when_nothing_comes(call: Call, world: World, cheque: str) -> None:
    order = done(call, cheque, "bounce", {"reason": "no_funds"})["order"]
    assert level() == WAITING
    assert [hold["reason"] for hold in order["holds"] if hold["open"]] == ["payment_bounced"]
    assert deadline(world.order(cheque)) == stamp(world.clock().replace(minute=10))
    time_passes(world, cheque, seconds=599)
    assert level() == WAITING
    time_passes(world, cheque, seconds=2)
    assert level() == FREE
    time_passes(world, cheque, days=30)
    assert (level(), world.history(cheque).count("ReservationExpired")) == (FREE, 1)
    assert world.order(cheque).lifecycle == "placed"


def test_good_money_takes_them_again(call: Call, world: World, cheque: str) -> None:
    done(call, cheque, "bounce", {"reason": "no_funds"})
    time_passes(world, cheque, seconds=601)
    assert level() == FREE
    done(call, cheque, "mark-paid", {"reference": "SPEI 2"})
    assert level() == OWNED
    assert not [hold for hold in show(call, cheque)["holds"] if hold["open"]]


def test_when_somebody_else_has_bought_them_a_person_decides(call: Call, world: World, cheque: str) -> None:
    done(call, cheque, "bounce", {"reason": "no_funds"})
    time_passes(world, cheque, seconds=601)
    stock_product(units=1)
    order = done(call, cheque, "undo-bounce")["order"]
    assert [hold["reason"] for hold in order["holds"] if hold["open"]] == ["out_of_stock"]
    assert level()["allocated"] == 0


def test_a_bounce_that_was_none_leaves_all_as_it_was(call: Call, world: World, cheque: str) -> None:
    done(call, cheque, "bounce", {"reason": "mistake", "notify": False})
    done(call, cheque, "undo-bounce")
    assert level() == OWNED
    time_passes(world, cheque, days=3)
    assert level() == OWNED


@pytest.mark.parametrize("restock", [True, False])
def test_cancelling_gives_back_exactly_what_was_taken(
    call: Call, world: World, cheque: str, restock: bool
) -> None:
    done(call, cheque, "bounce", {"reason": "no_funds"})
    done(call, cheque, "cancel", {"reason": "unpaid", "restock": restock})
    assert level() == (FREE if restock else FREE | {"on_hand": 8, "available": 8})


def test_one_of_two_payments_keeps_the_units_with_the_order(call: Call, world: World, clean: None) -> None:
    """Money is here: such an order is for a person to decide."""
    set_section("payments.bank_transfer", hold_seconds=600, remind_seconds=None, cancel_seconds=None)
    order_id = transfer(call)
    approved(call, order_id)
    done(call, order_id, "mark-paid", {"amount": {"amount": 100, "currency": "MXN"}})
    payment = show(call, order_id)["ledger"][0]["entry_id"]
    done(call, order_id, "bounce", {"reason": "no_funds", "payment_id": payment})
    time_passes(world, order_id, days=3)
    assert level() == OWNED


def test_a_payment_entered_by_mistake_gives_its_allocation_up(call: Call, world: World, clean: None) -> None:
    set_section("payments.bank_transfer", hold_seconds=600, remind_seconds=None, cancel_seconds=None)
    stock_product()
    order_id = str(place(call)["order_id"])
    approved(call, order_id)
    world.clock.on(minutes=5)
    done(call, order_id, "mark-paid")
    assert level() == OWNED
    (payment,) = (entry for entry in world.order(order_id).ledger if entry.kind == "capture")
    stopped: list[str] = []

    def withdraw(order: str, effect: str) -> Callable[[Any], None]:
        return lambda tx: stopped.append(effect)

    world.run(order_id, unmarking(payment.entry_id, stamp(world.clock()), withdraw))
    assert level() == WAITING
    assert len(stopped) == 1
    time_passes(world, order_id, seconds=601)
    assert level() == FREE
