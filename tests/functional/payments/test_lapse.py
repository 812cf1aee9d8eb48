"""Authorised money that its bank lets go of: staff are warned in time, and told when it is gone."""

from typing import Any

import pytest

from comanda import wiring
from comanda.orders.decision import Wait
from comanda.times import stamp
from comanda.workflow.judge import NEVER, deadline
from comanda.workflow.timeouts import judge_deadlines
from tests.functional.conftest import Call
from tests.functional.edits import mxn
from tests.functional.histories import done
from tests.functional.payments.test_capture_on_approval import authorized, capture_of, placed
from tests.functional.payments.test_paying import pay_again
from tests.functional.payments.world import World
from tests.functional.shop import level, set_section
from tests.functional.staff import ask, show

WARN_AT, UNTIL = "2026-11-28T17:00:00.000Z", "2026-11-28T18:00:00.000Z"
WEEK = {"cancel_seconds": 7 * 86_400, "remind_seconds": 86_400, "hold_seconds": 2 * 86_400}


@pytest.fixture(autouse=True)
def on_approval(aws: None) -> None:
    set_section("payments.stripe", capture="approval", capture_warning_seconds=3600, **WEEK)


def look(world: World, order_id: str) -> None:
    """The sweep comes by."""
    world.run(order_id, lambda loaded: judge_deadlines(loaded, stamp(world.clock())), "system")


def listed(call: Call, mark: str) -> list[str]:
    answer = ask(call, "GET", "/admin/orders", query={"money": mark})
    return [one["order_id"] for one in answer.body["items"]]


@pytest.mark.capability("C18", "D04")
def test_staff_are_warned_once_and_find_the_order(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    version = show(call, order_id)["version"]
    assert deadline(world.order(order_id)) == WARN_AT
    world.clock.on(days=6, hours=22)
    look(world, order_id)
    assert ("LapseWarned" in world.history(order_id), listed(call, "authorization_expiring")) == (False, [])
    world.clock.on(hours=1)
    for _ in range(2):
        look(world, order_id)
    assert world.history(order_id).count("LapseWarned") == 1
    assert world.mails(order_id).count("authorization_expiring") == 1
    assert listed(call, "authorization_expiring") == [order_id]
    order = show(call, order_id)
    assert (order["version"], order["money"]) == (version, "authorization_expiring")
    assert deadline(world.order(order_id)) == NEVER
    done(call, order_id, "approve", {})
    assert world.settle(order_id, capture_of(world, order_id))
    assert (show(call, order_id)["money"], listed(call, "authorization_expiring")) == (None, [])


def test_a_wait_looks_earlier_once_money_is_authorised(call: Call, world: World) -> None:
    order_id = str(placed(call)["order_id"])
    wait = Wait("approval", "token", 1, stamp(world.clock()), NEVER, "arn:execution")
    assert wiring.waits().put(order_id, wait)
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    wiring.waker().wake(order_id)
    (kept,) = world.loaded(order_id).waits
    assert kept.due_at == WARN_AT


@pytest.mark.capability("C18", "D04")
@pytest.mark.parametrize("approved", [False, True])
def test_what_lapsed_is_asked_for_anew(call: Call, world: World, approved: bool) -> None:
    placed_order = placed(call)
    order_id = str(placed_order["order_id"])
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    world.clock.on(days=7)
    if approved:
        done(call, order_id, "approve", {})
    world.bank.lapse("pi_0001")
    if approved:  # found out by the capture itself
        assert world.settle(order_id, capture_of(world, order_id))
    else:
        assert world.webhook("pi_0001")
    order = show(call, order_id)
    assert (order["payment"], order["due"], order["holds"]) == ("voided", mxn(23_200), [])
    assert (order["lifecycle"], order["money"]) == ("placed", "authorization_lapsed")
    assert world.mails(order_id).count("authorization_lapsed") == 1
    assert listed(call, "authorization_lapsed") == [order_id]
    terms = world.order(order_id).terms
    assert (terms.pay_by, terms.remind_at) == ("2026-12-05T18:00:00.000Z", "2026-11-29T18:00:00.000Z")
    assert world.order(order_id).reserved_until == "2026-11-30T18:00:00.000Z"
    look(world, order_id)
    assert (world.order(order_id).ending, level()["reserved"]) == (None, 2)

    assert pay_again(call, placed_order, "stripe").status == 201
    second = next(ref for ref in world.bank.payments if ref != "pi_0001")
    world.bank.pay(second)
    assert world.webhook(second)
    assert (show(call, order_id)["payment"], show(call, order_id)["money"]) == (
        "paid" if second not in world.bank.held and approved else "authorized",
        None,
    )


def test_what_somebody_gave_up_has_not_lapsed(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    world.bank.cancel("pi_0001")
    assert world.webhook("pi_0001")
    order: dict[str, Any] = show(call, order_id)
    assert (order["payment"], order["money"]) == ("voided", None)
    assert "authorization_lapsed" not in world.mails(order_id)


def test_an_order_that_is_being_cancelled_is_not_told_of(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "cancel", {"reason": "customer"})
    assert deadline(world.order(order_id)) == NEVER
    world.clock.on(days=8)
    world.bank.lapse("pi_0001")
    assert world.settle(order_id, "void-pi_0001")
    order = show(call, order_id)
    assert (order["lifecycle"], order["payment"], order["money"]) == ("cancelled", "voided", None)
    assert "authorization_lapsed" not in world.mails(order_id)
