"""What a function answers: JSON, pages, files, and the way on after a form."""

import base64
import json
from typing import Any, Protocol

from aws_lambda_powertools.event_handler import Response


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def answer(
    body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response[dict[str, Any]]:
    """A JSON answer with a status and headers."""
    return Response(status, "application/json", body, dict(headers or {}))


def replayed(before: bool) -> dict[str, str]:
    """The header of an answer that was given before to the same request under its key."""
    return {"Idempotent-Replay": "true"} if before else {}


def answers(status: int, description: str) -> dict[int, Any]:
    """What OpenAPI says of a route's success; every other answer is a problem document."""
    content = {"application/json": {"schema": {"type": "object", "additionalProperties": True}}}
    return {status: {"description": description, "content": content}}


class Shown(Protocol):
    """A page as it goes out."""

    @property
    def html(self) -> str: ...

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> dict[str, str]: ...


def page(shown: Shown) -> Response[Any]:
    """A page for a browser."""
    return Response(shown.status, "text/html; charset=utf-8", shown.html, dict(shown.headers))


def see_other(where: str) -> Response[Any]:
    """Send a browser on after a form was taken, so that reloading sends nothing twice."""
    return Response(303, "text/html; charset=utf-8", "", {"Location": where})


def download(name: str, content: bytes, content_type: str = "text/csv; charset=utf-8") -> Response[Any]:
    """A file to be saved under `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if content_type.startswith(("text/", "application/json")):
        return Response(200, content_type, content, headers)
    # The library reads bytes as text before it sends them; what is encoded already it leaves alone.
    made: Response[Any] = Response(200, content_type, base64.b64encode(content).decode(), headers)
    made.base64_encoded = True
    return made
