"""PayPal on the running system: a person pays on its page, in the end the ledger says what PayPal says."""

import json
import time
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.shop import Order, Shop

pytestmark = pytest.mark.e2e

QUIET_SECONDS = 2
APPROVED, COMPLETED = "CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.COMPLETED"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def _without_faults(shop: Shop) -> Iterator[None]:
    shop.control.call("DELETE", "/faults", status=204)
    yield
    shop.control.call("DELETE", "/faults", status=204)


def send(shop: Shop, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, bytes]:
    """To PayPal's stand-in; the status, where it leads, and what it says."""
    connection = HTTPConnection(urlsplit(shop.stack["paypal"]["api_url"]).netloc, timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location") or "", answer.read()
    finally:
        connection.close()


def decide(shop: Shop, page: str, decision: str = "pay") -> str:
    """The customer opens the page and presses a button; where it leads."""
    place = urlsplit(page)
    path = f"{place.path}?{place.query}"
    assert send(shop, "GET", path)[0] == 200
    status, back, _ = send(shop, "POST", path, f"decision={decision}", **FORM)
    assert status == 303
    return back


def at_paypal(shop: Shop, page: str) -> dict[str, Any]:
    """The order's payments as PayPal has them."""
    known = shop.stack["paypal"]
    basic = b64encode(f"{known['client_id']}:{known['client_secret']}".encode()).decode()
    told = FORM | {"Authorization": f"Basic {basic}"}
    grant = send(shop, "POST", "/v1/oauth2/token", "grant_type=client_credentials", **told)
    bearer = f"Bearer {json.loads(grant[2])['access_token']}"
    order_id = page.rpartition("token=")[2]
    status, _, body = send(shop, "GET", f"/v2/checkout/orders/{order_id}", Authorization=bearer)
    assert status == 200
    found: dict[str, Any] = json.loads(body)["purchase_units"][0].get("payments", {})
    return found


def page_of(order: Order) -> str:
    action = order.placed["payment_action"]
    assert action["type"] == "redirect"
    return str(action["url"])


def pay_again(order: Order) -> str:
    path = f"/orders/{order.id}/payments"
    answer = order.api.call("POST", path, {"payment_method": "paypal"}, status=201)
    return str(answer.body["payment_action"]["url"])


def paid_once(shop: Shop, order: Order, page: str) -> None:
    """Once in the ledger, once at PayPal, one receipt."""
    shop.wait(order, "payment", "paid")
    shop.mailbox.wait("payment_received", order.id)
    time.sleep(QUIET_SECONDS)
    ledger = shop.staff.order(order.id)["ledger"]
    captures = [entry for entry in ledger if entry["kind"] == "capture"]
    assert [entry["amount"]["amount"] for entry in captures] == [order.total]
    [capture] = at_paypal(shop, page)["captures"]
    assert capture["amount"]["value"] == f"{order.total // 100}.{order.total % 100:02d}"
    assert len(shop.mailbox.mails(event="payment_received", order_id=order.id)) == 1


@pytest.mark.capability("C19", "C20", "G04")
def test_a_customer_pays_and_the_order_is_paid_by_itself(shop: Shop) -> None:
    order = shop.approved(payment_method="paypal")
    back = decide(shop, page_of(order))
    assert f"/orders/{order.id}" in back
    paid_once(shop, order, page_of(order))


@pytest.mark.capability("C19", "G05")
def test_who_cancels_pays_later_on_the_same_page(shop: Shop) -> None:
    order = shop.approved(payment_method="paypal")
    assert f"/orders/{order.id}" in decide(shop, page_of(order), "cancel")
    assert pay_again(order) == page_of(order)
    assert order.axes() == ("placed", "pending", "unfulfilled")
    decide(shop, page_of(order))
    paid_once(shop, order, page_of(order))


@pytest.mark.capability("C19", "G05")
def test_a_decline_is_told_and_another_try_is_paid(shop: Shop) -> None:
    order = shop.approved(payment_method="paypal")
    decide(shop, page_of(order), "decline")
    shop.wait(order, "payment", "failed")
    shop.mailbox.wait("payment_failed", order.id)
    page = pay_again(order)
    assert page != page_of(order)
    decide(shop, page)
    paid_once(shop, order, page)


@pytest.mark.capability("C19", "G04", "G05")
@pytest.mark.parametrize("kind", ["duplicate", "delay", "reorder", "corrupt"])
def test_a_payment_counts_once_however_its_webhooks_arrive(shop: Shop, kind: str) -> None:
    order = shop.approved(payment_method="paypal")
    for event_type in (APPROVED, COMPLETED):
        wish = {"peer": "paypal", "fault": kind, "count": 1, "event_type": event_type, "seconds": 2}
        shop.control.call("POST", "/faults", wish, status=201)
    decide(shop, page_of(order))
    paid_once(shop, order, page_of(order))


@pytest.mark.capability("C19", "G04")
def test_with_every_webhook_lost_one_look_is_enough(shop: Shop) -> None:
    order = shop.approved(payment_method="paypal")
    shop.control.call("POST", "/faults", {"peer": "paypal", "fault": "drop", "count": 5}, status=201)
    decide(shop, page_of(order))
    shop.reconcile()
    paid_once(shop, order, page_of(order))


@pytest.mark.capability("C28", "G05")
def test_a_part_is_given_back_once(shop: Shop) -> None:
    order = shop.approved(payment_method="paypal")
    decide(shop, page_of(order))
    shop.wait(order, "payment", "paid")
    wish = {
        "amount": {"amount": 1_250, "currency": "MXN"},
        "reason": "goodwill",
        "execute": True,
        "destination": "original",
    }
    fault = {"peer": "paypal", "fault": "duplicate", "count": 1, "event_type": "PAYMENT.CAPTURE.REFUNDED"}
    shop.control.call("POST", "/faults", fault, status=201)
    shop.staff.command(order.id, "refund", wish)
    shop.wait(order, "payment", "partially_refunded")
    time.sleep(QUIET_SECONDS)
    payments = at_paypal(shop, page_of(order))
    assert [refund["amount"]["value"] for refund in payments["refunds"]] == ["12.50"]
    ledger = shop.staff.order(order.id)["ledger"]
    assert [e["amount"]["amount"] for e in ledger if e["kind"] == "refund" and e["status"] == "ok"] == [1_250]


@pytest.mark.capability("C20", "G04")
def test_a_forged_webhook_is_refused(shop: Shop) -> None:
    order = shop.approved(payment_method="paypal")
    event = {"id": "WH-1", "event_type": APPROVED, "resource": {"id": page_of(order).rpartition("=")[2]}}
    for cert_url in ("https://evil.example/v1/notifications/certs/CERT-1", shop.stack["paypal"]["api_url"]):
        headers = {
            "PAYPAL-TRANSMISSION-ID": "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
            "PAYPAL-TRANSMISSION-TIME": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "PAYPAL-TRANSMISSION-SIG": b64encode(b"x" * 256).decode(),
            "PAYPAL-CERT-URL": cert_url,
            "PAYPAL-AUTH-ALGO": "SHA256withRSA",
        }
        refused = shop.api.send("POST", "/webhooks/payments/paypal", event, headers=headers)
        assert (refused.status, refused.body["type"]) == (401, "bad-signature")
    assert order.axes() == ("placed", "pending", "unfulfilled")


def test_the_method_is_offered(shop: Shop) -> None:
    methods = {method["code"] for method in shop.api.get("/checkout/form")["payment_methods"]}
    assert "paypal" in methods
