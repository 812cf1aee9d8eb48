"""POST /webhooks/payments/{provider}: what is let in, what is kept of what is not."""

import base64
import json
import os

import boto3
import pytest

from comanda import secrets, wiring
from comanda.payments.webhook import MOST_BYTES
from comanda.runtime.observe import logger
from tests.functional.payments.world import SECRET, World


def kept() -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=os.environ["RAW_BUCKET"]).get("Contents", [])
    return sorted(one["Key"] for one in found)


def refused(answer, status: int, kind: str) -> None:
    assert (answer.status, answer.body["type"]) == (status, kind), answer.text
    assert not [key for key in kept() if key.startswith("webhooks/")]


@pytest.mark.capability("C20")
def test_a_genuine_webhook_is_stored_as_it_came(world: World):
    raw = world.body("pi_1", event_id="evt_ñ")
    answer = world.receive(raw)
    assert (answer.status, answer.body) == (200, {"received": True})
    raw = world.body("pi_1", "charge.succeeded", "evt_1")
    assert world.receive(raw).status == 200
    key = "webhooks/payments/stripe/2026/11/21/evt_1"
    assert key in kept()
    stored = boto3.client("s3").get_object(Bucket=os.environ["RAW_BUCKET"], Key=key)
    assert stored["Body"].read() == raw
    assert stored["Metadata"] == {
        "event-id": "evt_1",
        "event-type": "charge.succeeded",
        "received-at": "2026-11-21T18:00:00.000Z",
    }


@pytest.mark.parametrize("secret", ["whsec_new", "whsec_old"])
def test_both_active_secrets_open(world: World, secret: str):
    raw = world.body("pi_1")
    assert world.receive(raw, world.signature(raw, secret)).status == 200


def test_the_same_event_is_stored_once_over_days(world: World):
    raw = world.body("pi_1", event_id="evt_1")
    assert world.receive(raw).status == 200
    world.clock.on(days=2)
    assert world.receive(raw).status == 200
    assert kept() == ["webhooks/payments/stripe/2026/11/21/evt_1"]


def test_a_base64_body_is_verified_on_its_bytes(world: World):
    raw = b'{"id": "evt_1", "type": "x", "note": "\xc3\xb1"}'
    answer = world.receive(
        raw, body=base64.b64encode(raw).decode(), isBase64Encoded=True, headers={"content-type": "text/plain"}
    )
    assert answer.status == 200
    stored = boto3.client("s3").get_object(Bucket=os.environ["RAW_BUCKET"], Key=kept()[0])
    assert stored["Body"].read() == raw


def test_header_names_come_in_any_case(world: World):
    raw = world.body("pi_1")
    assert world.receive(raw, "", headers={"Stripe-Signature": world.signature(raw)}).status == 200


@pytest.mark.capability("C20")
@pytest.mark.parametrize("case", ["none", "wrong secret", "stale", "future", "tampered"])
def test_what_is_not_signed_just_now_is_refused_without_a_word(world: World, case: str):
    raw = world.body("pi_1")
    header = {
        "none": "",
        "wrong secret": world.signature(raw, "whsec_other"),
        "stale": world.signature(raw, age=301),
        "future": world.signature(raw, age=-301),
        "tampered": world.signature(raw + b" "),
    }[case]
    answer = world.receive(raw, header)
    refused(answer, 401, "bad-signature")
    assert answer.body["detail"] == "this request was not signed by the provider"
    (key,) = kept()
    assert key.startswith("rejected/webhooks/payments/stripe/2026/11/21/")


def test_without_a_secret_nothing_is_genuine(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secrets, "secret", lambda name: {})
    wiring.payment_webhooks.cache_clear()
    raw = world.body("pi_1")
    refused(world.receive(raw, world.signature(raw, "")), 401, "bad-signature")


@pytest.mark.parametrize("raw", [b"", b"hello", b"[1]", b'{"id": 1}'])
def test_signed_nonsense_is_unreadable(world: World, raw: bytes):
    refused(world.receive(raw), 400, "malformed")


def test_broken_base64_is_unreadable(world: World):
    refused(world.receive(b"x", body="%%%", isBase64Encoded=True), 400, "malformed")


def test_a_huge_body_is_not_even_looked_at(world: World):
    refused(world.receive(b"x" * (MOST_BYTES + 1), "t=1,v1=0"), 413, "too-large")
    assert kept() == []


def test_a_provider_that_is_not_connected(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    refused(world.receive(b"{}", provider="shadypay"), 404, "not-found")
    assert kept() == []


def test_what_could_not_be_stored_is_not_acknowledged(world: World, monkeypatch: pytest.MonkeyPatch):
    def full(*args: object, **more: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(wiring.inbox().bodies, "put", full)
    answer = world.receive(world.body("pi_1"))
    assert answer.status == 500
    assert "no room" not in answer.text


def test_refusals_are_counted_and_name_nobody(world: World, caplog: pytest.LogCaptureFixture):
    raw = json.dumps({"id": "evt_1", "type": "x", "email": "ana@example.com"}).encode()
    world.receive(raw, "")
    lines = [json.loads(logger.registered_formatter.format(record)) for record in caplog.records]
    (counted,) = [line for line in lines if "WebhooksRefused" in line]
    assert counted["WebhooksRefused"] == 1
    assert counted["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": "Comanda",
            "Dimensions": [["reason", "sender"]],
            "Metrics": [{"Name": "WebhooksRefused", "Unit": "Count"}],
        }
    ]
    assert (counted["sender"], counted["reason"]) == ("stripe", "the signature does not fit")
    assert "ana@example.com" not in json.dumps(lines)
    assert SECRET not in json.dumps(lines)
