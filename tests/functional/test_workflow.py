"""An order's execution from placing to closing: the real functions on the real definition."""

from typing import Any

import pytest

from comanda import wiring
from comanda.errors import Busy
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.tracking import Scan, recording
from comanda.fulfilment.units import Wanted
from comanda.ids import new_id
from comanda.orders.approve import approving
from comanda.orders.cancel import cancelling
from comanda.orders.hold import retrying
from comanda.orders.model import Order
from comanda.origin import Origin
from comanda.payments.mark_paid import marking_paid
from comanda.times import stamp
from functions.order_steps.app import lambda_handler as order_steps
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.test_verify_and_approve import events, mailed

__all__ = ["backbone"]

MOST_TRANSITIONS = 14
STORY = [
    "Wait for e-mail verification",
    "After verification",
    "Wait for approval",
    "After approval",
    "Wait for payment",
    "After payment",
    "Wait for fulfilment",
    "After fulfilment",
    "Wait for delivery",
    "After delivery",
    "Close the order",
]


def origin() -> Origin:
    return Origin("staff:1", "request:1", stamp(wiring.now()))


def order(order_id: str) -> Order:
    return wiring.desk().load(order_id).order


def waits(order_id: str) -> list[tuple[str, int]]:
    return [(wait.kind, wait.run) for wait in wiring.desk().load(order_id).waits]


def placed(call: Call, backbone: Backbone, units: int = 10, **changes: Any) -> str:
    """An order whose execution has come to its first wait."""
    stock_product(units=units)
    order_id = str(place(call, **changes)["order_id"])
    backbone.settle()
    return order_id


def verify(call: Call, order_id: str) -> None:
    token = mailed(order_id, "verification", "verify")
    assert call("verify_email", "POST", "/verify-email", {"token": token}).status == 200


def approve(order_id: str) -> None:
    wiring.desk().run(order_id, approving, origin())


def pay(order_id: str, amount: int | None = None) -> None:
    wiring.desk().run(order_id, marking_paid(origin(), new_id, amount=amount), origin())


def ship(order_id: str, units: int = 2, shipment: str = "s1") -> None:
    parcel = Parcel((Wanted(units, sku="CAFE-1"),), "dhl", f"JD-{shipment}")
    wiring.desk().run(order_id, shipping(parcel, shipment, origin().at), origin())


def deliver(order_id: str, shipment: str = "s1") -> None:
    scan = Scan("dhl", f"JD-{shipment}", "delivered", "2030-01-01T00:00:00.000Z")
    decide = lambda loaded: recording(loaded.order, [scan], frozenset({shipment}), scan.at)  # noqa: E731
    wiring.desk().run(order_id, decide, origin())


@pytest.mark.capability("G11", "D04")
def test_the_execution_reads_like_the_orders_story(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    assert waits(order_id) == [("verification", 1)]
    steps = (
        (lambda: verify(call, order_id), "approval"),
        (lambda: approve(order_id), "payment"),
        (lambda: pay(order_id), "fulfilment"),
        (lambda: ship(order_id), "delivery"),
    )
    for command, then in steps:
        command()
        backbone.settle()
        assert waits(order_id) == [(then, 1)]
    deliver(order_id)
    backbone.settle()
    run = backbone.machine.run_of(order_id)
    assert (run.entered, run.status) == (STORY, "SUCCEEDED")
    assert len(run.entered) <= MOST_TRANSITIONS
    loaded = wiring.desk().load(order_id)
    assert (loaded.order.lifecycle, loaded.waits) == ("closed", ())
    assert {e.effect_id: (e.state, e.due_at) for e in loaded.effects if e.kind == "lifecycle"} == {
        "run-1": ("done", "")
    }
    assert backbone.bus.facts() == [fact.type for fact in wiring.orders().facts(order_id)]


def test_events_carry_ids_and_no_personal_data(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    verify(call, order_id)
    backbone.settle()
    assert {tuple(sorted(detail)) for detail in backbone.bus.told("EmailVerified")} == {
        ("at", "order_id", "revision", "seq")
    }
    everything = str(backbone.bus.entries)
    for personal in ("ana@example.com", "Muñoz", "1234 5678", "Obregón"):
        assert personal not in everything
    wanted = backbone.bus.told("EffectWanted")
    mails = {detail["effect_id"] for detail in wanted if detail["kind"] == "mail"}
    assert mails == {e.effect_id for e in wiring.desk().load(order_id).effects if e.kind == "mail"}
    assert all(set(detail) == {"order_id", "effect_id", "kind"} for detail in wanted)


def test_what_came_early_is_passed_without_waiting(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    pay(order_id)  # money places the order, its address unconfirmed
    approve(order_id)
    backbone.settle()
    assert waits(order_id) == [("fulfilment", 1)]
    assert backbone.machine.run_of(order_id).entered == STORY[:7]
    assert not order(order_id).verified


def test_a_cancelled_order_closes_its_execution(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    ends = cancelling("customer_request", "", "staff:1", new_id, restock=True, refund=True)
    wiring.desk().run(order_id, ends, origin())
    backbone.settle()
    run = backbone.machine.run_of(order_id)
    assert run.entered == [*STORY[:2], "Close the order"]
    assert (run.status, order(order_id).lifecycle) == ("SUCCEEDED", "cancelled")
    assert level()["available"] == 10


def test_what_the_bus_keeps_back_is_told_again(call: Call, backbone: Backbone) -> None:
    stock_product()
    order_id = str(place(call)["order_id"])
    records = backbone.records()
    backbone.bus.refuse = 1
    failed = backbone.read(records)
    first_telling = next(
        r for r in records if r["dynamodb"]["NewImage"]["sk"]["S"].startswith(("FACT#", "OUT#"))
    )
    assert failed == [first_telling["dynamodb"]["SequenceNumber"]]
    backbone.bus.refuse = 0
    assert backbone.read(records) == []
    assert set(backbone.bus.facts()) == {fact.type for fact in wiring.orders().facts(order_id)}


def test_a_record_told_twice_does_nothing_twice(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    verify(call, order_id)
    records = backbone.records()
    for _ in range(3):
        assert backbone.read(records) == []
    backbone.settle()
    assert waits(order_id) == [("approval", 1)]
    assert backbone.machine.run_of(order_id).entered == STORY[:3]
    assert len(backbone.machine.runs) == 1


# -- failures ----------------------------------------------------------------------------------------


def failing(times: int, kind: str, error: Exception) -> Any:
    """order_steps whose wait of one kind fails so often."""
    left = [times]

    def step(event: dict[str, Any], context: Any) -> Any:
        if event["step"] == kind and left[0]:
            left[0] -= 1
            raise error
        return order_steps(event, context)

    return step


def test_a_step_whose_function_dies_is_tried_again(call: Call, backbone: Backbone) -> None:
    backbone.step = failing(3, "approval", RuntimeError("killed"))
    order_id = placed(call, backbone)
    verify(call, order_id)
    backbone.settle()
    assert waits(order_id) == [("approval", 1)]
    assert order(order_id).open_holds == ()


@pytest.mark.capability("G11")
def test_a_step_that_keeps_failing_holds_the_order_until_staff_retry_it(
    call: Call, backbone: Backbone
) -> None:
    order_id = placed(call, backbone)
    backbone.step = failing(5, "approval", RuntimeError("killed"))
    verify(call, order_id)
    backbone.settle()
    (hold,) = order(order_id).open_holds
    assert (hold.reason, hold.opened_by) == ("step_failed", "system")
    assert hold.detail.startswith("approval:")
    assert waits(order_id) == [("retry", 1)]
    wiring.desk().run(order_id, retrying, origin())
    backbone.settle()
    assert order(order_id).open_holds == ()
    assert waits(order_id) == [("approval", 1)]
    approve(order_id)
    pay(order_id)
    ship(order_id)
    deliver(order_id)
    backbone.settle()
    run = backbone.machine.run_of(order_id)
    assert run.entered == [
        *STORY[:3],
        "Approval step failed",
        "Hold until someone retries",
        "After the hold",
        *STORY[2:],
    ]
    assert order(order_id).lifecycle == "closed"


def test_a_store_that_is_busy_is_told_to_the_machine_by_name(
    call: Call, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function never lets its token hang: it says how it failed, and Busy is tried again."""
    order_id = placed(call, backbone)
    real, left = wiring.waits().put, [2]

    def busy(*given: Any) -> bool:
        if left[0]:
            left[0] -= 1
            raise Busy("not now")
        return real(*given)

    monkeypatch.setattr(wiring.waits(), "put", busy)
    verify(call, order_id)
    backbone.settle()
    assert left == [0]
    assert waits(order_id) == [("approval", 1)]


@pytest.mark.capability("G11")
def test_stopping_the_state_machine_stops_the_order_and_the_sweep_takes_it_up(
    call: Call, backbone: Backbone
) -> None:
    order_id = placed(call, backbone)
    first = backbone.machine.run_of(order_id)
    backbone.machine.stop_execution(executionArn=first.arn)
    verify(call, order_id)
    before = (order(order_id), waits(order_id))
    backbone.later(hours=1)
    assert (order(order_id), waits(order_id)) == before  # nothing goes on by itself
    assert (first.entered, len(backbone.machine.runs)) == (STORY[:1], 1)
    backbone.sweep()
    backbone.settle()
    assert (first.status, first.entered) == ("ABORTED", STORY[:1])
    assert backbone.machine.run_of(order_id, 2).entered == STORY[:3]
    assert (order(order_id).run, waits(order_id)) == (2, [("approval", 2)])
    states = {e.effect_id: e.state for e in wiring.desk().load(order_id).effects if e.kind == "lifecycle"}
    assert states == {"run-1": "done", "run-2": "claimed"}


def test_the_stream_takes_up_an_order_whose_execution_is_gone(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.machine.stop_execution(executionArn=backbone.machine.run_of(order_id).arn)
    verify(call, order_id)
    backbone.settle()
    assert waits(order_id) == [("approval", 2)]


def test_a_run_that_was_never_started_is_followed_by_the_next(call: Call, backbone: Backbone) -> None:
    """Its starter died between the claim and the start."""
    stock_product()
    order_id = str(place(call)["order_id"])
    wiring.outbox().claim(order_id, "run-1", at=stamp(backbone.clock))
    backbone.later(minutes=3)
    backbone.sweep()
    backbone.settle()
    assert [arn[-2:] for arn in backbone.machine.runs] == ["-2"]
    assert waits(order_id) == [("verification", 2)]


def test_a_lost_announcement_is_made_again(call: Call, backbone: Backbone) -> None:
    """The stream was lost, and with it every wish: the sweep repeats each until somebody takes it."""
    stock_product()
    order_id = str(place(call)["order_id"])
    backbone.records()
    backbone.sweep()
    assert backbone.bus.entries == []  # not due yet
    backbone.later(seconds=121)
    backbone.sweep()
    told = [d["effect_id"] for d in backbone.bus.told("EffectWanted")]
    assert sorted(told) == ["mail-payment_instructions-1", "mail-verification-1"]
    backbone.start_runs()
    assert waits(order_id) == [("verification", 1)]
    backbone.sweep()
    assert len(backbone.bus.told("EffectWanted")) == 2  # looked at again later, not at once
    backbone.later(minutes=3)
    backbone.sweep()
    assert len(backbone.bus.told("EffectWanted")) == 4


@pytest.mark.capability("G04")
def test_a_mail_whose_sender_stopped_is_in_doubt_and_never_sent_by_itself(
    call: Call, backbone: Backbone
) -> None:
    order_id = placed(call, backbone)
    assert wiring.outbox().claim(order_id, "mail-verification-1", at=stamp(backbone.clock))
    told = len(backbone.bus.told("EffectWanted"))
    backbone.later(minutes=3)
    backbone.sweep()
    backbone.settle()
    effect = wiring.outbox().find(order_id, "mail-verification-1")
    assert effect
    assert (effect.state, effect.due_at) == ("unknown", "")
    again = [d for d in backbone.bus.told("EffectWanted")[told:] if d["effect_id"] == effect.effect_id]
    assert again == []


# -- deadlines ---------------------------------------------------------------------------------------


@pytest.mark.capability("A06", "D21")
def test_an_order_that_is_never_confirmed_expires_and_gives_its_stock_back(
    call: Call, backbone: Backbone
) -> None:
    set_section("checkout", verification_seconds=600)
    order_id = placed(call, backbone)
    backbone.later(seconds=599)
    backbone.sweep()
    assert order(order_id).lifecycle == "awaiting_verification"
    assert level()["reserved"] == 2
    backbone.later(seconds=2)
    backbone.sweep()
    backbone.settle()
    assert order(order_id).lifecycle == "expired"
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    assert backbone.machine.run_of(order_id).entered == [*STORY[:2], "Close the order"]
    assert "order_cancelled" not in events(order_id)


@pytest.mark.capability("D07", "G02", "C21")
def test_an_unpaid_order_is_reminded_and_then_cancelled(call: Call, backbone: Backbone) -> None:
    set_section("payments.bank_transfer", remind_seconds=600, cancel_seconds=1200)
    order_id = placed(call, backbone)
    verify(call, order_id)
    approve(order_id)
    backbone.settle()
    for _ in range(3):  # reminded once, however often the sweep comes
        backbone.later(seconds=220)
        backbone.sweep()
        backbone.settle()
    assert events(order_id).count("payment_reminder") == 1
    assert order(order_id).lifecycle == "placed"
    backbone.later(seconds=600)
    backbone.sweep()
    backbone.settle()
    assert (order(order_id).lifecycle, order(order_id).cancel_reason) == ("cancelled", "unpaid")
    assert "order_cancelled" in events(order_id)
    assert level()["available"] == 10
    assert backbone.machine.run_of(order_id).status == "SUCCEEDED"


@pytest.mark.capability("D07", "G02")
def test_reminders_follow_each_other_until_the_order_is_cancelled(call: Call, backbone: Backbone) -> None:
    set_section("payments.bank_transfer", remind_seconds=600, reminders=[1200, 1800], cancel_seconds=2400)
    order_id = placed(call, backbone)
    verify(call, order_id)
    approve(order_id)
    backbone.settle()
    counted = []
    for _ in range(9):  # the sweep comes oftener than there is something to say
        backbone.later(seconds=250)
        backbone.sweep()
        backbone.settle()
        counted.append(events(order_id).count("payment_reminder"))
    assert counted == [0, 0, 1, 1, 2, 2, 2, 3, 3]
    backbone.later(seconds=400)
    backbone.sweep()
    backbone.settle()
    assert (order(order_id).lifecycle, order(order_id).cancel_reason) == ("cancelled", "unpaid")
    backbone.later(days=30)
    backbone.sweep()
    assert events(order_id).count("payment_reminder") == 3


@pytest.mark.capability("D07", "G02")
def test_where_nobody_set_a_time_no_order_is_cancelled(call: Call, backbone: Backbone) -> None:
    """Nor by a time that is set afterwards: an order keeps the terms that it was placed under."""
    set_section("payments.bank_transfer", remind_seconds=None, cancel_seconds=None)
    order_id = placed(call, backbone)
    verify(call, order_id)
    approve(order_id)
    backbone.settle()
    set_section("payments.bank_transfer", remind_seconds=60, cancel_seconds=60)
    for _ in range(3):
        backbone.later(days=40)
        backbone.sweep()
        backbone.settle()
    assert (order(order_id).lifecycle, order(order_id).payment) == ("placed", "pending")
    assert not {"payment_reminder", "order_cancelled"} & set(events(order_id))


@pytest.mark.capability("G02")
def test_money_in_time_stops_every_deadline(call: Call, backbone: Backbone) -> None:
    set_section("checkout", verification_seconds=600)
    set_section("payments.bank_transfer", remind_seconds=600, cancel_seconds=1200)
    order_id = placed(call, backbone)
    pay(order_id, amount=1)  # even a part
    backbone.later(days=30)
    for _ in range(3):
        backbone.sweep()
        backbone.settle()
    assert (order(order_id).lifecycle, order(order_id).verified) == ("placed", False)
    assert order(order_id).payment == "partially_paid"
    assert level()["reserved"] == 2
    assert "payment_reminder" not in events(order_id)


def unpaid_and_cancelled(call: Call, backbone: Backbone) -> str:
    set_section("payments.bank_transfer", cancel_seconds=60)
    order_id = placed(call, backbone, units=2)
    verify(call, order_id)
    approve(order_id)
    backbone.settle()
    backbone.later(seconds=130)
    backbone.sweep()
    backbone.settle()
    assert order(order_id).lifecycle == "cancelled"
    return order_id


@pytest.mark.capability("G03")
def test_late_money_takes_the_stock_again_and_goes_on_in_a_new_run(call: Call, backbone: Backbone) -> None:
    order_id = unpaid_and_cancelled(call, backbone)
    pay(order_id)
    backbone.settle()
    revived = order(order_id)
    assert (revived.lifecycle, revived.payment, revived.run) == ("placed", "paid", 2)
    assert level() == {"on_hand": 2, "reserved": 0, "allocated": 2, "available": 0}
    assert waits(order_id) == [("fulfilment", 2)]
    assert backbone.machine.run_of(order_id, 2).entered == STORY[:7]
    ship(order_id)
    deliver(order_id)
    backbone.settle()
    assert order(order_id).lifecycle == "closed"


@pytest.mark.capability("G03")
def test_late_money_for_goods_that_are_gone_is_held(call: Call, backbone: Backbone) -> None:
    order_id = unpaid_and_cancelled(call, backbone)
    other = place(call, key="other", customer={"email": "eva@example.com", "name": "Eva"})
    pay(order_id)
    backbone.settle()
    late = order(order_id)
    assert (late.lifecycle, late.payment) == ("cancelled", "paid")
    assert [hold.reason for hold in late.open_holds] == ["late_payment"]
    assert len([arn for arn in backbone.machine.runs if order_id in arn]) == 1
    assert order(other["order_id"]).lines[0].reserved == 2
    assert level()["available"] == 0
    assert events(order_id).count("payment_received") == 1


def test_a_late_closing_leaves_a_revived_order_alone(call: Call, backbone: Backbone) -> None:
    order_id = unpaid_and_cancelled(call, backbone)
    pay(order_id)
    assert order_steps({"step": "close", "order_id": order_id, "run": 1}, None) == {"lifecycle": "placed"}
    assert order(order_id).lifecycle == "placed"


def test_a_long_look_over_everything_finds_what_is_not_due(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.later(minutes=10)
    backbone.sweep()
    verify(call, order_id)
    backbone.records()  # the stream's news are lost
    backbone.sweep()
    assert waits(order_id) == [("verification", 1)]
    assert backbone.sweep(recheck="all")["failed"] == 0
    backbone.settle()
    assert waits(order_id) == [("approval", 1)]
