"""The PayPal peer as a customer's browser, the world outside, and a merchant's plain HTTP see it."""

import json
from base64 import b64encode
from typing import Any

from tests.peers.provider import PAYPAL_CLIENT, PAYPAL_SECRET, Peers, Wire

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class PayPalPeer:
    """What a merchant without our adapter could do."""

    def __init__(self, peers: Peers) -> None:
        self.peers = peers
        self.token = ""

    def authenticate(self, client: str = PAYPAL_CLIENT, secret: str = PAYPAL_SECRET) -> tuple[int, Any]:
        basic = b64encode(f"{client}:{secret}".encode()).decode()
        with Wire(self.peers.paypal_url) as wire:
            sent = {**FORM, "Authorization": f"Basic {basic}"}
            status, _, body = wire.send("POST", "/v1/oauth2/token", b"grant_type=client_credentials", sent)
        return status, json.loads(body)

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        self.token = self.token or self.authenticate()[1]["access_token"]
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["PayPal-Request-Id"] = key
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        with Wire(self.peers.paypal_url) as wire:
            status, _, answer = wire.send(method, path, raw, headers)
        return status, json.loads(answer or b"null")

    def order(self, value: str = "232.00", currency: str = "MXN", **more: Any) -> dict[str, Any]:
        unit = {"amount": {"currency_code": currency, "value": value}, "custom_id": "order-1:pay-1"}
        status, made = self.call(
            "POST", "/v2/checkout/orders", {"intent": "CAPTURE", "purchase_units": [unit], **more}
        )
        assert status == 201, made
        found: dict[str, Any] = made
        return found

    def capture(self, order_id: str, key: str = "") -> tuple[int, Any]:
        return self.call("POST", f"/v2/checkout/orders/{order_id}/capture", {}, key)

    def decide(self, order_id: str, decision: str = "pay") -> tuple[int, str]:
        """The customer presses a button on the page; the status and where it leads."""
        with Wire(self.peers.paypal_url) as wire:
            path = f"/checkoutnow?token={order_id}"
            status, headers, _ = wire.send("POST", path, f"decision={decision}".encode(), FORM)
        return status, headers.get("Location") or ""

    def control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = self.peers.control(method, f"/paypal{path}", body)
        assert status in (200, 201, 204), answer
        return answer

    def all(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "/orders")["items"]
        return found
