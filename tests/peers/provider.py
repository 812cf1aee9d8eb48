"""The running peers as an outsider sees them: the SDK's address, the wire, and the control URL."""

import http.client
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import stripe
from stripe.params import PaymentIntentCreateParams

API_KEY = "sk_test_peer_4f8a2c91d7"
PUBLISHABLE_KEY = "pk_test_peer_93be07aa51"
STRIPE_SECRET = "whsec_peer_1d0c"
PAYPAL_CLIENT, PAYPAL_SECRET, WEBHOOK_ID = "AcPeer", "EFpeer-2c", "5GP028458E2496506"
EASYPOST_SECRET = "sécret de mensajería"
BEARER = {"Authorization": f"Bearer {API_KEY}"}
ORDER: PaymentIntentCreateParams = {"amount": 125_050, "currency": "mxn", "metadata": {"order": "P-000123"}}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Wire:
    """One kept-alive connection, to see headers and bodies as they are."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def call(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        sent = {**FORM, **(BEARER if headers is None else headers)}
        return self.send(method, path, urlencode(form or {}).encode(), sent)

    def send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()


class Peers:
    """The addresses of a running system."""

    def __init__(self, stripe_url: str, control_url: str, paypal_url: str = "") -> None:
        self.stripe_url = stripe_url
        self.control_url = control_url
        self.paypal_url = paypal_url

    def client(self, api_key: str = API_KEY, retries: int = 0) -> stripe.StripeClient:
        return stripe.StripeClient(
            api_key, base_addresses={"api": self.stripe_url}, max_network_retries=retries
        )

    def control(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        with Wire(self.control_url) as wire:
            status, _, answer = wire.send(method, path, data, {})
        return status, json.loads(answer or b"null")

    def fault(self, fault: str, peer: str = "stripe", **more: object) -> None:
        status, _ = self.control("POST", "/faults", {"peer": peer, "fault": fault, "count": 1, **more})
        assert status == 201

    def deliveries(self, query: str = "") -> list[dict[str, Any]]:
        status, answer = self.control("GET", f"/deliveries{query}")
        assert status == 200
        items: list[dict[str, Any]] = answer["items"]
        return items


def create(client: stripe.StripeClient, **more: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create({**ORDER, **more})  # type: ignore[typeddict-item]
