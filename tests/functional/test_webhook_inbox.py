"""The inbox of webhooks: stored under their own name, applied once, listed, played again."""

import json
import os
from datetime import UTC, datetime

import boto3
import pytest

from comanda import wiring
from comanda.errors import Busy, Invalid, Malformed, NotFound
from comanda.inbox.apply import apply
from comanda.inbox.model import Entry, Outcome
from comanda.inbox.receive import MOST_OF_REJECTED, receive, reject
from comanda.inbox.replay import replay, webhook_events

NOW = datetime(2026, 11, 21, 23, 59, 58, tzinfo=UTC)


def stored(event_id: str = "evt_1", raw: bytes = b'{"a": "\xc3\xb1"}', **more) -> str:
    bucket = os.environ["RAW_BUCKET"]
    return receive(
        raw,
        kind="payments",
        sender="stripe",
        event_id=event_id,
        bucket=bucket,
        now=more.pop("now", NOW),
        bodies=wiring.inbox().bodies,
        event_type="charge.succeeded",
        **more,
    )


def told(key: str) -> dict:
    bucket = {"name": os.environ["RAW_BUCKET"]}
    return {"Records": [{"s3": {"bucket": bucket, "object": {"key": key}}}]}


def objects() -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=os.environ["RAW_BUCKET"]).get("Contents", [])
    return [one["Key"] for one in found]


def states() -> list[tuple]:
    items = webhook_events(wiring.inbox().store)["items"]
    return [(one["id"], one["state"], one["attempts"], one["problem"]) for one in items]


def test_a_webhook_is_kept_as_it_came_and_once():
    key = stored()
    assert key == "webhooks/payments/stripe/2026/11/21/evt_1"
    later = datetime(2026, 11, 22, 0, 0, 4, tzinfo=UTC)
    assert stored(now=later, told_at=NOW) == key
    assert objects() == [key]
    seen: list[Entry] = []
    apply(told(key), 1, lambda entry: seen.append(entry) or Outcome("applied", order_id="o1"), wiring.inbox())
    assert seen[0].raw == b'{"a": "\xc3\xb1"}'
    assert (seen[0].kind, seen[0].sender, seen[0].event_id) == ("payments", "stripe", "evt_1")
    assert (seen[0].event_type, seen[0].received_at) == ("charge.succeeded", "2026-11-22T00:00:04.000Z")
    assert states() == [("stripe.evt_1", "applied", 1, None)]


@pytest.mark.parametrize("event_id", ["", "../../evil", "a b", "x" * 121, "ñ"])
def test_an_id_that_is_no_name_gives_way_to_the_digest(event_id):
    key = stored(event_id, raw=b"{}")
    assert key == (
        "webhooks/payments/stripe/2026/11/21/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


def test_what_failed_says_so_and_goes_back_to_the_queue():
    key = stored()

    def busy(entry: Entry) -> Outcome:
        raise Busy("the provider sleeps")

    def broken(entry: Entry) -> Outcome:
        raise KeyError("ana@example.com")

    with pytest.raises(Busy):
        apply(told(key), 1, busy, wiring.inbox())
    assert states() == [("stripe.evt_1", "failed", 1, "busy: the provider sleeps")]
    with pytest.raises(KeyError):
        apply(told(key), 1, broken, wiring.inbox())
    assert states() == [("stripe.evt_1", "failed", 2, "KeyError")]
    apply(told(key), 1, lambda entry: Outcome("applied"), wiring.inbox())
    assert states() == [("stripe.evt_1", "applied", 3, None)]


def test_applied_once_stays_applied():
    key = stored()
    for state in ("applied", "already_applied", "ignored"):
        apply(told(key), 1, lambda entry, state=state: Outcome(state), wiring.inbox())
    assert states() == [("stripe.evt_1", "applied", 3, None)]


def test_the_test_event_of_s3_and_a_vanished_object_are_nothing():
    def never(entry: Entry) -> Outcome:
        raise AssertionError("there is nothing to apply")

    apply({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}, 1, never, wiring.inbox())
    apply(told("webhooks/payments/stripe/2026/11/21/gone"), 1, never, wiring.inbox())
    assert states() == []


def test_staff_page_through_events_and_play_one_again():
    for number in range(3):
        key = stored(f"evt_{number}", now=datetime(2026, 11, 21, 10, number, tzinfo=UTC))
        state = "ignored" if number == 1 else "applied"
        apply(told(key), 1, lambda entry, state=state: Outcome(state), wiring.inbox())
    store = wiring.inbox().store
    first = webhook_events(store, limit=2)
    assert [one["event_id"] for one in first["items"]] == ["evt_2", "evt_1"]
    second = webhook_events(store, limit=2, cursor=first["next"])
    assert [one["event_id"] for one in second["items"]] == ["evt_0"]
    assert second["next"] is None
    assert [one["event_id"] for one in webhook_events(store, state="ignored")["items"]] == ["evt_1"]
    with pytest.raises(Malformed):
        webhook_events(store, cursor="nonsense")
    with pytest.raises(Invalid):
        webhook_events(store, state="lost")
    sent: list[tuple[str, dict]] = []
    answer = replay("stripe.evt_1", store, lambda kind, message: sent.append((kind, message)))
    assert (answer["id"], sent[0][0]) == ("stripe.evt_1", "payments")
    apply(json.loads(json.dumps(sent[0][1])), 1, lambda entry: Outcome("applied"), wiring.inbox())
    assert states()[1] == ("stripe.evt_1", "applied", 2, None)
    with pytest.raises(NotFound):
        replay("stripe.evt_9", store, lambda kind, message: sent.append((kind, message)))
    assert len(sent) == 1


def test_a_refused_body_is_cut():
    key = reject(
        b"x" * 100_000,
        kind="payments",
        sender="stripe",
        reason="signature",
        bucket=os.environ["RAW_BUCKET"],
        now=NOW,
        bodies=wiring.inbox().bodies,
    )
    assert key.startswith("rejected/webhooks/payments/stripe/2026/11/21/")
    kept = boto3.client("s3").get_object(Bucket=os.environ["RAW_BUCKET"], Key=key)
    assert kept["ContentLength"] == MOST_OF_REJECTED
    assert kept["Metadata"]["bytes"] == "100000"


def test_what_kills_its_worker_is_seen_from_the_second_delivery_on():
    key = stored()

    def deadly(entry: Entry) -> Outcome:
        raise SystemExit

    with pytest.raises(SystemExit):
        apply(told(key), 1, deadly, wiring.inbox())
    assert states() == []
    with pytest.raises(SystemExit):
        apply(told(key), 2, deadly, wiring.inbox())
    assert states() == [("stripe.evt_1", "received", 0, None)]
    apply(told(key), 3, lambda entry: Outcome("applied"), wiring.inbox())
    assert states() == [("stripe.evt_1", "applied", 1, None)]
