"""What AWS does between our functions: the table's stream, the bus, the queue of runs, the executions.

Each part moves only when a test says so, so that a test can leave one standing still.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from comanda import wiring
from functions.order_steps.app import lambda_handler as order_steps
from functions.start_lifecycle.app import lambda_handler as start_lifecycle
from functions.sweep.app import lambda_handler as sweep
from functions.wake_and_publish.app import lambda_handler as wake_and_publish
from tests.functional.mails import queued
from tests.functional.states import StepFunctions


class Bus:
    """EventBridge's client: keeps what it was given; `refuse` makes it keep entries back."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.refuse = 0

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        taken = Entries[: len(Entries) - self.refuse] if self.refuse else Entries
        self.entries += taken
        return {"FailedEntryCount": len(Entries) - len(taken), "Entries": []}

    def told(self, detail_type: str) -> list[dict[str, Any]]:
        return [json.loads(e["Detail"]) for e in self.entries if e["DetailType"] == detail_type]

    def facts(self) -> list[str]:
        effects = ("EffectWanted", "LifecycleWanted")
        return [entry["DetailType"] for entry in self.entries if entry["DetailType"] not in effects]


class Backbone:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = datetime.now(UTC).replace(microsecond=0)
        self.step = order_steps
        self.machine = StepFunctions(lambda event, context: self.step(event, context))
        self.bus = Bus()
        self._images: dict[tuple[str, str], Any] = {}
        self._started = 0
        self._sequence = 0
        real = wiring.aws
        ours: dict[str, Any] = {"stepfunctions": self.machine, "events": self.bus}
        monkeypatch.setattr(wiring, "now", lambda: self.clock)
        monkeypatch.setattr(wiring, "aws", lambda name, **more: ours.get(name) or real(name, **more))

    def later(self, **duration: float) -> None:
        self.clock += timedelta(**duration)

    def records(self) -> list[dict[str, Any]]:
        """What the stream has to tell since it was read last."""
        items = boto3.client("dynamodb").scan(TableName=wiring.orders().table, ConsistentRead=True)["Items"]
        now = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
        changed = [key for key in now.keys() | self._images.keys() if now.get(key) != self._images.get(key)]
        told = [self._record(self._images.get(key), now.get(key)) for key in sorted(changed)]
        self._images = now
        return told

    def _record(self, old: Any, new: Any) -> dict[str, Any]:
        self._sequence += 1
        images = {"OldImage": old, "NewImage": new, "SequenceNumber": str(self._sequence)}
        name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        return {"eventName": name, "dynamodb": {k: v for k, v in images.items() if v is not None}}

    def stream(self) -> list[str]:
        """The stream's reader; answers the sequence numbers of what failed."""
        records = self.records()
        return self.read(records) if records else []

    def read(self, records: list[dict[str, Any]]) -> list[str]:
        answer = wake_and_publish({"Records": records}, None)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def start_runs(self) -> None:
        """The queue of wanted runs."""
        wanted = self.bus.told("LifecycleWanted")
        for detail in wanted[self._started :]:
            assert start_lifecycle(queued(detail, "LifecycleWanted"), None) == {"batchItemFailures": []}
        self._started = len(wanted)

    def settle(self) -> None:
        """Everything moves until nothing is left to do."""
        while True:
            records = self.records()
            if not records:
                return
            assert self.read(records) == []
            self.start_runs()

    def sweep(self, **event: str) -> dict[str, int]:
        return sweep(event, None)


@pytest.fixture
def backbone(clean: None, monkeypatch: pytest.MonkeyPatch) -> Backbone:
    return Backbone(monkeypatch)
