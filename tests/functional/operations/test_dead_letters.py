"""Dead letters: shown without what they must not tell, sent back once, discarded with a reason."""

import json
import os
from typing import Any

import boto3
import pytest

from comanda import crash, wiring
from comanda.backoffice.operations import letters
from comanda.backoffice.operations.letters import QUEUES, UNREADABLE, read_letter
from tests.functional.conftest import Answer, Call
from tests.functional.payments.test_refunds import card, refund
from tests.functional.payments.world import Clock
from tests.functional.payments.world import World as Bank
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.payments.fake import FakeProvider
from tests.template import template

PATH = "/admin/operations/dead-letters"


class Killed(BaseException):
    """The process is gone."""


def put(variable: str, message: Any) -> str:
    body = message if isinstance(message, str) else json.dumps(message)
    return str(boto3.client("sqs").send_message(QueueUrl=os.environ[variable], MessageBody=body)["MessageId"])


def bodies(variable: str) -> list[Any]:
    """What lies in a queue, seen and unseen."""
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.sqs.models import sqs_backends

    queue = sqs_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].queues[variable]
    return [json.loads(one.body) for one in queue._messages]


def effect(order_id: str, effect_id: str, kind: str = "mail") -> dict[str, Any]:
    detail = {"order_id": order_id, "effect_id": effect_id, "kind": kind}
    return {"source": "comanda.orders", "detail-type": "EffectWanted", "detail": detail}


def look(call: Call, queue: str) -> list[dict[str, Any]]:
    answer = ask(call, "GET", f"{PATH}/{queue}")
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def replay(call: Call, queue: str, message_id: str = "", **more: Any) -> Answer:
    return ask(
        call, "POST", f"{PATH}/{queue}/replay", {"message_id": message_id} if message_id else {}, **more
    )


@pytest.fixture
def bank(aws: None, monkeypatch: pytest.MonkeyPatch) -> Bank:
    clock = Clock()
    provider = FakeProvider(now=clock)
    monkeypatch.setattr(wiring, "now", clock)
    monkeypatch.setattr(wiring, "provider", lambda code: provider)
    return Bank(provider, clock)


@pytest.mark.capability("F27")
def test_every_dead_end_of_the_template_is_listed(call: Call) -> None:
    resources = template()["Resources"]
    ends = [name for name, one in resources.items() if one["Type"] == "AWS::SQS::Queue"]
    ends = [name for name in ends if name.endswith("DeadLetters") or name == "UndeliveredQueue"]
    listed = [item["queue"] for item in ask(call, "GET", PATH).body["items"]]
    named = {name.removesuffix("DeadLetters").removesuffix("Queue").lower() for name in ends}
    assert {queue.replace("-", "") for queue in listed} == named
    assert set(listed) == set(QUEUES)


@pytest.mark.capability("F27")
def test_a_message_tells_its_order_and_why_it_failed_and_no_more(call: Call, bank: Bank) -> None:
    order_id = card(call, bank)
    amount = {"amount": 5_000, "currency": "MXN"}
    refund(call, order_id, amount=amount, execute=True)
    (wanted,) = [e for e in bank.loaded(order_id).effects if e.kind == "payment.refund"]
    bank.bank.down = True
    assert not bank.settle(order_id, wanted.effect_id)
    put("PAYMENT_EFFECTS_DEAD_LETTERS", effect(order_id, wanted.effect_id, "payment.refund"))
    counted = {one["queue"]: one["count"] for one in ask(call, "GET", PATH).body["items"]}
    assert counted["payment-effects"] == 1
    (seen,) = look(call, "payment-effects")
    assert (seen["what"], seen["order_id"], seen["name"]) == ("payment", order_id, "payment.refund")
    assert (seen["standing"], bool(seen["why"])) == ("open", True)
    assert look(call, "payment-effects")[0]["message_id"] == seen["message_id"]  # visible again at once
    bank.bank.down = False
    bank.clock.on(minutes=10)
    assert bank.settle(order_id, wanted.effect_id)
    assert look(call, "payment-effects")[0]["standing"] == "settled"


def test_an_address_in_a_message_is_not_shown(call: Call) -> None:
    tags = {"order": ["o1"], "effect": ["placed"]}
    detail = {"eventType": "Bounce", "mail": {"destination": ["ana@example.com"], "tags": tags}}
    put("MAIL_EVENTS_DEAD_LETTERS", {"source": "aws.ses", "detail-type": "Email Bounced", "detail": detail})
    answer = ask(call, "GET", f"{PATH}/mail-events")
    assert answer.body["items"][0]["name"] == "Bounce"
    assert "ana@example.com" not in answer.text


@pytest.mark.capability("F27")
def test_a_message_goes_back_to_its_queue_once(call: Call) -> None:
    message = effect("o1", "order_placed")
    message_id = put("MAIL_DEAD_LETTERS", message)
    other = put("MAIL_DEAD_LETTERS", effect("o2", "order_placed"))
    answer = replay(call, "mail", message_id)
    assert (answer.status, answer.body) == (200, {"outcomes": {"replayed": 1}})
    assert bodies("MAIL_QUEUE") == [message]
    assert [one["message_id"] for one in look(call, "mail")] == [other]
    assert replay(call, "mail", message_id).status == 404
    assert bodies("MAIL_QUEUE") == [message]
    (entry,) = wiring.audit().recent(10)[0]
    assert (entry.actor, entry.action, entry.subject, entry.order_id) == (
        "staff:user-staff",
        "replayed",
        "queue:mail",
        "o1",
    )


@pytest.mark.parametrize(
    ("point", "outcome", "sent"),
    [
        ("dead_letter.noted", "perhaps_twice", 1),  # died before it was sent: nobody can tell
        ("dead_letter.sent", "perhaps_twice", 2),  # sent, and the note of that is missing
        ("dead_letter.written", "sent_before", 1),  # sent and noted: only taken away now
    ],
)
@pytest.mark.capability("F27")
def test_whoever_dies_in_between_loses_nothing_and_doubles_nothing_in_silence(
    call: Call, monkeypatch: pytest.MonkeyPatch, point: str, outcome: str, sent: int
) -> None:
    message_id = put("MAIL_DEAD_LETTERS", effect("o1", "order_placed"))

    def die(name: str) -> None:
        if name == point:
            raise Killed

    monkeypatch.setattr(crash, "hook", die)
    with pytest.raises(Killed):
        replay(call, "mail", message_id)
    monkeypatch.setattr(crash, "hook", None)
    assert len(bodies("MAIL_DEAD_LETTERS")) == 1  # still there, whatever happened
    show_again("MAIL_DEAD_LETTERS")
    assert replay(call, "mail", message_id).body == {"outcomes": {outcome: 1}}
    assert len(bodies("MAIL_QUEUE")) == sent
    assert bodies("MAIL_DEAD_LETTERS") == []


def show_again(variable: str) -> None:
    """The time for which a message in hand is hidden has passed."""
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.sqs.models import sqs_backends

    for one in sqs_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].queues[variable]._messages:
        one.visible_at = 0


def test_all_go_back_and_what_belongs_nowhere_stays(call: Call) -> None:
    for number in range(12):
        put("UNDELIVERED", effect(f"o{number}", "order_placed"))
    put("UNDELIVERED", effect("o1", "refund", "payment.refund"))
    put("UNDELIVERED", {"kind": "schedule"})
    put("UNDELIVERED", "not even JSON")
    answer = replay(call, "undelivered")
    assert answer.body["outcomes"] == {"replayed": 14, "sent_before": 0, "perhaps_twice": 0, "left": 1}
    sent = {name: len(bodies(name)) for name in ("MAIL_QUEUE", "PAYMENT_EFFECTS_QUEUE", "EXPORT_RUNS_QUEUE")}
    assert sent == {"MAIL_QUEUE": 12, "PAYMENT_EFFECTS_QUEUE": 1, "EXPORT_RUNS_QUEUE": 1}
    (left,) = look(call, "undelivered")
    assert (left["what"], left["goes_to"]) == ("unreadable", None)
    assert replay(call, "undelivered", left["message_id"]).status == 409
    assert len(look(call, "undelivered")) == 1


def test_a_message_is_discarded_with_a_reason(call: Call) -> None:
    message_id = put("EXPORT_RUNS_DEAD_LETTERS", {"kind": "run", "batch_id": "b1", "call": 1})
    path = f"{PATH}/export-runs/discard"
    before = contents()
    assert ask(call, "POST", path, {"message_id": message_id, "reason": ""}).status == 422
    assert ask(call, "POST", path, {"message_id": "another", "reason": "known"}).status == 404
    assert contents() == before
    answer = ask(call, "POST", path, {"message_id": message_id, "reason": "the destination is gone"})
    assert (answer.status, answer.body["standing"]) == (200, "gone")
    assert bodies("EXPORT_RUNS_DEAD_LETTERS") == bodies("EXPORT_RUNS_QUEUE") == []
    (entry,) = wiring.audit().recent(10)[0]
    assert (entry.action, entry.detail.endswith("the destination is gone")) == ("discarded", True)


def test_a_queue_that_there_is_not_is_not_found(call: Call) -> None:
    assert ask(call, "GET", f"{PATH}/nothing").status == 404
    assert replay(call, "nothing").status == 404


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize(
    "body", ["", "null", "[]", "{}", '{"Records": [{}]}', '{"detail": 1}', '{"detail": {"kind": []}}']
)
def test_what_nobody_understands_is_called_so(queue: str, body: str) -> None:
    assert read_letter(queue, body) == UNREADABLE


def test_a_stored_notice_is_known_by_its_place() -> None:
    key = "webhooks/payments/stripe/2026/11/21/evt_1"
    body = json.dumps({"Records": [{"s3": {"bucket": {"name": "raw"}, "object": {"key": key}}}]})
    assert read_letter(letters.PAYMENT_EVENTS, body).notice_id == "stripe.evt_1"
