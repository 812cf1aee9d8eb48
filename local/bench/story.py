"""One order of three lines from the checkout to its end, through the real handlers.

The state machine's own definition decides which step comes next; its waits are answered as on AWS, by
what the handlers do. The rest of the outside (provider, bus, mail) is in memory.
"""

import hashlib
import hmac
import json
import os
from importlib import import_module
from typing import Any
from urllib.parse import quote_plus

import boto3

from comanda import wiring
from comanda.workflow.executions import Executions
from comanda.workflow.publish import Bus
from local.bench.meter import Meter
from tests.functional.conftest import Answer, http_event
from tests.functional.mails import ses_event
from tests.functional.payments.world import World
from tests.functional.shop import CUSTOMER, order_body, stock_product
from tests.functional.staff import command, show
from tests.payments.fake import FakeProvider
from tests.unit.template.described import WORKFLOW
from tests.unit.template.walker import walk

SKUS = ("CAFE-1", "CAFE-2", "TAZA-1")
EXECUTION = f"arn:aws:states:us-east-1:123456789012:execution:order_lifecycle:{'e' * 28}"
type Parcels = tuple[tuple[str, tuple[str, ...]], ...]

ONE_PARCEL: Parcels = (("794000000001", SKUS),)
TWO_PARCELS: Parcels = (("794000000001", SKUS[:2]), ("794000000002", SKUS[2:]))


class Outside:
    """Bus and state machine: keeps what it is told."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.started: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, str]] = {}

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, int]:
        self.entries += Entries
        return {"FailedEntryCount": 0}

    def start_execution(self, input: str, name: str, **_: Any) -> dict[str, str]:
        self.started.append(json.loads(input))
        return {"executionArn": f"arn:aws:states:us-east-1:123456789012:execution:order_lifecycle:{name}"}

    def send_task_success(self, taskToken: str, output: str) -> None:
        self.answers[taskToken] = json.loads(output)

    def send_task_failure(self, **failure: Any) -> None:
        raise AssertionError(failure)


def call(function: str, method: str, path: str, body: Any = None, **more: Any) -> Answer:
    handler = import_module(f"functions.{function}.app").lambda_handler
    answer = handler(http_event(method, path, body, **more), None)
    assert answer["statusCode"] < 400, answer
    return Answer(answer["statusCode"], answer.get("headers") or {}, answer.get("body") or "")


class Story:
    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.outside = Outside()
        self.bank = FakeProvider()
        self.world = World(self.bank, wiring.now)
        self.told = 0
        self.order_id = ""
        self.turn = 0
        self.scans = 0
        self.parcels = ONE_PARCEL
        bus, executions = Bus(self.outside, "bus"), Executions(self.outside, _machine)
        vars(wiring).update(bus=lambda: bus, executions=lambda: executions, provider=lambda code: self.bank)
        for sku in SKUS:
            stock_product(sku, units=1000)

    def tell(self, parcels: Parcels = ONE_PARCEL) -> list[str]:
        """Run it all, each time for another guest; the states that the execution entered."""
        self.turn += 1
        self.parcels = parcels
        with self.meter.during("place"):
            body = order_body(
                payment_method="stripe",
                lines=[{"sku": sku, "quantity": 1} for sku in SKUS],
                customer=CUSTOMER | {"email": f"ana.{self.turn}@example.com"},
                comment="Sin prisa",
            )
            key = {"Idempotency-Key": f"key-{self.turn}"}
            placed = call("place_order", "POST", "/orders", body, headers=key)
        self.order_id = placed.body["order_id"]
        self._drain()
        return walk(WORKFLOW, self.outside.started[-1], self._task)

    # -- the state machine -------------------------------------------------------------------------

    def _task(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        token = f"{payload['step']}-{self.turn}-{'t' * 700}"  # as long as a real one
        payload |= {
            "token": token,
            "execution": f"arn:aws:states:us-east-1:123456789012:execution:x:{'e' * 40}",
        }
        with self.meter.during("waits"):
            result: dict[str, Any] = import_module("functions.order_steps.app").lambda_handler(payload, None)
        self._drain()
        if payload["step"] == "close":
            return result
        if token not in self.outside.answers:
            getattr(self, f"_{payload['step']}")()
        return self.outside.answers[token]

    def _verification(self) -> None:
        self._act("verify", "verify_email", "POST", "/verify-email", {"token": self._mailed("verify")})

    def _approval(self) -> None:
        body = {"token": self._mailed("approve"), "decision": "approve"}
        self._act("approve", "approve_order", "POST", "/approve-order", body)

    def _payment(self) -> None:
        ref = list(self.bank.payments)[-1]
        self.bank.pay(ref)
        with self.meter.during("pay"):
            assert self.world.webhook(ref)
        self._drain()

    def _fulfilment(self) -> None:
        for number, skus in self.parcels:
            lines = [{"sku": sku, "quantity": 1} for sku in skus]
            body = {"lines": lines, "carrier": "fedex", "tracking_number": f"{number}{self.turn}"}
            version = show(call, self.order_id)["version"]
            with self.meter.during("ship"):
                assert command(call, self.order_id, "ship", body, version=version).status == 200
            self._drain()

    def _delivery(self) -> None:
        for status, hour in (("in_transit", 10), ("delivered", 15)):
            for number, _ in self.parcels:
                with self.meter.during("scans"):
                    self._scan(f"{number}{self.turn}", status, hour)
                self._drain()

    def export(self) -> None:
        """What an export writes on the order once its file has arrived."""
        from comanda.exports.mark import exported
        from comanda.exports.model import Batch, Ref
        from comanda.orders.facts import Origin
        from comanda.times import stamp

        at = stamp(wiring.now())
        batch = Batch("b1", "erp", "lines", "machine", ",", at, "bench")
        ref = Ref(self.order_id, wiring.desk().load(self.order_id).order.version, "new")
        with self.meter.during("export mark"):
            wiring.desk().run(
                self.order_id, lambda loaded: exported(loaded, ref, batch), Origin("system", "export:b1", at)
            )
        self._drain()

    # -- what the outside does ---------------------------------------------------------------------

    def _act(self, part: str, *request: Any) -> None:
        with self.meter.during(part):
            call(*request)
        self._drain()

    def _mailed(self, purpose: str) -> str:
        effects = wiring.desk().load(self.order_id).effects
        mark = next(e.data["links"][purpose] for e in effects if purpose in e.data.get("links", {}))
        token = wiring.keys().link_with_hash(purpose, self.order_id, mark["serial"], mark["hash"])
        assert token
        return token

    def _scan(self, number: str, status: str, hour: int) -> None:
        self.scans += 1
        detail = {"status": status, "datetime": f"2036-11-22T{hour}:00:00Z"}
        tracker = {
            "tracking_code": number,
            "carrier": "FedEx",
            "status": status,
            "tracking_details": [detail],
        }
        event = {"id": f"evt_scan_{self.scans}", "description": "tracker.updated", "result": tracker}
        body = json.dumps(event | {"created_at": "2036-11-22T12:00:00Z"})
        digest = hmac.new(b"carrier-secret", body.encode(), hashlib.sha256).hexdigest()
        headers = {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}
        call("carrier_webhook", "POST", "/webhooks/carriers/easypost", body, headers=headers)
        bucket = os.environ["RAW_BUCKET"]
        found = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix="webhooks/carriers/")["Contents"]
        key = next(one["Key"] for one in found if event["id"] in one["Key"])
        message = {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": quote_plus(key)}}}]}
        assert self.world.queue("apply_carrier_event", message)

    def _drain(self) -> None:
        """Stream, bus and queues until all is quiet."""
        while (records := self.meter.changes[self.told :]) or self.outside.entries:
            self.told += len(records)
            for part, function in (("waits", "wake_and_publish"), ("search tokens", "project_search")):
                handler = import_module(f"functions.{function}.app").lambda_handler
                with self.meter.during(part):
                    assert handler({"Records": records}, None) == {"batchItemFailures": []}
            entries, self.outside.entries[:] = list(self.outside.entries), []
            for entry in entries:
                self._deliver(entry)

    def _deliver(self, entry: dict[str, Any]) -> None:
        detail = json.loads(entry["Detail"])
        message = {"detail-type": entry["DetailType"], "detail": detail}
        if entry["DetailType"] == "LifecycleWanted":
            with self.meter.during("waits"):
                assert self.world.queue("start_lifecycle", message)
        elif detail.get("kind") == "mail":
            with self.meter.during("mails"):
                self._send(message, detail)
        elif str(detail.get("kind")).startswith("payment."):
            with self.meter.during("payment effects"):
                assert self.world.queue("settle_payment", message)

    def _send(self, message: dict[str, Any], detail: dict[str, str]) -> None:
        assert self.world.queue("send_mail", message)
        from comanda.conversation.mime import tag

        tags = {"order": tag(detail["order_id"]), "effect": tag(detail["effect_id"])}
        sent = ses_event("Send", tags)
        assert import_module("functions.record_mail_event.app").lambda_handler(sent, None) == {
            "batchItemFailures": []
        }


def _machine() -> str:
    return os.environ["LIFECYCLE_STATE_MACHINE"]
