"""The Mercado Pago peer, driven by the official SDK and by a browser's requests."""

import http.client
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from mercadopago.webhook import WebhookSignatureValidator

from local.peers.config import Config
from local.peers.system import System
from tests.peers.mercadopago import ACCESS_TOKEN, WEBHOOK_SECRET, MercadoPagoPeer, keyed
from tests.peers.receiver import Received, Receiver, until

pytestmark = pytest.mark.enable_socket

ITEM = {"title": "P-000123", "quantity": 2, "unit_price": 116.05, "currency_id": "MXN"}
BACK = {"success": "https://shop.example/o?token=1", "failure": "https://shop.example/f"}


def begun(peer: MercadoPagoPeer, **more: Any) -> dict[str, Any]:
    wish = {"items": [ITEM], "external_reference": "order-1_pay-1", "back_urls": BACK, **more}
    answer = peer.sdk().preference().create(wish)
    assert answer["status"] == 201, answer
    found: dict[str, Any] = answer["response"]
    return found


def press(preference: dict[str, Any], outcome: str) -> tuple[int, str]:
    """A button of the page: status and where the customer goes."""
    at = urlsplit(preference["init_point"])
    connection = http.client.HTTPConnection(at.netloc, timeout=10)
    body = urlencode({"outcome": outcome})
    connection.request(
        "POST", f"{at.path}?{at.query}", body, {"Content-Type": "application/x-www-form-urlencoded"}
    )
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.headers.get("location", "")


def accepted(one: Received) -> dict[str, Any]:
    """What the SDK makes of a delivery; it raises if the signature is wrong or stale."""
    data_id = parse_qs(urlsplit(one.path).query)["data.id"][0]
    WebhookSignatureValidator.validate(
        one.headers["x-signature"], one.headers["x-request-id"], data_id, WEBHOOK_SECRET, tolerance_seconds=60
    )
    assert one.json["data"]["id"] == data_id
    return one.json


def told(receiver: Receiver, count: int) -> list[dict[str, Any]]:
    until(lambda: len(receiver.accepted()) >= count)
    return [accepted(one) for one in receiver.accepted()]


@pytest.mark.parametrize(
    ("outcome", "status", "detail", "side"),
    [
        ("pay", "approved", "accredited", "/o"),
        ("decline", "rejected", "cc_rejected_other_reason", "/f"),
        ("voucher", "pending", "pending_waiting_payment", ""),
        ("review", "in_process", "pending_review_manual", ""),
    ],
)
def test_a_customer_ends_on_the_page_and_the_merchant_is_told(
    mercadopago: MercadoPagoPeer, receiver: Receiver, outcome: str, status: str, detail: str, side: str
) -> None:
    preference = begun(mercadopago)
    answered, place = press(preference, outcome)
    (payment,) = mercadopago.payments(preference["id"])
    assert (payment["status"], payment["status_detail"]) == (status, detail)
    assert (payment["transaction_amount"], payment["currency_id"]) == (232.1, "MXN")
    assert answered == (303 if side else 200)
    if side:
        went = parse_qs(urlsplit(place).query)
        assert (urlsplit(place).path, went["payment_id"], went["status"]) == (
            side,
            [str(payment["id"])],
            [status],
        )
    (event,) = told(receiver, 1)
    assert (event["type"], event["action"], event["data"]) == (
        "payment",
        "payment.created",
        {"id": str(payment["id"])},
    )
    order = mercadopago.sdk().merchant_order().get(payment["order"]["id"])["response"]
    assert (order["preference_id"], order["external_reference"]) == (preference["id"], "order-1_pay-1")


def test_each_change_is_told_and_the_sdk_accepts_each_delivery(
    mercadopago: MercadoPagoPeer, receiver: Receiver
) -> None:
    preference = begun(mercadopago)
    voucher = mercadopago.attempt(preference["id"], "voucher")
    mercadopago.act(f"payments/{voucher['id']}/settle")
    refund = mercadopago.sdk().refund().create(voucher["id"], {"amount": 32.1}, keyed("r-1"))["response"]
    assert (refund["status"], refund["amount"], refund["payment_id"]) == ("approved", 32.1, voucher["id"])
    chargeback = mercadopago.act(f"payments/{voucher['id']}/chargeback")
    found = mercadopago.sdk().chargeback().get(chargeback["id"])["response"]
    assert (found["amount"], found["status"]) == (200, "in_process")
    mercadopago.act(f"chargebacks/{chargeback['id']}/close", {"status": "won"})
    kinds = [(one["type"], one["action"]) for one in told(receiver, 7)]
    assert kinds == [
        ("payment", "payment.created"),
        *[("payment", "payment.updated")] * 3,
        ("topic_chargebacks_wh", "changed_case_status"),
        ("payment", "payment.updated"),
        ("topic_chargebacks_wh", "changed_case_status"),
    ]
    payment = mercadopago.sdk().payment().get(voucher["id"])["response"]
    assert (payment["status"], payment["status_detail"]) == ("charged_back", "reimbursed")
    assert payment["transaction_amount_refunded"] == 32.1


def test_payments_and_refunds_need_a_key_and_keep_it(mercadopago: MercadoPagoPeer) -> None:
    """Preferences do not: nothing says that Mercado Pago heeds one there."""
    preference = begun(mercadopago)
    payment = mercadopago.attempt(preference["id"], "pay")
    refunds = mercadopago.sdk().refund()
    first = refunds.create(payment["id"], {"amount": 10}, keyed("r-1"))
    assert refunds.create(payment["id"], {"amount": 10}, keyed("r-1")) == first
    assert refunds.create(payment["id"], {"amount": 11}, keyed("r-1"))["status"] == 400
    assert len(refunds.list_all(payment["id"])["response"]) == 1
    at = urlsplit(mercadopago.url)
    connection = http.client.HTTPConnection(at.netloc, timeout=10)
    bearer = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
    connection.request("POST", f"/v1/payments/{payment['id']}/refunds", b"", bearer)
    refused = connection.getresponse()
    assert (refused.status, json.loads(refused.read())["cause"][0]["code"]) == (400, 4292)
    connection.close()
    again = mercadopago.sdk().preference()
    wish = {"items": [ITEM]}
    assert (
        again.create(wish, keyed("p"))["response"]["id"] != again.create(wish, keyed("p"))["response"]["id"]
    )


def test_what_makes_no_sense_is_refused(mercadopago: MercadoPagoPeer) -> None:
    sdk = mercadopago.sdk()
    preference = begun(mercadopago)
    rejected = mercadopago.attempt(preference["id"], "decline")
    paid = mercadopago.attempt(preference["id"], "pay")
    assert sdk.refund().create(rejected["id"], None, keyed("a"))["status"] == 400
    assert sdk.refund().create(paid["id"], {"amount": 232.11}, keyed("b"))["status"] == 400
    assert sdk.refund().create(paid["id"], {"amount": 0.001}, keyed("c"))["status"] == 400
    assert sdk.payment().update(paid["id"], {"status": "cancelled"})["status"] == 400
    assert sdk.payment().get(1)["status"] == 404
    assert sdk.preference().create({"items": []})["status"] == 400
    assert sdk.preference().create({"items": [ITEM | {"unit_price": -1}]})["status"] == 400
    assert sdk.preference().create({"items": [ITEM], "auto_return": "approved"})["status"] == 400
    assert mercadopago.sdk("TEST-wrong").payment().get(paid["id"])["status"] == 401
    assert sdk.refund().create(paid["id"], None, keyed("d"))["response"]["amount"] == 232.1
    assert sdk.payment().get(paid["id"])["response"]["status"] == "refunded"


def test_a_page_can_be_closed_and_vouchers_left_out(mercadopago: MercadoPagoPeer) -> None:
    excluded = {"excluded_payment_types": [{"id": "ticket"}]}
    preference = begun(mercadopago, payment_methods=excluded)
    assert press(preference, "voucher")[0] == 400
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="milliseconds")
    ends = {"expires": True, "expiration_date_to": past}
    assert mercadopago.sdk().preference().update(preference["id"], ends)["status"] == 200
    assert press(preference, "pay")[0] == 410
    assert mercadopago.payments(preference["id"]) == []


def test_a_voucher_ends_on_its_day(mercadopago: MercadoPagoPeer) -> None:
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="milliseconds")
    preference = begun(mercadopago, date_of_expiration=past)
    voucher = mercadopago.attempt(preference["id"], "voucher")
    assert mercadopago.control("POST", f"/mercadopago/payments/{voucher['id']}/settle", {})[0] == 400
    expired = mercadopago.act(f"payments/{voucher['id']}/expire")
    assert (expired["status"], expired["status_detail"]) == ("cancelled", "expired")


@pytest.mark.parametrize("fault", ["duplicate", "corrupt", "drop"])
def test_faults_meet_its_deliveries_too(mercadopago: MercadoPagoPeer, receiver: Receiver, fault: str) -> None:
    mercadopago.fault(fault, peer="mercadopago", event_type="payment.created")
    preference = begun(mercadopago)
    mercadopago.attempt(preference["id"], "decline")
    mercadopago.attempt(preference["id"], "pay")
    count = {"duplicate": 3, "corrupt": 3, "drop": 1}[fault]
    until(lambda: len(receiver.all) >= count)
    if fault == "corrupt":
        assert (
            receiver.all[0].json["data"]["id"] != parse_qs(urlsplit(receiver.all[0].path).query)["data.id"][0]
        )
    else:
        assert len({one["data"]["id"] for one in told(receiver, count)}) == (2 if fault == "duplicate" else 1)


def test_it_remembers_over_a_restart(config: Config) -> None:
    system = System(config)
    ready = system.start()
    peer = MercadoPagoPeer(ready["mercadopago"]["url"], ready["control"]["url"])
    preference = begun(peer)
    payment = peer.attempt(preference["id"], "pay")
    system.stop()
    system = System(config)
    again = system.start()
    assert again["mercadopago"] == ready["mercadopago"]
    assert [one["id"] for one in peer.payments(preference["id"])] == [payment["id"]]
    system.stop()
