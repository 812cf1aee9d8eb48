"""Requests to DynamoDB in its own words: signed, sent and read without botocore's machinery. See ADR 0101.

Botocore takes as long over a request as the rest of placing an order. Here a request is its JSON, one
signature and one exchange over a kept connection. Only plain answers are read here, and refused
conditions; whatever else comes (a throttled request, a broken connection, expired credentials) is asked
again through botocore, which knows how to repeat it.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from urllib3.exceptions import HTTPError

from comanda.dynamo.signature import Signer
from comanda.dynamo.wire import Wire

OPERATIONS = {
    "get_item": "GetItem",
    "batch_get_item": "BatchGetItem",
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "delete_item": "DeleteItem",
    "query": "Query",
    "transact_get_items": "TransactGetItems",
    "transact_write_items": "TransactWriteItems",
}
REFUSALS = {"ConditionalCheckFailedException", "TransactionCanceledException"}


class Direct:
    """A client of DynamoDB that answers as botocore's does, to which it leaves all that is not everyday.

    Parameters are taken as they are: nobody looks at them before DynamoDB does.
    """

    def __init__(self, boto: Any, wire: Wire, signer: Signer) -> None:
        self.boto, self.wire, self.signer = boto, wire, signer

    def __getattr__(self, name: str) -> Any:
        """Operations are made when they are first asked for; all other attributes are botocore's."""
        found = getattr(self.boto, name)
        if name in OPERATIONS:
            found = partial(self._ask, OPERATIONS[name], found)
            setattr(self, name, found)
        return found

    def _ask(self, operation: str, ask_botocore: Callable[..., Any], **params: Any) -> dict[str, Any]:
        """Raises what botocore raises."""
        body = json.dumps(params, default=_wire_value).encode()
        headers = self.signer.headers(operation, body, datetime.now(UTC))
        try:
            status, content = self.wire.send(headers, body)
            answer = _read(content)
        except (HTTPError, OSError, ValueError):
            return ask_botocore(**params)  # type: ignore[no-any-return]
        if status == 200:
            return answer
        code = str(answer.get("__type", "")).rpartition("#")[2]
        if code not in REFUSALS:
            return ask_botocore(**params)  # type: ignore[no-any-return]
        raise self.boto.exceptions.from_code(code)(_refusal(code, status, answer), operation)


def _refusal(code: str, status: int, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer in the form that botocore gives it."""
    message = answer.get("message") or answer.get("Message") or ""
    told = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return answer | told


def _wire_value(value: Any) -> Any:
    """What JSON has no word for: bytes, and sets of strings."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is nothing that DynamoDB takes")


def _read(content: bytes) -> dict[str, Any]:
    """The answer's JSON, its binary values as bytes. Raises ValueError when it is no JSON."""
    hook = _with_bytes if b'"B"' in content else None
    found: dict[str, Any] = json.loads(content, object_hook=hook)
    return found


def _with_bytes(found: dict[str, Any]) -> dict[str, Any]:
    """An attribute value `{"B": text}`; an attribute that is called B has an object there instead."""
    if len(found) == 1 and isinstance(found.get("B"), str):
        return {"B": b64decode(found["B"])}
    return found
