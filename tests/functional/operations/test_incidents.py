"""Incidents: what is open of each kind, from a bounded number of reads; one blind spot hides nothing else."""

import os
from pathlib import Path
from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.backoffice.operations.incidents import KINDS, MOST_SHOWN, Incident
from comanda.dynamo.client import client
from comanda.exports.model import State
from comanda.exports.requests import request_run
from comanda.screens.operations.incidents import ROOMS
from comanda.screens.operations.runbook import RUNBOOK, printed
from functions.back_office.app import house
from functions.order_steps.app import lambda_handler as order_steps
from functions.record_mail_event.app import lambda_handler as record_mail_event
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.exports_world import World
from tests.functional.mails import effects, ses_event
from tests.functional.operations.test_dead_letters import effect, put
from tests.functional.operations.test_executions import broken
from tests.functional.operations.test_pauses import pause
from tests.functional.shop import place, set_section, stock_product
from tests.functional.test_carrier_webhooks import arrive, report
from tests.functional.test_workflow import failing, origin, placed, verify
from tests.functional.written import in_doubt

__all__ = ["backbone"]
pytestmark = pytest.mark.capability("F27")
DOCS = Path(__file__).parents[3] / "docs" / "runbook.md"


def found() -> dict[str, Incident]:
    return {one.kind: one for one in wiring.incidents().open()}


def test_a_quiet_shop_has_none(call: Call, backbone: Backbone) -> None:
    placed(call, backbone)
    assert found() == {}
    assert wiring.incidents().count() == (0, False)


def test_failed_orders_are_open_until_they_go_on(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.step = failing(5, "approval", RuntimeError("the store is away"))
    verify(call, order_id)
    backbone.settle()
    (one,) = found()["executions"].open
    assert (one.subject, one.order_id) == (f"{order_id}-1", order_id)
    assert "the store is away" in one.why
    wiring.operating().redrive("order_lifecycle", one.subject, origin())
    backbone.settle()
    assert found() == {}


def test_a_run_that_another_has_followed_is_no_incident(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.machine.redrives = False
    backbone.step = broken()
    verify(call, order_id)
    backbone.settle()
    assert [one.subject for one in found()["executions"].open] == [f"{order_id}-1"]
    backbone.step = order_steps
    backbone.later(minutes=10)
    backbone.sweep()
    backbone.settle()
    assert found() == {}


def test_what_is_given_up_paused_or_in_doubt_is_open(call: Call, world: World) -> None:
    sent = in_doubt(call)
    put("MAIL_DEAD_LETTERS", effect("o1", "order_placed"))
    put("MAIL_DEAD_LETTERS", effect("o2", "order_placed"))
    world.place("o1")
    world.inbox.lose_directory()
    batch_id = request_run("erp", world.at, requested_by="staff:1")
    world.work_off()
    assert world.batch(batch_id).state == State.FAILED
    assert pause(call, "exports:erp").status == 200
    seen = found()
    assert {kind: one.count for kind, one in seen.items()} == {
        "dead_letters": 2,
        "exports": 1,
        "effects": 1,
        "pauses": 1,
    }
    assert seen["exports"].open[0].subject == batch_id
    assert seen["effects"].open[0].order_id == sent.path.split("/")[3]
    assert wiring.incidents().count() == (5, False)


def test_a_bounce_of_the_shops_own_mail_is_open_until_somebody_sees_to_it(call: Call) -> None:
    set_section("notifications", merchant_addresses=["Ventas@shop.example"])
    part = {"bounceType": "Permanent", "bounceSubType": "NoEmail", "timestamp": "2026-11-22T10:00:00.000Z"}
    for address in ("ventas@shop.example", "stranger@shop.example"):
        event = ses_event("Bounce", {}, **part, bouncedRecipients=[{"emailAddress": address}])
        assert record_mail_event(event, None) == {"batchItemFailures": []}
    (one,) = found()["bounces"].open
    assert (one.subject, one.why) == ("ventas@shop.example", "NoEmail")
    assert wiring.own_bounces().seen("ventas@shop.example")
    assert found() == {}
    event = ses_event("Bounce", {}, **part, bouncedRecipients=[{"emailAddress": "ventas@shop.example"}])
    record_mail_event(event, None)
    assert found()["bounces"].count == 1
    set_section("notifications", merchant_addresses=[])
    assert found() == {}


def test_notices_that_were_not_judged_are_open(call: Call) -> None:
    arrive(call, report("9999", ("delivered", "15:00"), event_id="evt_1"))
    assert found() == {}  # not ours: judged
    record, _ = wiring.inbox().store.recent(limit=1)
    boto3.client("dynamodb").update_item(
        TableName=os.environ["JOBS_TABLE"],
        Key={"pk": {"S": f"INBOX#{record[0].entry_id}"}, "sk": {"S": "RECORD"}},
        UpdateExpression="SET #s = :failed, problem = :why",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":failed": {"S": "failed"}, ":why": {"S": "unreadable"}},
    )
    (one,) = found()["notices"].open
    assert (one.subject, one.why) == ("easypost.evt_1", "unreadable")


def test_one_kind_that_cannot_be_seen_hides_none_of_the_others(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pause(call, "payments:stripe").status == 200

    def away() -> Any:
        raise RuntimeError("throttled")

    monkeypatch.setitem(wiring.incidents().looks, "dead_letters", away)
    seen = found()
    assert seen["dead_letters"].unknown
    assert seen["pauses"].count == 1
    assert wiring.incidents().count() == (1, True)


def test_the_page_reads_a_bounded_number_of_items(
    call: Call, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thrice as much of everything costs not one request more."""
    costs = []
    for number in range(2):
        for more in range(12 if number else 4):
            order_id = str(place_more(call, f"{number}-{more}"))
            for mail in effects(order_id).values():
                wiring.outbox().fail(order_id, mail.effect_id, "no such mailbox")
            put("MAIL_DEAD_LETTERS", effect(order_id, "order_placed"))
        asked: list[str] = []
        real = client().meta.events
        counting = lambda model, asked=asked, **more: asked.append(model.name)  # noqa: E731
        real.register("before-call.dynamodb", counting)
        seen = found()
        real.unregister("before-call.dynamodb", counting)
        costs.append(len(asked))
        assert len(seen["effects"].open) <= MOST_SHOWN
    assert seen["effects"].more
    assert costs[1] <= costs[0] <= 20


def place_more(call: Call, key: str) -> str:
    stock_product(units=1000)
    return str(place(call, key)["order_id"])


# -- the runbook ---------------------------------------------------------------------------------------


def test_every_kind_has_its_entry_and_its_room() -> None:
    assert set(RUNBOOK) == set(ROOMS) == set(KINDS)
    for _, address in ROOMS.values():
        path = address.partition("?")[0]
        assert house.find("GET", path), path


def test_the_documentation_says_what_the_page_says() -> None:
    assert printed() in DOCS.read_text()
