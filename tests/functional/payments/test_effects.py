"""Effects at the provider that go wrong: unknown, refused, not wanted any more."""

import pytest

from comanda import wiring
from comanda.orders.cancel import cancelling
from comanda.orders.decision import Decision, Effect
from comanda.orders.facts import Happened
from comanda.orders.hold import retrying
from comanda.payments.provider import CannotTell
from comanda.payments.void import MOST_TRIES
from tests.functional.payments.world import World
from tests.functional.shop import level, place, stock_product


def card(call) -> str:
    stock_product()
    order_id: str = place(call, payment_method="stripe")["order_id"]
    return order_id


def test_what_nobody_can_tell_waits_for_a_person(call, world: World, monkeypatch: pytest.MonkeyPatch):
    world.bank.lost = 1
    order_id = card(call)
    world.bank.answers.clear()
    world.clock.on(hours=25)

    def too_many(*args: object) -> None:
        raise CannotTell("too many to look through")

    with monkeypatch.context() as patch:
        patch.setattr(world.bank, "find_by_reference", too_many, raising=False)
        assert world.settle(order_id, "pay-1")
        assert world.settle(order_id, "pay-1")
    assert world.effect(order_id, "pay-1").state == "unknown"
    holds = [(hold.reason, hold.detail) for hold in world.order(order_id).open_holds]
    assert holds == [("unknown_effect", "pay-1: too many to look through")]
    assert list(world.bank.payments) == ["pi_0001"]
    world.run(order_id, retrying)
    assert world.settle(order_id, "pay-1")
    assert list(world.bank.payments) == ["pi_0001"]
    assert [e.ref for e in world.order(order_id).ledger] == ["pi_0001"]
    assert world.order(order_id).open_holds == ()


def test_a_void_that_is_never_granted_ends_with_a_person(call, world: World):
    order_id = card(call)
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    world.bank.refusing = "locked"
    for _ in range(MOST_TRIES):
        assert world.settle(order_id, "void-pi_0001")
        world.clock.on(hours=2)
    order = world.order(order_id)
    assert world.effect(order_id, "void-pi_0001").state == "failed"
    assert [(hold.reason, hold.detail) for hold in order.open_holds] == [
        ("effect_failed", "void-pi_0001: cannot be voided: locked")
    ]
    assert (order.ending is not None, level()["reserved"]) == (True, 2)
    world.bank.refusing = ""
    world.run(order_id, retrying)
    assert world.settle(order_id, "void-pi_0001")
    assert world.order(order_id).lifecycle == "cancelled"
    assert level()["reserved"] == 0


def test_a_start_that_is_not_wanted_any_more_is_skipped(call, world: World):
    world.bank.down = True
    order_id = card(call)
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    assert world.order(order_id).lifecycle == "cancelled"
    world.bank.down = False
    world.clock.on(minutes=2)
    assert world.settle(order_id, "pay-1")
    assert world.effect(order_id, "pay-1").result == {"skipped": "not wanted any more"}
    assert world.bank.payments == {}


def test_an_attempt_that_was_begun_for_an_order_that_ends_is_voided(call, world: World):
    """The request died after the provider had begun; the order was cancelled before anybody knew."""
    world.bank.lost = 1
    order_id = card(call)
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    assert world.webhook("pi_0001")
    assert world.settle(order_id, "void-pi_0001")
    assert world.bank.payments["pi_0001"].status == "void"
    order = world.order(order_id)
    assert (order.lifecycle, [e.status for e in order.ledger]) == ("cancelled", ["void"])


def test_authorised_money_is_captured(call, world: World):
    order_id = card(call)
    world.bank.authorize("pi_0001")
    assert world.webhook("pi_0001")
    assert world.order(order_id).payment == "authorized"
    data = {"entry_id": "stripe:authorization:pi_0001", "ref": "pi_0001", "amount": 23_200}
    wanted = Decision(
        facts=(Happened("FeeRecorded", {"entry": world.order(order_id).ledger[0].to_dict()}),),
        effects=(Effect("capture-pi_0001", "payment.capture", data),),
    )
    world.run(order_id, lambda loaded: wanted)
    assert world.settle(order_id, "capture-pi_0001")
    assert world.settle(order_id, "capture-pi_0001")
    order = world.order(order_id)
    assert order.payment == "paid"
    assert world.effect(order_id, "capture-pi_0001").state == "done"
    assert world.bank.calls.count("capture") == 1


def test_an_effect_of_an_order_that_is_gone_is_nothing(call, world: World):
    assert world.settle("gone", "pay-1")
    order_id = card(call)
    assert world.settle(order_id, "pay-9")


def test_only_one_worker_wins(call, world: World):
    world.bank.down = True
    order_id = card(call)
    world.bank.down = False
    claim = wiring.outbox().claim(order_id, "pay-1", at="2026-11-21T18:00:01.000Z")
    assert claim
    assert world.settle(order_id, "pay-1")
    assert world.bank.payments == {}
