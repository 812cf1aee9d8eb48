"""Faults between our DynamoDB client and the tables, such as no local engine shows by itself.

They stand before the connections of direct requests and, as botocore's `before-send` hook, before its own;
they answer in DynamoDB's place, or send the request and lose the answer, and all repeats see it as they
would see the real thing. Seeded, so a run with one thread can be had again.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import ProtocolError

PREFIX = "com.amazonaws.dynamodb.v20120810#"
type Reply = tuple[int, bytes]  # status and body

READS = ("GetItem", "Query", "BatchGetItem")


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


class Unreachable(Exception):
    """The request was never sent."""


class LostAnswer(Exception):
    """The request was carried out, but the connection broke before the answer."""


def refusal(code: str, **more: Any) -> Reply:
    """DynamoDB's answer that says no."""
    body = {"__type": PREFIX + code, "message": f"{code} (injected)"} | more
    return 400, json.dumps(body).encode()


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
        self._earlier: dict[bytes, Reply] = {}
        self._session = URLLib3Session(max_pool_connections=50)

    @contextmanager
    def on(self, client: Any) -> Iterator["Faults"]:
        """Let the client meet these faults."""
        client.meta.events.register_first("before-send.dynamodb", self._meet_botocore)
        wire = getattr(client, "wire", None)
        if wire:
            client.wire = _Weathered(self, wire)
        try:
            yield self
        finally:
            client.meta.events.unregister("before-send.dynamodb", self._meet_botocore)
            if wire:
                client.wire = wire

    def meet(self, target: str, content: bytes, send: Callable[[], Reply]) -> Reply | None:
        """None lets the request go its way. Raises Unreachable or LostAnswer."""
        operation, body = target.rpartition(".")[2], json.loads(content)
        if operation == "TransactWriteItems" and self._happens("conflicts"):
            return refusal("TransactionCanceledException", **self._conflict(body))
        if self._happens("throttled"):
            return refusal("ThrottlingException")
        if self._happens("unreachable"):
            raise Unreachable
        if self._happens("lost_answers"):
            send()
            raise LostAnswer
        if self.stale and operation in READS and not _consistent(body):
            return self._perhaps_stale(content, send)
        return None

    def _meet_botocore(self, request: Any, **_: Any) -> AWSResponse | None:
        def send() -> Reply:
            answer: AWSResponse = self._session.send(request)
            return answer.status_code, answer.content

        try:
            reply = self.meet(_text(request.headers["X-Amz-Target"]), request.body, send)
        except Unreachable:
            raise EndpointConnectionError(endpoint_url=request.url) from None
        except LostAnswer:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        if reply is None:
            return None
        headers = HTTPHeaders()
        headers["Content-Type"] = "application/x-amz-json-1.0"
        return AWSResponse(request.url, reply[0], headers, _Body(reply[1]))

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

    def _perhaps_stale(self, content: bytes, send: Callable[[], Reply]) -> Reply:
        earlier = self._earlier.get(content)
        if earlier is not None and self._happens("stale"):
            return earlier
        self._earlier[content] = fresh = send()
        return fresh


@dataclass
class _Weathered:
    """Stands where the connections of direct requests stand."""

    faults: Faults
    wire: Any

    def send(self, headers: dict[str, str], body: bytes) -> Reply:
        def send() -> Reply:
            reply: Reply = self.wire.send(headers, body)
            return reply

        try:
            return self.faults.meet(headers["x-amz-target"], body, send) or send()
        except (Unreachable, LostAnswer) as broken:
            raise ProtocolError("the connection broke (injected)") from broken


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _consistent(body: dict[str, Any]) -> bool:
    tables = body.get("RequestItems", {}).values()
    return bool(body.get("ConsistentRead")) or any(table.get("ConsistentRead") for table in tables)
