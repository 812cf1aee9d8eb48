"""Receives webhooks as a merchant's endpoint does, and keeps what came."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    answered: int

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.body)
        return value


class Receiver:
    """Answers `status(received so far)` to each request; 200 unless told otherwise."""

    def __init__(
        self, port: int = 0, status: Callable[[str, dict[str, str], bytes], int] | None = None
    ) -> None:
        self.all: list[Received] = []
        self.status = status or (lambda path, headers, body: 200)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = receiver.status(self.path, headers, body)
                receiver.all.append(Received(self.path, headers, body, time.time(), status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def accepted(self) -> list[Received]:
        return [each for each in self.all if each.answered == 200]

    def wait_for(self, *types: str) -> list[Received]:
        """Until events of exactly these types (in any order) were accepted."""

        def seen() -> list[str]:
            return sorted(event_type(each) for each in self.accepted())

        until(lambda: len(self.accepted()) >= len(types), lambda: f"only {seen()} of {types} came")
        assert seen() == sorted(types)
        return self.accepted()


def event_type(received: Received) -> str:
    told = received.json
    return str(told.get("type") or told.get("event_type") or told["description"])


def until(holds: Callable[[], bool], complaint: Callable[[], str] = lambda: "it never happened") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, complaint()
        time.sleep(0.01)
