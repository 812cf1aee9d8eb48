"""Faults between our DynamoDB client and the tables, such as no local engine shows by itself.

Botocore's `before-send` hook answers in DynamoDB's place, or sends the request itself and loses the
answer; botocore's and our own repeats see it as they would see the real thing. Seeded, so a run with
one thread can be had again.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from botocore.httpsession import URLLib3Session

PREFIX = "com.amazonaws.dynamodb.v20120810#"
READS = ("GetItem", "Query", "BatchGetItem")


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def refusal(url: str, code: str, **more: Any) -> AWSResponse:
    """DynamoDB's answer that says no."""
    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.0"
    body = {"__type": PREFIX + code, "message": f"{code} (injected)"} | more
    return AWSResponse(url, 400, headers, _Body(json.dumps(body).encode()))


@dataclass
class Faults:
    """Shares of the requests that meet each fault, from 0 to 1."""

    seed: int = 1
    conflicts: float = 0.0  # of transactions: cancelled for a conflict with another one
    throttled: float = 0.0
    lost_answers: float = 0.0  # carried out, but the connection breaks before the answer
    unreachable: float = 0.0  # never sent
    stale: float = 0.0  # of eventually consistent reads: answered as the time before
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()
        self._earlier: dict[bytes, AWSResponse] = {}
        self._session = URLLib3Session(max_pool_connections=50)

    @contextmanager
    def on(self, client: Any) -> Iterator["Faults"]:
        """Let the client meet these faults."""
        client.meta.events.register_first("before-send.dynamodb", self.meet)
        try:
            yield self
        finally:
            client.meta.events.unregister("before-send.dynamodb", self.meet)

    def meet(self, request: Any, **_: Any) -> AWSResponse | None:
        """botocore's hook: None lets the request go its way."""
        operation = _text(request.headers["X-Amz-Target"]).rpartition(".")[2]
        body = json.loads(request.body)
        if operation == "TransactWriteItems" and self._happens("conflicts"):
            return refusal(request.url, "TransactionCanceledException", **self._conflict(body))
        if self._happens("throttled"):
            return refusal(request.url, "ThrottlingException")
        if self._happens("unreachable"):
            raise EndpointConnectionError(endpoint_url=request.url)
        if self._happens("lost_answers"):
            self._session.send(request)
            raise ConnectionClosedError(endpoint_url=request.url)
        if self.stale and operation in READS and not _consistent(body):
            return self._perhaps_stale(request)
        return None

    def _happens(self, name: str) -> bool:
        with self._lock:
            happens = self._random.random() < getattr(self, name)
            self.met[name] += happens
        return happens

    def _conflict(self, body: dict[str, Any]) -> dict[str, Any]:
        reasons: list[dict[str, Any]] = [{"Code": "None"} for _ in body["TransactItems"]]
        with self._lock:
            reasons[self._random.randrange(len(reasons))] = {
                "Code": "TransactionConflict",
                "Message": "Transaction is ongoing for the item",
            }
        return {"CancellationReasons": reasons}

    def _perhaps_stale(self, request: Any) -> AWSResponse:
        earlier = self._earlier.get(request.body)
        if earlier is not None and self._happens("stale"):
            return earlier
        fresh: AWSResponse = self._session.send(request)
        content = fresh.content
        self._earlier[request.body] = AWSResponse(fresh.url, fresh.status_code, fresh.headers, _Body(content))
        return fresh


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _consistent(body: dict[str, Any]) -> bool:
    tables = body.get("RequestItems", {}).values()
    return bool(body.get("ConsistentRead")) or any(table.get("ConsistentRead") for table in tables)
