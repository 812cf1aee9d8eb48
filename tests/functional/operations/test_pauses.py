"""Pause switches: while something is paused it waits, and once resumed each thing happens once."""

from typing import Any

import pytest

from comanda import crash, wiring
from comanda.exports.model import State
from comanda.exports.requests import request_run, scheduled_runs
from tests.functional.backbone import Backbone, backbone
from tests.functional.bulk_world import Bulk, bulk
from tests.functional.conftest import Answer, Call
from tests.functional.exports_world import World as Exports
from tests.functional.payments.test_refunds import card, refund
from tests.functional.payments.world import Clock
from tests.functional.payments.world import World as Bank
from tests.functional.shop import place, set_section
from tests.functional.staff import ask, show
from tests.functional.tables import contents
from tests.functional.test_bulk_jobs import orders
from tests.functional.test_workflow import approve, placed, verify, waits
from tests.payments.fake import FakeProvider

__all__ = ["backbone", "bulk"]
pytestmark = pytest.mark.capability("F27")

SWITCHES = "/admin/operations/switches"


def pause(call: Call, what: str, reason: str = "trouble at the bank", role: str = "staff") -> Answer:
    return ask(call, "POST", f"{SWITCHES}/{what.replace(':', '/')}/pause", {"reason": reason}, role)


def resume(call: Call, what: str) -> Answer:
    return ask(call, "POST", f"{SWITCHES}/{what.replace(':', '/')}/resume")


def paused(call: Call) -> dict[str, Any]:
    items = ask(call, "GET", SWITCHES).body["items"]
    return {item["what"]: item["paused"] for item in items}


def test_a_pause_says_since_when_by_whom_and_why(call: Call) -> None:
    assert paused(call) == {
        "payments:mercadopago": None,
        "payments:paypal": None,
        "payments:stripe": None,
        "workflow:order_lifecycle": None,
        "workflow:bulk_action": None,
    }
    answer = pause(call, "payments:stripe")
    assert answer.status == 200, answer.text
    told = paused(call)["payments:stripe"]
    assert (told["by"], told["reason"]) == ("staff:user-staff", "trouble at the bank")
    again = pause(call, "payments:stripe", "another reason", "admin")
    assert again.body["paused"] == told  # who came first stays
    assert resume(call, "payments:stripe").status == 200
    assert not any(paused(call).values())
    deeds = [(entry.action, entry.subject, entry.detail) for entry in wiring.audit().recent(10)[0]]
    assert deeds == [
        ("resumed", "payments:stripe", ""),
        ("paused", "payments:stripe", "trouble at the bank"),
    ]


def test_a_refused_pause_changes_nothing(call: Call) -> None:
    before = contents()
    assert pause(call, "payments:nobody").status == 404
    assert pause(call, "exports:erp").status == 404  # the shop has no such destination
    assert pause(call, "payments:stripe", "").status == 422
    assert pause(call, "payments:stripe", "x" * 301).status == 422
    assert pause(call, "payments:stripe", role="picker").status == 403
    assert resume(call, "payments:nobody").status == 404
    assert contents() == before


# -- exports -----------------------------------------------------------------------------------------


def test_a_paused_destination_gets_nothing_and_then_each_order_once(call: Call, world: Exports) -> None:
    world.place("o1")
    assert pause(call, "exports:erp").status == 200
    asked = request_run("erp", world.at, requested_by="staff:1")
    assert scheduled_runs(world.at) == []
    world.work_off()
    assert (world.inbox.files(), world.batch(asked).state) == ({}, State.PENDING)
    world.place("o2")
    assert resume(call, "exports:erp").status == 200
    world.work_off()
    assert world.batch(asked).state == State.DELIVERED
    assert [len(world.order(one).exported) for one in ("o1", "o2")] == [1, 1]
    assert resume(call, "exports:erp").status == 200  # pressed once more
    scheduled_runs(world.at)
    world.work_off()
    content = b"".join(world.inbox.files().values()).decode()
    assert [content.count(f",{one},") for one in ("o1", "o2")] == [1, 1]
    assert len(world.inbox.files()) == 1


def test_new_orders_of_a_pause_go_with_the_next_schedule(call: Call, world: Exports) -> None:
    assert pause(call, "exports:erp").status == 200
    world.place("o1")
    assert scheduled_runs(world.at) == []
    assert resume(call, "exports:erp").status == 200
    assert len(scheduled_runs(world.at)) == 1
    world.work_off()
    assert len(world.order("o1").exported) == 1


# -- payments ----------------------------------------------------------------------------------------


@pytest.fixture
def bank_world(aws: None, monkeypatch: pytest.MonkeyPatch) -> Bank:
    clock = Clock()
    provider = FakeProvider(now=clock)
    monkeypatch.setattr(wiring, "now", clock)
    monkeypatch.setattr(wiring, "provider", lambda code: provider)
    return Bank(provider, clock)


def test_a_paused_provider_is_not_called_and_then_once(
    call: Call, bank_world: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        wiring.sweep().bus, "publish", lambda entries: told.extend(e["Detail"] for e in entries)
    )
    order_id = card(call, bank_world)
    assert pause(call, "payments:stripe").status == 200
    amount = {"amount": 5_000, "currency": "MXN"}
    assert refund(call, order_id, amount=amount, execute=True).status == 200
    (wanted,) = [e for e in bank_world.loaded(order_id).effects if e.kind == "payment.refund"]
    before = list(bank_world.bank.calls)
    assert bank_world.settle(order_id, wanted.effect_id)  # taken from the queue, so none gets stuck there
    assert bank_world.bank.calls == before
    after = bank_world.effect(order_id, wanted.effect_id)
    assert (after.state, after.attempts) == ("wanted", 0)
    assert resume(call, "payments:stripe").status == 200
    bank_world.clock.on(minutes=5)
    wiring.sweep().run()
    assert any(wanted.effect_id in detail for detail in told)  # the sweep announces it again
    for _ in range(2):  # and a message may come twice
        assert bank_world.settle(order_id, wanted.effect_id)
    assert bank_world.bank.calls.count("refund") == 1
    assert bank_world.effect(order_id, wanted.effect_id).state == "done"


def test_customers_pay_while_a_provider_is_paused(call: Call, bank_world: Bank) -> None:
    assert pause(call, "payments:stripe").status == 200
    order_id = card(call, bank_world)
    assert show(call, order_id)["payment"] == "paid"


# -- workflows ---------------------------------------------------------------------------------------


def test_while_the_workflow_is_paused_no_order_takes_a_step(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    assert pause(call, "workflow:order_lifecycle").status == 200
    verify(call, order_id)
    approve(order_id)
    late = str(place(call, "later")["order_id"])
    backbone.settle()
    backbone.later(days=30)  # nothing expires, nobody is reminded
    backbone.sweep()
    backbone.settle()
    assert waits(order_id) == [("verification", 1)]
    assert wiring.desk().load(order_id).order.lifecycle == "placed"
    assert waits(late) == []
    assert [run.data["order_id"] for run in backbone.machine.runs.values()] == [order_id]
    assert resume(call, "workflow:order_lifecycle").status == 200
    backbone.sweep()
    backbone.settle()
    assert waits(order_id) == [("payment", 1)]
    assert backbone.machine.run_of(order_id).entered.count("Wait for approval") == 1
    assert len(backbone.machine.runs) == 2
    backbone.sweep(recheck="all")
    backbone.settle()
    assert backbone.machine.run_of(order_id).entered.count("Wait for approval") == 1
    assert len(backbone.machine.runs) == 2


def test_deadlines_that_passed_in_a_pause_are_judged_after_it(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    assert pause(call, "workflow:order_lifecycle").status == 200
    backbone.later(days=30)
    backbone.sweep()
    assert wiring.desk().load(order_id).order.lifecycle == "awaiting_verification"
    assert resume(call, "workflow:order_lifecycle").status == 200
    backbone.sweep()
    assert wiring.desk().load(order_id).order.lifecycle == "expired"


def test_mails_go_out_while_the_workflow_is_paused(call: Call, backbone: Backbone) -> None:
    assert pause(call, "workflow:order_lifecycle").status == 200
    order_id = placed(call, backbone)
    wanted = [d for d in backbone.bus.told("EffectWanted") if d["order_id"] == order_id]
    backbone.later(minutes=10)
    backbone.sweep()  # a mail whose announcement was lost is announced again all the same
    again = [d for d in backbone.bus.told("EffectWanted") if d["order_id"] == order_id]
    assert len(again) > len(wanted) > 0
    assert backbone.machine.runs == {}


def test_paused_bulk_jobs_stop_and_go_on_each_order_once(
    call: Call, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = orders(call, 4)
    stopped = bulk.start("approve", ids=ids[3:])
    bulk.machine.waiting.clear()  # somebody stops this one for good
    assert bulk.tell(stopped, "cancel").status == 200
    job_id = bulk.start("approve", ids=ids[:3])
    _pausing_after(1, call, monkeypatch)
    bulk.machine.work()
    job = bulk.look(job_id)
    assert (job["state"], job["problem"]["type"], job["done"]) == ("cancelled", "paused", 1)
    late = bulk.start("tag", ids=ids[:1], params={"add": ["a"]})
    bulk.machine.work()
    assert bulk.look(late)["state"] == "cancelled"
    monkeypatch.setattr(crash, "hook", None)
    assert resume(call, "workflow:bulk_action").status == 200
    bulk.machine.work()
    assert [bulk.look(one)["state"] for one in (job_id, late)] == ["completed", "completed"]
    assert bulk.look(stopped)["state"] == "cancelling"
    for order_id in ids[:3]:
        history = [fact["type"] for fact in show(call, order_id)["history"]]
        assert history.count("OrderApproved") == 1


def _pausing_after(orders_done: int, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn the switch while a job is at work: after so many orders."""
    passed: list[str] = []

    def hook(name: str) -> None:
        passed.append(name)
        if passed.count("bulk.result_stored") == orders_done and name == "bulk.result_stored":
            assert pause(call, "workflow:bulk_action").status == 200

    monkeypatch.setattr(crash, "hook", hook)


def test_a_switch_of_a_destination_that_is_gone_can_be_resumed(call: Call, world: Exports) -> None:
    assert pause(call, "exports:erp").status == 200
    set_section("exports", destinations={})
    assert paused(call)["exports:erp"]
    assert resume(call, "exports:erp").status == 200
    assert "exports:erp" not in paused(call)


def test_the_export_queue_gets_a_call_for_each_batch_that_waited(call: Call, world: Exports) -> None:
    asked = request_run("erp", world.at, requested_by="staff:1")
    assert pause(call, "exports:erp").status == 200
    world.work_off()
    assert resume(call, "exports:erp").status == 200
    assert [batch_id for _, batch_id, _ in world.alarm.calls] == [asked]
