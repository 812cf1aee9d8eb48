"""Whatever happens to webhooks on their way, an order ends in the same state and each mail goes out once."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from local.demo.outside import Api, eventually
from tests.e2e.shop import Order, Shop

pytestmark = pytest.mark.e2e

QUIET_SECONDS = 2


@pytest.fixture(autouse=True)
def _without_faults(shop: Shop) -> Iterator[None]:
    shop.control.call("DELETE", "/faults", status=204)
    yield
    shop.control.call("DELETE", "/faults", status=204)


def fault(shop: Shop, kind: str, peer: str = "stripe", **more: Any) -> None:
    wish = {"peer": peer, "fault": kind, "count": 1, **more}
    shop.control.call("POST", "/faults", wish, status=201)


def deliveries(shop: Shop, event_type: str, order: Order) -> list[dict[str, Any]]:
    """What became of this order's events of one type."""
    events = shop.provider.v1.events.list({"type": event_type, "limit": 100}).data
    intent = order.placed["payment_action"]["id"]
    ours = {event.id for event in events if intent in str(event.data.object)}
    return [item for item in shop.control.get("/deliveries")["items"] if item["event_id"] in ours]


def paid_once(shop: Shop, order: Order) -> None:
    """The money is in the ledger once, the customer has one receipt."""
    shop.wait(order, "payment", "paid")
    shop.mailbox.wait("payment_received", order.id)
    time.sleep(QUIET_SECONDS)
    captures = [entry for entry in shop.staff.order(order.id)["ledger"] if entry["kind"] == "capture"]
    assert [entry["amount"]["amount"] for entry in captures] == [order.total]
    assert len(shop.mailbox.mails(event="payment_received", order_id=order.id)) == 1


@pytest.mark.capability("G04", "G05")
@pytest.mark.parametrize("kind", ["duplicate", "delay", "reorder", "corrupt"])
def test_a_payment_counts_once_however_its_webhooks_arrive(shop: Shop, kind: str) -> None:
    order = shop.approved()
    fault(shop, kind, event_type="payment_intent.succeeded", seconds=2)
    shop.pay(order)
    paid_once(shop, order)
    if kind == "corrupt":
        tried = deliveries(shop, "payment_intent.succeeded", order)
        assert [(item["attempt"], item["http_status"]) for item in tried] == [(1, 401), (2, 200)]


@pytest.mark.capability("G04")
def test_all_webhooks_dropped_but_one_are_enough(shop: Shop) -> None:
    """The provider's record decides, not the event that was lost."""
    order = shop.approved()
    fault(shop, "drop", event_type="payment_intent.succeeded")
    shop.pay(order)
    paid_once(shop, order)
    dropped = deliveries(shop, "payment_intent.succeeded", order)
    assert [item["status"] for item in dropped] == ["dropped"]


@pytest.mark.capability("G04", "G05")
def test_with_every_webhook_dropped_the_money_is_found_where_it_is(shop: Shop) -> None:
    order = shop.approved()
    fault(shop, "drop", count=100)
    shop.pay(order)
    shop.reconcile()
    paid_once(shop, order)
    assert {item["status"] for item in deliveries(shop, "payment_intent.succeeded", order)} == {"dropped"}


@pytest.mark.capability("G04")
def test_a_forged_or_unreadable_webhook_is_refused_and_changes_nothing(shop: Shop) -> None:
    order = shop.approved()
    code = "EST000000000001"
    for address in ("/webhooks/payments/stripe", "/webhooks/carriers/easypost"):
        headers = {"Stripe-Signature": f"t={int(time.time())},v1={'0' * 64}", "X-Hmac-Signature": "x"}
        refused = shop.api.send("POST", address, b'{"id": "evt_1", "object": "event"}', headers=headers)
        assert (refused.status, refused.body["type"]) == (401, "bad-signature")
    forged = shop.carrier.event(code, "estafeta", [("delivered", datetime.now(UTC))])
    assert shop.carrier.send(forged, secret="not the secret").status == 401
    assert shop.carrier.send(b"not JSON at all").status == 400
    assert order.axes() == ("placed", "pending", "unfulfilled")


@pytest.mark.capability("D13", "G16")
@pytest.mark.parametrize("arrival", list(permutations(range(3))))
def test_scans_give_one_state_in_any_order(shop: Shop, arrival: tuple[int, ...]) -> None:
    order = shop.approved(payment_method="request")
    code = shop.ship(order)
    now = datetime.now(UTC)
    way = [
        ("in_transit", now - timedelta(hours=9)),
        ("out_for_delivery", now - timedelta(hours=2)),
        ("delivered", now - timedelta(hours=1)),
    ]
    for index in arrival:
        body = shop.carrier.event(code, "estafeta", [way[index]])
        assert shop.carrier.send(body).status == 200
        assert shop.carrier.send(body).status == 200
    shop.wait(order, "lifecycle", "closed")
    assert [parcel["status"] for parcel in order.view()["shipments"]] == ["delivered"]
    time.sleep(QUIET_SECONDS)
    assert len(shop.mailbox.mails(event="delivered", order_id=order.id)) == 1


@pytest.mark.capability("G05")
def test_a_declined_card_is_tried_again_and_a_stranger_never_sees_it(shop: Shop) -> None:
    import stripe

    order = shop.approved()
    with pytest.raises(stripe.CardError):
        shop.pay(order, "pm_card_chargeDeclined")
    shop.wait(order, "payment", "failed")
    shop.mailbox.wait("payment_failed", order.id)
    again = order.api.call("POST", f"/orders/{order.id}/payments", {"payment_method": "stripe"}, status=201)
    action = again.body["payment_action"]
    shop.provider.v1.payment_intents.confirm(action["id"], {"payment_method": "pm_card_visa"})
    paid_once(shop, order)
    stranger = Api(shop.stack["api_url"]).send(
        "POST", f"/orders/{order.id}/payments", {"payment_method": "stripe"}
    )
    assert stranger.status == 404


def test_webhooks_are_listed_and_can_be_played_again(shop: Shop) -> None:
    order = shop.approved(payment_method="request")
    code = shop.ship(order)
    event_id = shop.scan(code, "delivered")

    def listed() -> dict[str, Any] | None:
        items = shop.staff.get("/admin/webhook-events?limit=20")["items"]
        return next((item for item in items if item["event_id"] == event_id), None)

    eventually(lambda: (listed() or {}).get("state") == "applied", "the scan applied", code)
    seen = listed()
    assert seen is not None
    shop.staff.call("POST", f"/admin/webhook-events/{seen['id']}/replay", {}, status=202)
    time.sleep(QUIET_SECONDS)
    assert len(shop.mailbox.mails(event="delivered", order_id=order.id)) == 1
    assert order.view()["fulfilment"] == "delivered"
