"""The PayPal peer by plain HTTP, as PayPal documents itself: its SDK knows no address but PayPal's."""

import json
from typing import Any

import pytest

from local.peers.config import Config
from local.peers.system import System
from tests.peers.paypal import FORM, PayPalPeer
from tests.peers.provider import Peers, Wire
from tests.peers.receiver import Receiver, until

pytestmark = pytest.mark.enable_socket

CERTIFICATE = "/v1/notifications/certs/CERT-360caa42-fca2a594-local0001"
VERIFY = "/v1/notifications/verify-webhook-signature"


@pytest.fixture
def paypal(peers: Peers) -> PayPalPeer:
    return PayPalPeer(peers)


def issue(answer: tuple[int, Any]) -> tuple[int, str]:
    """The status and the issue of an error document, whose form is checked by the way."""
    status, body = answer
    assert {"name", "details", "message", "debug_id", "links"} <= body.keys()
    return status, body["details"][0]["issue"]


def paid(paypal: PayPalPeer, value: str = "232.00") -> tuple[str, str]:
    order = paypal.order(value)
    paypal.decide(order["id"])
    status, made = paypal.capture(order["id"])
    assert status == 201
    return order["id"], made["purchase_units"][0]["payments"]["captures"][0]["id"]


def refund(paypal: PayPalPeer, capture: str, value: str, key: str = "") -> tuple[int, Any]:
    body = {"amount": {"currency_code": "MXN", "value": value}}
    return paypal.call("POST", f"/v2/payments/captures/{capture}/refund", body, key)


def test_a_token_is_for_those_who_know_the_secret(paypal: PayPalPeer) -> None:
    status, told = paypal.authenticate(secret="wrong")
    assert (status, told["error"]) == (401, "invalid_client")
    status, told = paypal.authenticate()
    assert (status, told["token_type"], told["expires_in"]) == (200, "Bearer", 32_400)
    paypal.token = "made up"
    assert issue(paypal.call("GET", "/v2/checkout/orders/5O19")) == (401, "INVALID_TOKEN")


def test_an_order_goes_its_way(paypal: PayPalPeer) -> None:
    order = paypal.order()
    assert order["status"] == "CREATED"
    assert [link["rel"] for link in order["links"]] == ["self", "approve"]
    assert issue(paypal.capture(order["id"])) == (422, "ORDER_NOT_APPROVED")
    assert paypal.decide(order["id"]) == (200, "")
    assert paypal.call("GET", f"/v2/checkout/orders/{order['id']}")[1]["status"] == "APPROVED"
    status, done = paypal.capture(order["id"], "key-1")
    assert (status, done["status"]) == (201, "COMPLETED")
    assert paypal.capture(order["id"], "key-1")[0] == 200  # an answer repeated
    assert issue(paypal.capture(order["id"], "key-2")) == (422, "ORDER_ALREADY_CAPTURED")


def test_a_key_begins_one_order(paypal: PayPalPeer) -> None:
    unit = {"amount": {"currency_code": "MXN", "value": "1.00"}}
    body = {"intent": "CAPTURE", "purchase_units": [unit]}
    made = [paypal.call("POST", "/v2/checkout/orders", body, "key-1")[1]["id"] for _ in range(3)]
    assert len({*made}) == 1
    assert paypal.call("POST", "/v2/checkout/orders", body, "key-2")[1]["id"] not in made
    assert paypal.call("POST", "/v2/checkout/orders", body, "k" * 109)[0] == 400


def test_the_page_changes_nothing_until_a_button_is_pressed(paypal: PayPalPeer, peers: Peers) -> None:
    context = {"return_url": "https://shop.example.com/o/1?a=b", "cancel_url": "https://shop.example.com/c"}
    order = paypal.order(payment_source={"paypal": {"experience_context": context}})
    assert (order["status"], order["links"][1]["rel"]) == ("PAYER_ACTION_REQUIRED", "payer-action")
    with Wire(peers.paypal_url) as wire:
        path = f"/checkoutnow?token={order['id']}"
        status, headers, page = wire.send("GET", path, None, {})
        assert (status, b"232.00 MXN" in page) == (200, True)
        assert headers["Content-Type"].startswith("text/html")
        assert wire.send("POST", path, b"decision=steal", FORM)[0] == 400
    status, back = paypal.decide(order["id"], "cancel")
    assert (status, back) == (303, f"https://shop.example.com/c?token={order['id']}")
    status, back = paypal.decide(order["id"])
    assert back.startswith(f"https://shop.example.com/o/1?a=b&token={order['id']}&PayerID=")
    assert paypal.decide(order["id"])[0] == 409


def test_a_declined_instrument_takes_nothing(paypal: PayPalPeer) -> None:
    order = paypal.order()
    paypal.decide(order["id"], "decline")
    answer = paypal.capture(order["id"])
    assert issue(answer) == (422, "INSTRUMENT_DECLINED")
    assert answer[1]["links"][-1]["href"].endswith(f"/checkoutnow?token={order['id']}")
    paypal.decide(order["id"])
    assert paypal.capture(order["id"])[0] == 201


def test_never_more_goes_back_than_came(paypal: PayPalPeer) -> None:
    _, capture = paid(paypal)
    assert refund(paypal, capture, "200.00", "key-1")[0] == 201
    assert refund(paypal, capture, "200.00", "key-1")[0] == 200
    assert issue(refund(paypal, capture, "32.01")) == (422, "REFUND_AMOUNT_EXCEEDED")
    assert refund(paypal, capture, "32.00")[0] == 201
    assert issue(refund(paypal, capture, "1.00")) == (422, "CAPTURE_FULLY_REFUNDED")
    assert paypal.call("GET", f"/v2/payments/captures/{capture}")[1]["status"] == "REFUNDED"


@pytest.mark.parametrize(
    ("amount", "found"),
    [
        ({"currency_code": "MXN", "value": "0.00"}, (422, "CANNOT_BE_ZERO_OR_NEGATIVE")),
        ({"currency_code": "MXN", "value": "1.001"}, (422, "DECIMAL_PRECISION")),
        ({"currency_code": "JPY", "value": "1.5"}, (422, "DECIMAL_PRECISION")),
        ({"currency_code": "MXN", "value": "-1.00"}, (400, "INVALID_PARAMETER_SYNTAX")),
        ({"currency_code": "pesos", "value": "1.00"}, (400, "INVALID_PARAMETER_SYNTAX")),
        ({"value": 1}, (400, "MISSING_REQUIRED_PARAMETER")),
    ],
)
def test_what_is_no_amount_is_refused(paypal: PayPalPeer, amount: Any, found: tuple[int, str]) -> None:
    body = {"intent": "CAPTURE", "purchase_units": [{"amount": amount}]}
    assert issue(paypal.call("POST", "/v2/checkout/orders", body)) == found


def test_what_was_authorised_is_captured_or_freed(paypal: PayPalPeer) -> None:
    held = []
    for _ in range(2):
        order = paypal.order(intent="AUTHORIZE")
        paypal.decide(order["id"])
        assert issue(paypal.capture(order["id"])) == (422, "ACTION_DOES_NOT_MATCH_INTENT")
        made = paypal.call("POST", f"/v2/checkout/orders/{order['id']}/authorize", {})[1]
        held.append(made["purchase_units"][0]["payments"]["authorizations"][0]["id"])
    place = f"/v2/payments/authorizations/{held[0]}"
    much = {"amount": {"currency_code": "MXN", "value": "232.01"}, "final_capture": True}
    assert issue(paypal.call("POST", f"{place}/capture", much)) == (422, "MAX_CAPTURE_AMOUNT_EXCEEDED")
    assert paypal.call("POST", f"{place}/capture", {"final_capture": True})[0] == 201
    assert issue(paypal.call("POST", f"{place}/void", {})) == (422, "PREVIOUSLY_CAPTURED")
    place = f"/v2/payments/authorizations/{held[1]}"
    assert paypal.call("POST", f"{place}/void", {})[0] == 200
    assert issue(paypal.call("POST", f"{place}/void", {})) == (422, "PREVIOUSLY_VOIDED")
    assert issue(paypal.call("POST", f"{place}/capture", {})) == (422, "AUTHORIZATION_VOIDED")


def test_its_own_opinion_of_a_webhook(paypal: PayPalPeer, receiver: Receiver) -> None:
    paypal.decide(paypal.order()["id"])
    until(lambda: len(receiver.all) == 1)
    [event] = receiver.all
    told = {
        name: event.headers[f"paypal-{name.replace('_', '-')}"]
        for name in ("transmission_id", "transmission_time", "transmission_sig", "cert_url", "auth_algo")
    }

    def opinion(raw: bytes, webhook_id: str = "5GP028458E2496506") -> str:
        given = json.dumps(told | {"webhook_id": webhook_id}).encode()
        body = given[:-1] + b', "webhook_event": ' + raw + b"}"
        status, answer = paypal.call("POST", VERIFY, body)
        assert status == 200
        return str(answer["verification_status"])

    assert opinion(event.body) == "SUCCESS"
    assert opinion(event.body.replace(b"APPROVED", b"COMPLETE")) == "FAILURE"
    assert opinion(event.body, "ANOTHER") == "FAILURE"


def test_it_remembers_when_it_starts_again(config: Config, receiver: Receiver) -> None:
    """Orders, keys, certificates and addresses."""
    system = System(config)
    ready = system.start()
    first = PayPalPeer(Peers("", ready["control"]["url"], ready["paypal"]["url"]))
    order, capture = paid(first)
    with Wire(ready["paypal"]["url"]) as wire:
        certificate = wire.send("GET", CERTIFICATE, None, {})[2]
    system.stop()
    system = System(config)
    again = system.start()
    assert again["paypal"] == ready["paypal"]
    second = PayPalPeer(Peers("", again["control"]["url"], again["paypal"]["url"]))
    assert second.call("GET", f"/v2/checkout/orders/{order}")[1]["status"] == "COMPLETED"
    assert refund(second, capture, "232.00")[0] == 201
    with Wire(again["paypal"]["url"]) as wire:
        assert wire.send("GET", CERTIFICATE, None, {})[2] == certificate
    system.stop()
