"""The shop with a payment provider in memory: webhooks, queues and time at the test's command."""

import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

import boto3

from comanda import crash, wiring
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.times import stamp
from tests.functional.conftest import Answer, http_event
from tests.payments.fake import FakeProvider

SECRET = "whsec_new"


class Crash(BaseException):
    """A killed process: nothing catches it."""


@dataclass
class Clock:
    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 18, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def on(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class World:
    bank: FakeProvider
    clock: Any
    events: int = 0

    # -- looking ------------------------------------------------------------------------------------

    def loaded(self, order_id: str) -> Loaded:
        return wiring.desk().load(order_id)

    def order(self, order_id: str) -> Order:
        return self.loaded(order_id).order

    def effect(self, order_id: str, effect_id: str) -> Outgoing:
        return next(e for e in self.loaded(order_id).effects if e.effect_id == effect_id)

    def mails(self, order_id: str) -> list[str]:
        return sorted(e.data["event"] for e in self.loaded(order_id).effects if e.kind == "mail")

    def history(self, order_id: str) -> list[str]:
        return [fact.type for fact in wiring.orders().facts(order_id)]

    def inbox(self) -> dict[str, tuple[str, str]]:
        records, _ = wiring.inbox().store.recent(limit=100)
        return {record.event_id: (record.state, record.problem) for record in records}

    # -- doing --------------------------------------------------------------------------------------

    def run(self, order_id: str, decide: Any, actor: str = "staff:1") -> None:
        wiring.desk().run(order_id, decide, Origin(actor, "test", stamp(self.clock())))

    def queue(self, function: str, body: Any) -> bool:
        """Give a queue's function one message; True when it was taken."""
        record = {"messageId": "m-1", "body": json.dumps(body)}
        handler = import_module(f"functions.{function}.app").lambda_handler
        answer: dict[str, Any] = handler({"Records": [record]}, None)
        return answer == {"batchItemFailures": []}

    def settle(self, order_id: str, effect_id: str, kind: str = "payment.any") -> bool:
        detail = {"order_id": order_id, "effect_id": effect_id, "kind": kind}
        return self.queue("settle_payment", {"detail-type": "EffectWanted", "detail": detail})

    def body(self, ref: str, event_type: str = "payment_intent.succeeded", event_id: str = "") -> bytes:
        self.events += 1
        thing = {"object": "payment_intent", "id": ref}
        event = {"id": event_id or f"evt_{self.events}", "type": event_type, "data": {"object": thing}}
        return json.dumps(event | {"created": int(self.clock().timestamp())}).encode()

    def signature(self, raw: bytes, secret: str = SECRET, age: int = 0) -> str:
        at = int(self.clock().timestamp()) - age
        mac = hmac.new(secret.encode(), f"{at}.".encode() + raw, sha256).hexdigest()
        return f"t={at},v1={mac}"

    def receive(self, raw: bytes, header: str | None = None, **more: Any) -> Answer:
        """The webhook function, given these bytes."""
        signed = self.signature(raw) if header is None else header
        event = http_event("POST", f"/webhooks/payments/{more.pop('provider', 'stripe')}", None)
        event["headers"] |= {"stripe-signature": signed} | more.pop("headers", {})
        event |= {"body": raw.decode(errors="surrogateescape")} | more
        answer = import_module("functions.payment_webhook.app").lambda_handler(event, None)
        return Answer(answer["statusCode"], answer.get("headers") or {}, answer.get("body") or "")

    def apply(self, event_id: str) -> bool:
        """What S3 tells the queue once a webhook is stored."""
        return self.queue("apply_payment_event", {"Records": [self.stored(event_id)]})

    def stored(self, event_id: str) -> dict[str, Any]:
        """Where a webhook was stored, as S3 tells it."""
        bucket = os.environ["RAW_BUCKET"]
        found = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix="webhooks/payments/stripe/")
        key = next(one["Key"] for one in found["Contents"] if one["Key"].endswith(f"/{event_id}"))
        return {"s3": {"bucket": {"name": bucket}, "object": {"key": key}}}

    def webhook(self, ref: str, event_id: str = "") -> bool:
        """A webhook about a payment, received and applied."""
        raw = self.body(ref, event_id=event_id)
        assert self.receive(raw).status == 200
        return self.apply(json.loads(raw)["id"])

    @contextmanager
    def crashing(self, point: str, times: int = 1) -> Iterator[list[str]]:
        """Die at a named point; what is passed is listed."""
        passed: list[str] = []

        def hook(name: str) -> None:
            passed.append(name)
            if name == point and passed.count(name) <= times:
                raise Crash(name)

        crash.hook = hook
        try:
            yield passed
        finally:
            crash.hook = None
