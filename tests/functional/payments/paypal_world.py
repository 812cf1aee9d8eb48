"""A shop that takes PayPal, the running peer, and the way of its webhooks into our functions."""

import base64
import json
import os
from dataclasses import dataclass
from typing import Any

import boto3

from comanda import wiring
from tests.functional.conftest import Answer
from tests.functional.payments.world import World
from tests.functional.shop import place, set_section, stock_product
from tests.payments.fake import FakeProvider
from tests.peers.paypal import PayPalPeer
from tests.peers.receiver import Received, Receiver, event_type, until


@dataclass
class PayPalWorld:
    call: Any
    peer: PayPalPeer
    receiver: Receiver

    def __post_init__(self) -> None:
        self.shop = World(FakeProvider(), wiring.now)
        set_section("payments.paypal", enabled=True)
        stock_product()

    def place(self, key: str = "key-1") -> dict[str, Any]:
        return place(self.call, key, payment_method="paypal")

    def pay_again(self, placed: dict[str, Any]) -> Answer:
        answer: Answer = self.call(
            "customer_order",
            "POST",
            f"/orders/{placed['order_id']}/payments",
            {"payment_method": "paypal"},
            headers={"Authorization": f"Bearer {placed['access_token']}"},
        )
        return answer

    def settle(self, order_id: str, kind: str) -> list[str]:
        """Carry out what is wanted of this kind, twice over; the states after."""
        wanted = [e for e in self.shop.loaded(order_id).effects if e.kind == kind and e.state == "wanted"]
        for effect in wanted:
            assert self.shop.settle(order_id, effect.effect_id)
            assert self.shop.settle(order_id, effect.effect_id)
        return [self.shop.effect(order_id, effect.effect_id).state for effect in wanted]

    def came(self, *types: str) -> list[Received]:
        """What the peer has sent so far, once these types are among it."""
        until(lambda: {*types} <= {event_type(one) for one in self.receiver.accepted()})
        return self.receiver.accepted()

    def receive(self, raw: bytes, headers: dict[str, str], *, encoded: bool = False) -> Answer:
        """The webhook function, given what the peer sent; `encoded` as the gateway does with some bodies."""
        told = {name: value for name, value in headers.items() if name.startswith("paypal-")}
        text = base64.b64encode(raw).decode() if encoded else raw.decode()
        return self.shop.receive(raw, "", provider="paypal", headers=told, body=text, isBase64Encoded=encoded)

    def apply(self, event_id: str) -> bool:
        bucket = os.environ["RAW_BUCKET"]
        found = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix="webhooks/payments/paypal/")
        key = next(one["Key"] for one in found["Contents"] if one["Key"].endswith(f"/{event_id}"))
        place = {"bucket": {"name": bucket}, "object": {"key": key}}
        return self.shop.queue("apply_payment_event", {"Records": [{"s3": place}]})

    def hear(self, received: list[Received]) -> None:
        """Hand deliveries to our functions in this order."""
        for number, one in enumerate(received):
            answer = self.receive(one.body, one.headers, encoded=number % 2 == 1)
            assert answer.status == 200, answer.text
            assert self.apply(json.loads(one.body)["id"])

    def captured(self, order_id: str) -> list[int]:
        return [e.amount for e in self.shop.order(order_id).ledger if e.kind == "capture"]

    def at_paypal(self) -> list[dict[str, Any]]:
        """Captures as PayPal has them, of all orders."""
        units = [order["purchase_units"][0].get("payments", {}) for order in self.peer.all()]
        return [capture for unit in units for capture in unit.get("captures", [])]
