"""The running system as an outsider reaches it: its description, plain HTTP, and patience."""

import json
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

REPOSITORY = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.2
PATIENCE_SECONDS = 30.0


class Missed(Exception):
    """Something that was to happen was not seen; says what, what was seen instead, and where to look."""

    def __init__(self, expected: str, seen: object, where: str) -> None:
        super().__init__(f"expected {expected}; seen: {seen}; look at {where}")
        self.expected = expected
        self.seen = seen
        self.where = where


def stack_file() -> Path:
    """Where `make up` describes what runs."""
    return Path(os.environ.get("COMANDA_HOME") or REPOSITORY / ".local") / "stack.json"


def read_stack(file: Path) -> dict[str, Any]:
    if not file.exists():
        raise Missed("a running system", f"no {file}", "`make up`, which starts one")
    stack: dict[str, Any] = json.loads(file.read_text())
    return stack


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP; header names in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    def brief(self) -> str:
        return f"{self.status} {self.content[:600].decode(errors='replace')}"


class Api:
    """One caller of the HTTP API, with or without a bearer token."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self.token = token

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        accept: str = "application/json",
    ) -> Answer:
        """Any answer. `path` may also be a whole address from a mail; `body` bytes or anything for JSON."""
        sent = {"Accept": accept, **(headers or {})}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        url = path if path.startswith("http") else self.url + path
        got = requests.request(method, url, data=data, headers=sent, timeout=40, allow_redirects=False)
        names = {name.lower(): value for name, value in got.headers.items()}
        return Answer(url, got.status_code, names, got.content)

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **more: Any) -> Answer:
        """The answer, which has to have this status."""
        answer = self.send(method, path, body, **more)
        if answer.status != status:
            raise Missed(f"{status} to {method} {answer.url}", answer.brief(), "log/ beside stack.json")
        return answer

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more).body


def fresh_key() -> dict[str, str]:
    """A header that makes one command count once."""
    return {"Idempotency-Key": uuid.uuid4().hex}


def eventually[T](
    look: Callable[[], T], expected: str, where: str, seconds: float = PATIENCE_SECONDS, seen: Any = None
) -> T:
    """The first true answer of `look`. `seen` says what there is instead when time is up."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            there = seen() if seen else found
            raise Missed(f"{expected} within {seconds:.0f} s", there, where)
        time.sleep(POLL_SECONDS)
    return found
