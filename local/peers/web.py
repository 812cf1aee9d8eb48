"""A small HTTP/1.1 server: requests in, replies out, connections kept alive."""

import json
import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
IDLE_SECONDS = 120


class Refused(Exception):
    """A request that a control route cannot serve, with the status to answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    path_values: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        try:
            value = json.loads(self.body or b"{}")
        except ValueError as error:
            raise Refused(400, "the body is not JSON") from error
        if not isinstance(value, dict):
            raise Refused(400, "the body is not a JSON object")
        return value


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()  # a Set-Cookie header each
    cut: bool = False  # close the connection without a word, as a broken network does


def json_reply(status: int, value: object, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(value, indent=2).encode()
    return Reply(status, body, {"Content-Type": "application/json", **(headers or {})})


type App = Callable[[Request], Reply]


class Router:
    """Finds the handler of a method and path; `{name}` stands for one path segment."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], App]] = []

    def add(self, method: str, pattern: str, handler: App) -> None:
        expression = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        self._routes.append((method, re.compile(expression), handler))

    def __call__(self, request: Request) -> Reply:
        known = [route for route in self._routes if route[1].fullmatch(request.path)]
        for method, pattern, handler in known:
            if method == request.method and (match := pattern.fullmatch(request.path)):
                values = {name: unquote(value) for name, value in match.groupdict().items()}
                return handler(replace(request, path_values=values))
        if known:
            raise Refused(405, f"{request.method} is not served at {request.path}")
        raise Refused(404, f"nothing is served at {request.path}")


class Server:
    """Runs an app on its own threads until `stop`."""

    def __init__(self, host: str, port: int, app: App, name: str) -> None:
        self._http = _Http((host, port), _Handler)
        self._http.app = app
        self.port = int(self._http.server_address[1])
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    app: App


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave in one packet
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS

    def _serve(self) -> None:
        reply = self._answer()
        if reply.cut:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        for cookie in reply.cookies:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _answer(self) -> Reply:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True  # what follows on the wire cannot be told apart
            return json_reply(413 if length.isdigit() else 411, {"error": "a body needs a Content-Length"})
        body = self.rfile.read(int(length))
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        method = "GET" if self.command == "HEAD" else self.command
        try:
            return self.server.app(Request(method, target.path, target.query, headers, body))
        except Refused as refusal:
            return json_reply(refusal.status, {"error": str(refusal)})
        except Exception:
            log.exception("%s %s failed", self.command, target.path)
            return json_reply(500, {"error": "the peer failed; its log says why"})

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)
