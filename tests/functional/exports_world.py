"""A shop that exports: orders written by the core, a clock that is moved, an inbox in memory."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from comanda import wiring
from comanda.exports.exporting import Exporting
from comanda.exports.model import Batch
from comanda.orders.decision import Decision, Sealed
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Order
from comanda.times import stamp
from tests.contracts.inbox import Inbox
from tests.functional.shop import set_section
from tests.unit.exports.made import CONTACT, SHIPPING, order

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1m5Hd5aYp0V3hZ8kq2Ck3oZ6xJ1cE5m6rW5j2G0b8Z"
DESTINATION = {"host": "sftp.example.com", "username": "comanda", "host_key": HOST_KEY}


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Alarm:
    """Wake-up calls by the moved clock, in place of the queue."""

    world: "World"
    calls: list[tuple[datetime, str, int]] = field(default_factory=list)

    def wake(self, batch_id: str, seconds: int = 0, call: int = 0) -> None:
        self.calls.append((self.world.time + timedelta(seconds=seconds), batch_id, call))


class Context:
    """Lambda's, with a time limit: what is left at each look, the last for good."""

    def __init__(self, *seconds: float) -> None:
        self.seconds = list(seconds)

    def get_remaining_time_in_millis(self) -> int:
        left = self.seconds.pop(0) if len(self.seconds) > 1 else self.seconds[0]
        return int(left * 1000)


@dataclass
class World:
    time: datetime = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    inbox: Inbox = field(default_factory=Inbox)
    told: list[Batch] = field(default_factory=list)
    seconds_left: tuple[float, ...] = (600.0,)
    at: Exporting = field(init=False)
    alarm: Alarm = field(init=False)

    def __post_init__(self) -> None:
        self.alarm = Alarm(self)
        self.at = replace(
            wiring.exporting.__wrapped__(),
            now=lambda: self.time,
            runs=self.alarm,
            courier=lambda code, destination: self.inbox.courier,
            notice=self,
        )

    def export_failed(self, batch: Batch) -> None:
        self.told.append(batch)

    # -- orders ------------------------------------------------------------------------------------

    def place(self, order_id: str, *more: Happened, **changes: Any) -> Order:
        """A placed order, written by the store as the desk would."""
        now = stamp(self.time)
        made = order(
            order_id=order_id,
            number=f"P-{order_id}",
            created_at=now,
            updated_at=now,
            version=0,
            announced=True,
        )
        made = replace(made, **changes)
        personal = {"contact": Sealed(CONTACT, "salt"), "shipping": Sealed(SHIPPING, "salt")}
        made = replace(made, personal={name: sealed.digest for name, sealed in personal.items()})
        facts = (Happened("OrderPlaced", {"order": made.to_dict()}), *more)
        return wiring.orders().commit(None, Decision(facts, personal=personal), self.origin)

    def happen(self, order_id: str, type: str, data: dict[str, Any]) -> Order:
        loaded = wiring.orders().load(order_id)
        assert loaded
        return wiring.orders().commit(loaded.order, Decision((Happened(type, data),)), self.origin)

    def order(self, order_id: str) -> Order:
        loaded = wiring.orders().load(order_id)
        assert loaded
        return loaded.order

    @property
    def origin(self) -> Origin:
        return Origin("staff:1", "request:1", stamp(self.time))

    # -- the function ------------------------------------------------------------------------------

    def send(self, message: dict[str, Any]) -> list[str]:
        """Give the handler one message; answers the ids of failed ones."""
        handler = import_module("functions.export_orders.app").lambda_handler
        event = {"Records": [{"messageId": "m1", "body": json.dumps(message)}]}
        answer = handler(event, Context(*self.seconds_left))
        return [item["itemIdentifier"] for item in answer["batchItemFailures"]]

    def work_off(self, most: int = 60) -> int:
        """Follow every wake-up call in its time, until all is quiet; answers how many there were."""
        for done in range(most):
            if not self.alarm.calls:
                return done
            self.alarm.calls.sort()
            due, batch_id, call = self.alarm.calls.pop(0)
            self.time = max(self.time, due)
            assert self.send({"kind": "run", "batch_id": batch_id, "call": call}) == []
        raise AssertionError(f"still not quiet: {self.alarm.calls}")

    def batch(self, batch_id: str) -> Batch:
        return self.at.batches.get(batch_id)


def use_destination(**changes: Any) -> None:
    set_section("exports", destinations={"erp": DESTINATION | changes})


@pytest.fixture
def world(aws: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """One destination, its server in memory, and the functions wired to it."""
    use_destination()
    made = World()
    monkeypatch.setattr(wiring, "exporting", lambda: made.at)
    return made
