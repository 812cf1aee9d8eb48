"""Printing in tests: whoever asks the documents function gets it in this process."""

import io
import json
from typing import Any

from botocore.exceptions import ClientError

from comanda import wiring


class Functions:
    """The client of Lambda. `asked` is what was sent; `fault` is raised, or answered, instead."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fault = ""
        self.broken = False

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        from functions.documents.app import lambda_handler

        assert FunctionName == "documents"
        if self.fault:
            raise ClientError({"Error": {"Code": self.fault}}, "Invoke")
        if self.broken:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorType": "TypstError"}')}
        self.asked.append(json.loads(Payload))
        answer = json.dumps(lambda_handler(json.loads(Payload), None)).encode()
        assert len(answer) < 6_000_000, "Lambda answers no more"
        return {"Payload": io.BytesIO(answer)}


def printing_here(patch: Any) -> Functions:
    """The documents function answers within this process; `patch` is pytest's monkeypatch."""
    functions, others = Functions(), wiring.aws
    patch.setattr(wiring, "aws", lambda name, **more: functions if name == "lambda" else others(name, **more))
    return functions
