"""Faults that no local engine shows, injected at the client: conflicts, throttling, lost answers."""

import random
from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import Any

from botocore.exceptions import ReadTimeoutError

from comanda.dynamo.client import client


@dataclass(frozen=True, slots=True)
class _Refused:
    status_code: int = 400


class Faults:
    """Hangs on the shared client. `rate` of the transactions conflict before anything is written, and
    `lost` of those that were written lose their answer; `throttled` of all other calls are refused."""

    def __init__(self, seed: int, *, rate: float = 0.0, lost: float = 0.0, throttled: float = 0.0) -> None:
        self.random = random.Random(seed)
        self.lock = Lock()
        self.rate, self.lost, self.throttled = rate, lost, throttled
        self.counts: Counter[str] = Counter()

    def install(self) -> None:
        events = client().meta.events
        events.register("before-call.dynamodb.TransactWriteItems", self._conflict)
        events.register("after-call.dynamodb.TransactWriteItems", self._lose)
        for call in ("UpdateItem", "BatchGetItem", "GetItem", "Query"):
            events.register(f"before-call.dynamodb.{call}", self._throttle)

    def _hit(self, name: str, rate: float) -> bool:
        with self.lock:
            hit = self.random.random() < rate
            self.counts[name] += hit
        return hit

    def _conflict(self, params: dict[str, Any], **_: Any) -> Any:
        if not self._hit("conflicts", self.rate):
            return None
        error = {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"}
        reasons = [{"Code": "TransactionConflict", "Message": "Transaction is ongoing"}, {"Code": "None"}]
        return _Refused(), {"Error": error, "CancellationReasons": reasons, "ResponseMetadata": {}}

    def _lose(self, http_response: Any, **_: Any) -> None:
        if http_response.status_code < 300 and self._hit("lost answers", self.lost):
            raise ReadTimeoutError(endpoint_url="dynamodb")

    def _throttle(self, **_: Any) -> Any:
        if not self._hit("throttled", self.throttled):
            return None
        error = {"Code": "ThrottlingException", "Message": "Rate exceeded"}
        return _Refused(), {"Error": error, "ResponseMetadata": {}}
