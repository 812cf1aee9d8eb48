"""Webhooks that are signed as each provider signs, whatever they say."""

import json
from typing import Any
from urllib.parse import urlencode

from local.peers.mercadopago import signature as mercadopago
from local.peers.paypal import signature as paypal
from local.peers.paypal.certificates import chain
from local.peers.stripe import signature as stripe
from tests.functional.providers.conftest import MERCADO_SECRET, Running
from tests.peers.provider import STRIPE_SECRET, WEBHOOK_ID

SIGNED_WITH = {"stripe": STRIPE_SECRET, "paypal": WEBHOOK_ID, "mercadopago": MERCADO_SECRET}


def signature(running: Running, code: str, body: bytes, at: int, secret: str = "") -> dict[str, str]:
    """The headers of a delivery signed at this unix time, under lower-case names."""
    key = secret or SIGNED_WITH[code]
    if code == "paypal":
        cert_url = f"{running.ready['paypal']['url']}{paypal.CERT_PATH}"
        found = paypal.headers(chain(running.certificates), cert_url, body, key, at)
    else:
        found = {"stripe": stripe, "mercadopago": mercadopago}[code].headers(body, key, at)
    return {name.lower(): value for name, value in found.items()}


def notice(code: str, ref: str, order_id: str, event_id: str = "1") -> bytes:
    """What says, in the provider's words, that this payment brought the order its money."""
    name = f"{order_id}:pay-1"
    told: dict[str, dict[str, Any]] = {
        "stripe": {"id": f"evt_{event_id}", "type": "payment_intent.succeeded", "data": {"object": {
            "object": "payment_intent", "id": ref, "status": "succeeded", "amount_received": 23_200,
            "metadata": {"order_id": order_id, "effect_id": "pay-1"}}}},
        "paypal": {"id": f"WH-{event_id}", "event_type": "CHECKOUT.ORDER.COMPLETED", "resource": {
            "id": ref, "status": "COMPLETED", "purchase_units": [{"custom_id": name}]}},
        "mercadopago": {"id": int(event_id), "type": "payment", "action": "payment.updated",
                        "external_reference": name, "status": "approved", "data": {"id": ref}},
    }  # fmt: skip
    return json.dumps(told[code]).encode()


def path(code: str, body: bytes) -> str:
    """The address that it is sent to."""
    told = {"data.id": str(json.loads(body)["data"]["id"])} if code == "mercadopago" else {}
    return f"/webhooks/payments/{code}?{urlencode(told)}"
