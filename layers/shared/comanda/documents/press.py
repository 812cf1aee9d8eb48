"""Where papers are set in type: a function of its own, which alone has the libraries for it."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from comanda.errors import Busy

BUSY = ("TooManyRequestsException", "ServiceException", "EC2ThrottledException", "ResourceNotReadyException")


@dataclass(frozen=True, slots=True)
class Bound:
    """A file in the bucket: its bytes, and their SHA-256."""

    size: int
    sha256: str


class Press(Protocol):
    """`papers` are the format, the head, made_at (UNIX seconds) and the sheets, as JSON has them."""

    def pdf(self, papers: Mapping[str, Any]) -> bytes: ...

    def keep(self, papers: Mapping[str, Any], key: str) -> None:
        """Put the papers into the private bucket as a file of their own."""
        ...

    def bind(self, keys: Sequence[str], key: str) -> Bound:
        """Put kept files together as one, in this order."""
        ...

    def bind_labels(self, keys: Sequence[str], key: str) -> Sequence[str]:
        """Put labels together as one file; of those that cannot be read the keys, and then nothing is put."""
        ...


class PressFault(Exception):
    """The function that sets papers failed: a fault of ours, never of what is on them."""


class LambdaPress:
    """`connect` makes the client of Lambda on first use; `function` is the function's name."""

    def __init__(self, connect: Callable[[], Any], function: str) -> None:
        self._connect = connect
        self._function = function
        self._client: Any = None

    def pdf(self, papers: Mapping[str, Any]) -> bytes:
        """The papers as one file. Raises Busy where trying again helps."""
        return base64.b64decode(self._asked({"papers": dict(papers)})["pdf"])

    def keep(self, papers: Mapping[str, Any], key: str) -> None:
        """As `pdf`, into the bucket. Raises Busy."""
        self._asked({"papers": dict(papers), "to": key})

    def bind(self, keys: Sequence[str], key: str) -> Bound:
        """Kept files as one. Raises Busy."""
        told = self._asked({"bind": list(keys), "to": key})
        return Bound(int(told["size"]), str(told["sha256"]))

    def bind_labels(self, keys: Sequence[str], key: str) -> Sequence[str]:
        """Kept labels as one, or those that are no labels. Raises Busy."""
        told = self._asked({"labels": list(keys), "to": key})
        return [str(one) for one in told.get("unreadable", ())]

    def _asked(self, event: dict[str, Any]) -> dict[str, Any]:
        if self._client is None:
            self._client = self._connect()
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=json.dumps(event).encode())
        except ClientError as error:
            if error.response["Error"]["Code"] in BUSY:
                raise Busy("the papers cannot be set just now") from error
            raise
        except BotoCoreError as error:
            raise Busy("the papers cannot be set just now") from error
        told = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise PressFault(str(told.get("errorType") if isinstance(told, dict) else told))
        return dict(told)
