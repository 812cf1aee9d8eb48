"""Keeps what a client of DynamoDB asks and how it is answered."""

import copy
import json
from base64 import b64encode
from typing import Any

from local.bench.shopper import like


class Recorder:
    """`answers` by kind of request; `requests` in their order."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.requests: list[tuple[str, dict[str, Any]]] = []

    def attach(self, client: Any) -> None:
        client.meta.events.register("before-parameter-build.dynamodb.*", self._before)
        client.meta.events.register("after-call.dynamodb.*", self._after)

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        kept = copy.deepcopy(params)
        self.requests.append((model.name, kept))
        context["bench"] = kept

    def _after(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        body = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        self.answers[like(model.name, context["bench"])] = json.dumps(body, default=_wire)


def _wire(value: bytes) -> str:
    """Bytes as they travel in JSON."""
    return b64encode(value).decode()
