"""The events that the Stripe peer tells, and how they reach the merchant."""

import threading

import pytest
import stripe
from stripe import StripeClient

from tests.peers.provider import STRIPE_SECRET, Peers
from tests.peers.receiver import Received, Receiver, event_type, until

pytestmark = pytest.mark.enable_socket

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated"]


def pay(client: StripeClient, **more: object) -> stripe.PaymentIntent:
    params = {
        "amount": 5_000, "currency": "mxn", "confirm": True, "payment_method": "pm_card_visa",
        "metadata": {"note": "año"}, **more,
    }  # fmt: skip
    return client.v1.payment_intents.create(params)  # type: ignore[arg-type]


def verified(received: Received) -> stripe.Event:
    """What the SDK makes of a delivery; it raises if the signature is wrong or stale."""
    event: stripe.Event = stripe.Webhook.construct_event(
        received.body, received.headers["stripe-signature"], STRIPE_SECRET
    )
    return event


def test_a_payment_is_told_in_order_and_the_sdk_accepts_each_delivery(
    client: StripeClient, receiver: Receiver
) -> None:
    intent = pay(client)
    arrived = receiver.wait_for(*PAID)
    assert [event_type(each) for each in arrived] == PAID
    assert {each.path for each in arrived} == {"/stripe"}
    events = [verified(each) for each in arrived]
    assert len({event.id for event in events}) == 4
    succeeded = events[2]
    assert (succeeded.object, succeeded.livemode, succeeded.api_version) == (
        "event",
        False,
        stripe.api_version,
    )
    assert succeeded.request
    assert str(succeeded.request.id).startswith("req_")
    told = succeeded.data.object
    assert (told["id"], told["status"], told["amount_received"]) == (intent.id, "succeeded", 5_000)
    assert told["metadata"]["note"] == "año"
    # asynchronous capture: the fee is known a moment later
    assert events[1].data.object["balance_transaction"] is None
    assert arrived[3].json["data"]["previous_attributes"] == {"balance_transaction": None}
    assert events[3].data.object["balance_transaction"].startswith("txn_")


def test_each_turn_of_a_payment_has_its_events(
    client: StripeClient, peers: Peers, receiver: Receiver
) -> None:
    def newest(count: int) -> list[str]:
        return [str(event.type) for event in client.v1.events.list({"limit": count}).data][::-1]

    reserved = pay(client, capture_method="manual")
    assert newest(2) == ["charge.succeeded", "payment_intent.amount_capturable_updated"]
    client.v1.payment_intents.capture(reserved.id)
    assert newest(2) == ["charge.captured", "payment_intent.succeeded"]
    refund = client.v1.refunds.create({"payment_intent": reserved.id, "amount": 1_000})
    assert newest(2) == ["refund.created", "charge.refunded"]
    client.v1.refunds.update(refund.id, {"metadata": {"batch": "7"}})
    assert newest(1) == ["refund.updated"]
    client.v1.payment_intents.cancel(pay(client, capture_method="manual").id)
    assert newest(2) == ["charge.refunded", "payment_intent.canceled"]
    with pytest.raises(stripe.CardError):
        pay(client, payment_method="pm_card_chargeDeclined")
    assert newest(3) == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    pay(client, payment_method="pm_card_threeDSecure2Required")
    assert newest(1) == ["payment_intent.requires_action"]
    waiting = client.v1.payment_intents.create({"amount": 5_000, "currency": "mxn"})
    peers.control("POST", f"/stripe/payment_intents/{waiting.id}/processing")
    assert newest(2) == ["payment_intent.created", "payment_intent.processing"]
    paid = pay(client, capture_method="automatic")
    assert newest(3) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    _, dispute = peers.control("POST", "/stripe/disputes", {"charge": paid.latest_charge, "amount": 2_000})
    assert newest(3) == ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.updated"]
    peers.control("POST", f"/stripe/disputes/{dispute['id']}/close", {"status": "lost"})
    assert newest(1) == ["charge.dispute.closed"]

    every = list(client.v1.events.list({"limit": 7}).auto_paging_iter())
    until(lambda: len(receiver.accepted()) == len(every), lambda: f"{len(receiver.accepted())}/{len(every)}")
    assert [each.json["id"] for each in receiver.all] == [event.id for event in every][::-1]
    for each in receiver.all:
        verified(each)


def test_events_are_found_by_type_time_and_delivery(
    client: StripeClient, peers: Peers, receiver: Receiver
) -> None:
    peers.fault("drop", event_type="charge.succeeded")
    pay(client)
    receiver.wait_for("payment_intent.created", "payment_intent.succeeded", "charge.updated")
    events = client.v1.events
    until(lambda: len(events.list({"delivery_success": False}).data) == 1)
    missed = events.list({"delivery_success": False}).data[0]
    assert (missed.type, missed.pending_webhooks) == ("charge.succeeded", 1)
    assert events.retrieve(missed.id).to_dict() == missed.to_dict()
    delivered = events.list({"delivery_success": True}).data
    assert [(event.type, event.pending_webhooks) for event in delivered] == [
        ("charge.updated", 0), ("payment_intent.succeeded", 0), ("payment_intent.created", 0),
    ]  # fmt: skip
    assert [event.id for event in events.list({"type": "charge.succeeded"}).data] == [missed.id]
    assert len(events.list({"type": "charge.*"}).data) == 2
    assert len(events.list({"types": ["charge.updated", "charge.succeeded"]}).data) == 2
    assert events.list({"created": {"lt": missed.created - 60}}).data == []
    older = events.list({"starting_after": missed.id, "delivery_success": True}).data
    assert [event.type for event in older] == ["payment_intent.created"]


def test_a_failing_receiver_is_tried_again_until_it_accepts(
    client: StripeClient, peers: Peers, receiver: Receiver
) -> None:
    answers = iter([500, 302, 401])
    receiver.status = lambda path, headers, body: next(answers, 200)
    intent = client.v1.payment_intents.create({"amount": 5_000, "currency": "mxn"})
    receiver.wait_for("payment_intent.created")
    assert [each.answered for each in receiver.all] == [500, 302, 401, 200]
    assert len({each.body for each in receiver.all}) == 1
    assert verified(receiver.all[3]).data.object["id"] == intent.id
    until(lambda: len(peers.deliveries()) == 4)
    log = peers.deliveries()
    assert [(each["attempt"], each["status"], each["http_status"]) for each in log] == [
        (1, "failed", 500), (2, "failed", 302), (3, "failed", 401), (4, "delivered", 200),
    ]  # fmt: skip
    assert {each["url"] for each in log} == {f"{receiver.url}/stripe"}


def test_an_api_call_does_not_wait_for_a_slow_receiver(client: StripeClient, receiver: Receiver) -> None:
    gate = threading.Event()

    def slow(path: str, headers: dict[str, str], body: bytes) -> int:
        gate.wait(10)
        return 200

    receiver.status = slow
    paid = [pay(client).status for _ in range(3)]
    assert paid == ["succeeded"] * 3
    assert receiver.all == []
    gate.set()
    receiver.wait_for(*PAID * 3)


def test_the_address_may_be_told_later(client: StripeClient, peers: Peers, receiver: Receiver) -> None:
    assert peers.control("POST", "/configure", {"stripe": {"webhook_url": None}})[0] == 200
    client.v1.payment_intents.create({"amount": 5_000, "currency": "mxn"})
    waiting = peers.deliveries()
    assert [(each["status"], each["attempt"], each["sent_at"]) for each in waiting] == [("pending", 1, None)]
    later = {"stripe": {"webhook_url": f"{receiver.url}/later", "webhook_secret": "whsec_later"}}
    status, answer = peers.control("POST", "/configure", later)
    assert (status, answer["stripe"]) == (200, {"webhook_url": f"{receiver.url}/later"})
    [arrived] = receiver.wait_for("payment_intent.created")
    assert arrived.path == "/later"
    stripe.Webhook.construct_event(arrived.body, arrived.headers["stripe-signature"], "whsec_later")
    refused: list[object] = [{"nobody": {}}, {"stripe": {"webhook_url": "ftp://x"}}, {"stripe": {"port": 1}}]
    for wrong in refused:
        assert peers.control("POST", "/configure", wrong)[0] == 400
    assert peers.control("GET", "/configure")[1]["stripe"] == {"webhook_url": f"{receiver.url}/later"}
