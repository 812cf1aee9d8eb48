"""Faults of delivery: each does what its name says, is used up, and is written in the log."""

import pytest
import stripe
from stripe import StripeClient

from local.peers.faults import corrupted
from tests.peers.provider import STRIPE_SECRET, Peers
from tests.peers.receiver import Receiver, event_type, until

pytestmark = pytest.mark.enable_socket

CREATED = "payment_intent.created"
CANCELED = "payment_intent.canceled"


def create(client: StripeClient) -> str:
    return client.v1.payment_intents.create({"amount": 5_000, "currency": "mxn"}).id


def is_genuine(body: bytes, header: str) -> bool:
    try:
        stripe.Webhook.construct_event(body, header, STRIPE_SECRET)
    except stripe.SignatureVerificationError:
        return False
    return True


def verify(path: str, headers: dict[str, str], body: bytes) -> int:
    return 200 if is_genuine(body, headers["stripe-signature"]) else 401


def test_duplicate(client: StripeClient, peers: Peers, receiver: Receiver) -> None:
    peers.fault("duplicate", count=2)
    for _ in range(3):
        create(client)
    first, second, third = (each.id for each in client.v1.events.list().data[::-1])
    until(lambda: len(receiver.all) == 5)
    assert [each.json["id"] for each in receiver.all] == [first, first, second, second, third]
    assert receiver.all[0].body == receiver.all[1].body
    until(lambda: len(peers.deliveries()) == 5)
    assert [each["fault"] for each in peers.deliveries()] == ["duplicate"] * 4 + [None]
    assert peers.control("GET", "/faults")[1]["items"] == []


def test_delay(client: StripeClient, peers: Peers, receiver: Receiver) -> None:
    peers.fault("delay", seconds=0.6)
    create(client)
    create(client)
    late, prompt = (each.id for each in client.v1.events.list().data[::-1])
    receiver.wait_for(CREATED, CREATED)
    assert [each.json["id"] for each in receiver.all] == [prompt, late]
    assert receiver.all[1].at - receiver.all[0].at > 0.4


def test_drop(client: StripeClient, peers: Peers, receiver: Receiver) -> None:
    peers.fault("drop")
    create(client)
    create(client)
    dropped, arrived = (each.id for each in client.v1.events.list().data[::-1])
    receiver.wait_for(CREATED)
    assert [each.json["id"] for each in receiver.all] == [arrived]
    [entry] = peers.deliveries(f"?event_id={dropped}")
    assert (entry["status"], entry["fault"], entry["sent_at"], entry["due_at"]) == (
        "dropped", "drop", None, None,
    )  # fmt: skip
    missed = client.v1.events.list({"delivery_success": False}).data
    assert [each.id for each in missed] == [dropped]


def test_reorder(client: StripeClient, peers: Peers, receiver: Receiver) -> None:
    peers.fault("reorder", event_type=CREATED)
    intent = create(client)
    until(lambda: [each["status"] for each in peers.deliveries()] == ["held"])
    client.v1.payment_intents.cancel(intent)
    receiver.wait_for(CREATED, CANCELED)
    assert [event_type(each) for each in receiver.all] == [CANCELED, CREATED]
    until(lambda: [each["fault"] for each in peers.deliveries()] == [None, "reorder"])


def test_clearing_the_faults_lets_go_what_is_held(
    client: StripeClient, peers: Peers, receiver: Receiver
) -> None:
    peers.fault("reorder", count=3)
    create(client)
    assert [(each["fault"], each["remaining"]) for each in peers.control("GET", "/faults")[1]["items"]] == [
        ("reorder", 2)
    ]
    assert receiver.all == []
    assert peers.control("DELETE", "/faults")[0] == 204
    receiver.wait_for(CREATED)
    assert peers.control("GET", "/faults")[1]["items"] == []
    create(client)
    receiver.wait_for(CREATED, CREATED)


def test_corrupt(client: StripeClient, peers: Peers, receiver: Receiver) -> None:
    receiver.status = verify
    peers.fault("corrupt")
    create(client)
    receiver.wait_for(CREATED)
    forged, genuine = receiver.all
    assert (forged.answered, genuine.answered) == (401, 200)
    assert forged.body != genuine.body
    assert forged.json != genuine.json
    assert set(forged.json) == set(genuine.json)
    until(lambda: len(peers.deliveries()) == 2)
    assert [(each["fault"], each["http_status"], each["status"]) for each in peers.deliveries()] == [
        ("corrupt", 401, "failed"), ("corrupt", 200, "delivered"),
    ]  # fmt: skip


def test_a_corrupt_delivery_that_was_accepted_is_sent_correctly_all_the_same(
    client: StripeClient, peers: Peers, receiver: Receiver
) -> None:
    peers.fault("corrupt")
    create(client)
    receiver.wait_for(CREATED, CREATED)
    genuine = [is_genuine(each.body, each.headers["stripe-signature"]) for each in receiver.all]
    assert genuine == [False, True]


def test_a_corrupted_body_is_still_readable() -> None:
    assert corrupted(b'{"amount": 120, "currency": "mxn"}') == b'{"amount": 121, "currency": "mxn"}'
    assert corrupted(b'{"n": 9}') == b'{"n": 0}'
    assert corrupted(b"{}") == b"{} "


def test_a_fault_waits_for_its_type_and_its_peer(
    client: StripeClient, peers: Peers, receiver: Receiver
) -> None:
    peers.fault("drop", event_type=CANCELED)
    peers.fault("drop", peer="easypost")
    intent = create(client)
    receiver.wait_for(CREATED)
    client.v1.payment_intents.cancel(intent)
    create(client)
    receiver.wait_for(CREATED, CREATED)
    assert [each["type"] for each in peers.deliveries() if each["status"] == "dropped"] == [CANCELED]


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"peer": "stripe"},
        {"peer": "nobody", "fault": "drop"},
        {"peer": "stripe", "fault": "explode"},
        {"peer": "stripe", "fault": "drop", "count": 0},
        {"peer": "stripe", "fault": "drop", "count": "2"},
        {"peer": "stripe", "fault": "drop", "count": True},
        {"peer": "stripe", "fault": "delay", "seconds": -1},
        {"peer": "stripe", "fault": "drop", "event_type": 7},
        {"peer": "stripe", "fault": "drop", "colour": "red"},
    ],
)
def test_a_senseless_fault_is_refused(peers: Peers, wish: dict[str, object]) -> None:
    status, answer = peers.control("POST", "/faults", wish)
    assert status == 400
    assert answer["error"]
    assert peers.control("GET", "/faults")[1]["items"] == []
