"""Where papers are set in type: a function of its own, which alone has the libraries for it."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from comanda.errors import Busy

BUSY = ("TooManyRequestsException", "ServiceException", "EC2ThrottledException", "ResourceNotReadyException")


class Press(Protocol):
    """`papers` are the format, the head, made_at (UNIX seconds) and the sheets, as JSON has them."""

    def pdf(self, papers: Mapping[str, Any]) -> bytes: ...


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
