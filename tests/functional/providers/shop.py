"""Our functions between the running peers and moto: gateway, notifications, queues, crashes, the clock."""

import base64
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from comanda import crash, wiring
from comanda.inbox.bodies import Bodies
from comanda.orders.model import Order
from comanda.orders.verify_history import verify_history
from functions.reconcile_payments.app import lambda_handler as reconcile
from tests.functional.conftest import Call, http_event
from tests.functional.payments.world import Crash, World
from tests.functional.providers.sides import Record, Side
from tests.functional.shop import place, set_section
from tests.payments.fake import FakeProvider
from tests.peers.mercadopago import MercadoPagoPeer

MOST_TRIES = 30
LEASE_OVER = 125  # seconds after which a claim that was left behind may be taken over
PATIENCE = 20.0


@dataclass
class Clock:
    """The time of day, moved on by a test."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def on(self, **span: float) -> None:
        self.ahead += timedelta(**span)


@dataclass
class Shop:
    """`notes` are S3's notifications that wait in the queue: bucket, key, how often they came."""

    call: Call
    peers: MercadoPagoPeer
    sides: dict[str, Side]
    clock: Clock
    notes: list[tuple[str, str, int]] = field(default_factory=list)
    crashes: Counter[str] = field(default_factory=Counter)
    answered: list[tuple[str, int]] = field(default_factory=list)  # provider, status of each delivery
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    died: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = World(FakeProvider(), self.clock)
        self._one = threading.RLock()  # the hook for crashes is one for all threads

    # -- what AWS does ------------------------------------------------------------------------------

    def gateway(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """A peer's delivery on its way into our function; every other body arrives encoded."""
        at = urlsplit(path)
        event = http_event("POST", at.path, None, headers, dict(parse_qsl(at.query)))
        encoded = len(body) % 2 == 1
        event |= {
            "body": base64.b64encode(body).decode() if encoded else body.decode(),
            "isBase64Encoded": encoded,
        }
        handler = import_module("functions.payment_webhook.app").lambda_handler
        with self._one:
            try:
                status = int(handler(event, None)["statusCode"])
            except Crash:
                status = 502
            self.answered.append((at.path.rpartition("/")[2], status))
        return status

    def storing(self, put: Callable[..., None]) -> Callable[..., None]:
        """S3, which tells the queue of every object that was put."""

        def told(bodies: Bodies, bucket: str, key: str, *rest: Any) -> None:
            put(bodies, bucket, key, *rest)
            if key.startswith("webhooks/"):
                self.notes.append((bucket, key, 1))

        return told

    def work(self) -> None:
        """Work off the queue in any order, some messages twice; what dies or fails comes again."""
        again = {note for note in self.notes if self.chance.random() < 0.4}
        self.notes += again
        while self.notes:
            bucket, key, count = self.notes.pop(self.chance.randrange(len(self.notes)))
            assert count < MOST_TRIES, f"{key} is never applied"
            if not self.applied(bucket, key, count):
                self.notes.append((bucket, key, count + 1))

    def applied(self, bucket: str, key: str, count: int) -> bool:
        """One notification is worked off; False when it has to come again."""
        body = {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": key}}}]}
        record = {
            "messageId": "m",
            "attributes": {"ApproximateReceiveCount": str(count)},
            "body": json.dumps(body),
        }
        handler = import_module("functions.apply_payment_event.app").lambda_handler
        with self._one:
            try:
                return bool(handler({"Records": [record]}, None) == {"batchItemFailures": []})
            except Crash:
                return False

    def settle(self, order_id: str) -> None:
        """Carry out what the order wants of its provider; a claim left behind is taken over in time."""
        for _ in range(MOST_TRIES):
            open_ones = [e for e in self.world.loaded(order_id).effects if e.kind.startswith("payment.")]
            states = [(e.effect_id, e.state) for e in open_ones if e.state in ("wanted", "claimed")]
            if not states:
                return
            if all(state == "claimed" for _, state in states):
                self.clock.on(seconds=LEASE_OVER)
            for effect_id, _ in states:
                with self._one:
                    try:
                        self.world.settle(order_id, effect_id)
                    except Crash:
                        continue
        raise AssertionError(f"never done: {states}")

    def sweep(self, code: str) -> list[str]:
        """The scheduled look at the providers; the payments that no webhook had told."""
        looked = reconcile({}, None)[code]
        assert looked["done"]
        missed: list[str] = looked["missed"]
        return missed

    @contextmanager
    def crashing(self) -> Iterator[None]:
        def hook(name: str) -> None:
            if self.crashes[name] > 0:
                self.crashes[name] -= 1
                self.died.append(name)
                raise Crash(name)

        crash.hook = hook
        try:
            yield
        finally:
            crash.hook = None

    def side(self, name: str) -> Side:
        """One way to pay; Stripe's page is one that the shop has to choose."""
        if name == "stripe_page":
            set_section("payments.stripe", enabled=True, pay_on="provider")
        return self.sides[name]

    # -- what happens -------------------------------------------------------------------------------

    def place(self, side: Side, key: str, **changes: Any) -> tuple[str, str]:
        """An order and its payment at the provider."""
        placed = place(self.call, key, payment_method=side.code, **changes)
        return placed["order_id"], side.ref(placed["payment_action"])

    def arrive(self, code: str, *, held: bool = False) -> None:
        """Until the peer has nothing more to send; `held`: nor holds anything back."""
        waiting = ("pending", "held") if held else ("pending",)
        deadline = time.monotonic() + PATIENCE
        while True:
            left = [one for one in self.peers.deliveries(f"?peer={code}") if one["status"] in waiting]
            if not left:
                return
            assert time.monotonic() < deadline, f"never delivered: {left}"
            time.sleep(0.01)

    def hear(self, code: str, order_id: str) -> None:
        """Deliveries come, are worked off, and what follows is carried out, until nothing is left."""
        for _ in range(MOST_TRIES):
            self.arrive(code)
            if not self.notes:
                return
            self.work()
            self.settle(order_id)
        raise AssertionError("webhooks never end")

    # -- what came of it ----------------------------------------------------------------------------

    def order(self, order_id: str) -> Order:
        return self.world.order(order_id)

    def ledger(self, order_id: str) -> Record:
        """What the provider should know as well; a refund that never reached it is none of its own."""
        kinds = ("capture", "refund", "dispute")
        entries = [e for e in self.order(order_id).ledger if e.kind in kinds and e.ref]
        found = {(e.kind, e.ref): (e.amount, e.status) for e in entries}
        assert len(found) == len(entries)
        return found

    def is_whole(self, order_id: str) -> bool:
        """The history's hashes chain, and rebuild what is stored."""
        stored = wiring.orders().as_stored(order_id)
        return verify_history(stored, wiring.orders().written).findings == ()
