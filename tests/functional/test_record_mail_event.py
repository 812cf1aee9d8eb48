"""What SES reports: bounces and complaints on the customer, proof of sending on the mail."""

from dataclasses import replace
from typing import Any

import pytest

from comanda import wiring
from comanda.conversation.mime import tag
from comanda.conversation.post import Unresolved
from comanda.conversation.send import send_mail
from functions.record_mail_event.app import lambda_handler
from tests.functional.mails import deliver, effects, outbox, ses_event
from tests.functional.shop import place, stock_product
from tests.functional.test_verify_and_approve import mailed

BOUNCE = {
    "bounceType": "Permanent",
    "bounceSubType": "NoEmail",
    "bouncedRecipients": [{"emailAddress": "Ana@Example.com", "status": "5.1.1"}],
    "timestamp": "2026-11-22T10:00:05.000Z",
}


@pytest.fixture
def order_id(call: Any) -> str:
    stock_product()
    outbox().clear()
    return str(place(call)["order_id"])


def ana() -> Any:
    return wiring.customers().by_email("ana@example.com")


def tags(order_id: str) -> dict[str, str]:
    return {"order": tag(order_id), "effect": tag(effects(order_id)["verification"].effect_id)}


def record(event: dict[str, Any]) -> None:
    assert lambda_handler(event, None) == {"batchItemFailures": []}


@pytest.mark.capability("D32")
def test_a_permanent_bounce_is_recorded_on_the_customer(order_id: str):
    for _ in range(3):
        record(ses_event("Bounce", tags(order_id), **BOUNCE))
    assert (ana().bounced, ana().bounced_at) == ("NoEmail", "2026-11-22T10:00:05.000Z")


def test_a_passing_bounce_is_not(order_id: str):
    record(ses_event("Bounce", tags(order_id), **(BOUNCE | {"bounceType": "Transient"})))
    assert ana().bounced == ""


def test_a_complaint_is_recorded_with_whatever_name_stands_around_the_address(order_id: str):
    complaint = {
        "complainedRecipients": [{"emailAddress": '"Ana M" <ana@example.com>'}],
        "timestamp": "2026-11-22T11:00:00.000Z",
    }
    record(ses_event("Complaint", tags(order_id), **complaint))
    assert ana().complained_at == "2026-11-22T11:00:00.000Z"
    assert ana().bounced == ""


def test_old_news_does_not_undo_a_confirmed_address(call: Any, order_id: str):
    token = mailed(order_id, "verification", "verify")
    assert call("verify_email", "POST", "/verify-email", {"token": token}).status == 200
    assert ana().verified_at > "2026-11-20"
    record(ses_event("Bounce", tags(order_id), **(BOUNCE | {"timestamp": "2020-01-01T00:00:00.000Z"})))
    assert ana().bounced == ""


def test_an_older_bounce_does_not_hide_a_newer_one(order_id: str):
    record(ses_event("Bounce", tags(order_id), **BOUNCE))
    older = BOUNCE | {"bounceSubType": "General", "timestamp": "2026-11-22T09:00:00.000Z"}
    record(ses_event("Bounce", tags(order_id), **older))
    assert (ana().bounced, ana().bounced_at) == ("NoEmail", "2026-11-22T10:00:05.000Z")


def test_strangers_and_events_without_our_tags_do_no_harm(order_id: str):
    stranger = BOUNCE | {"bouncedRecipients": [{"emailAddress": "nobody@example.com"}, {}]}
    record(ses_event("Bounce", {}, **stranger))
    record(ses_event("Open", {}))
    record(ses_event("Send", {"order": "nobody", "effect": "mail-x"}))
    assert wiring.customers().by_email("nobody@example.com") is None
    assert effects(order_id)["verification"].state == "wanted"


@pytest.mark.capability("G04")
def test_the_send_event_settles_a_mail_whose_answer_was_lost(order_id: str):
    class Lost:
        def send(self, *given: Any) -> str:
            raise Unresolved("ReadTimeoutError")

    effect_id = effects(order_id)["verification"].effect_id
    assert send_mail(order_id, effect_id, replace(wiring.mail_room(), post=Lost())) == "unknown"
    for _ in range(2):
        record(ses_event("Send", tags(order_id)))
    effect = effects(order_id)["verification"]
    assert effect.state == "done"
    assert effect.result == {"message_id": "0100-from-ses", "at": "2026-11-22T10:00:00.000Z"}
    assert deliver(order_id, "verification") == []
    assert outbox() == []


def test_a_send_event_leaves_a_settled_mail_alone(order_id: str):
    deliver(order_id, "verification")
    before = effects(order_id)["verification"]
    record(ses_event("Send", tags(order_id)))
    assert effects(order_id)["verification"] == before


def test_a_rejected_mail_is_shown_as_failed(order_id: str):
    deliver(order_id, "verification")
    record(ses_event("Reject", tags(order_id), reason="Bad content"))
    effect = effects(order_id)["verification"]
    assert (effect.state, effect.result) == ("failed", {"reason": "rejected by SES: it found a virus"})


def test_notices_are_settled_in_their_own_book(order_id: str):
    notices = wiring.notices()
    notices.add("MAIL#b-1", "export_failed", {"batch_id": "b-1"}, "2026-11-22T10:00:00.000Z")
    claim = notices.outbox.claim("MAIL#b-1", "export_failed", at="2026-11-22T10:00:00.000Z")
    assert claim
    record(ses_event("Send", {"order": tag("MAIL#b-1"), "effect": "export_failed"}))
    found = notices.outbox.find("MAIL#b-1", "export_failed")
    assert found
    assert found.state == "done"
