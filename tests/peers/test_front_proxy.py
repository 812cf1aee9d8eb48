"""The front door of the local API, against an upstream that records what reached it."""

import asyncio
import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.ports import HOST, choose
from local.proxy import LARGEST_BODY, Proxy, RouteFile


class Handler(BaseHTTPRequestHandler):
    """Records each request with its upstream and answers what that says."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: "Upstream"

    def setup(self) -> None:
        super().setup()
        self.server.connections.append(self.connection)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def answer(self) -> None:
        body = self.read_body()
        self.server.seen.append(
            {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
        )
        if self.server.hang_ups:
            self.server.hang_ups -= 1
            self.close_connection = True
            return
        status, headers, content = answer_to(self.path, body)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_HEAD = do_OPTIONS = answer

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


def answer_to(path: str, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    if path.endswith("/raise"):
        return 502, [("Content-Type", "application/json")], b'{"errorMessage": "secret insides"}'
    if path.endswith("/nothing"):
        return 204, [], b""
    if path.endswith("/cookies"):
        return 200, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b"ok"
    return 200, [("Content-Type", "application/octet-stream"), ("ETag", '"7"')], body or b"ok"


class Upstream(ThreadingHTTPServer):
    """The API behind the door, and what reached it."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__((HOST, port), Handler)
        self.seen: list[dict[str, Any]] = []
        self.connections: list[socket.socket] = []
        self.hang_ups = 0
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Door:
    port: int
    upstream: Upstream
    route: Path

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    upstream = Upstream()
    route = tmp_path / "route.json"
    route.write_text(json.dumps({"api_id": "abc123"}))
    port = choose(["door"], tmp_path / "ports.json")["door"]
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def open_door() -> None:
        proxy = Proxy(HOST, upstream.port, RouteFile(route))
        server = await asyncio.start_server(proxy.serve, HOST, port)
        ready.set()
        await stopped.wait()
        server.close()
        server.close_clients()
        proxy.close()

    stopped = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(open_door(),))
    thread.start()
    assert ready.wait(5)
    try:
        yield Door(port, upstream, route)
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(5)
        loop.close()
        upstream.stop()


def test_the_api_is_at_the_root(door: Door) -> None:
    status, headers, body = door.ask(
        "GET", "/products?locale=es&a=%C3%A9", headers={"Authorization": "Bearer x"}
    )
    assert (status, headers["ETag"], body) == (200, '"7"', b"ok")
    (seen,) = door.upstream.seen
    assert (seen["method"], seen["path"]) == ("GET", "/_aws/execute-api/abc123/products?locale=es&a=%C3%A9")
    assert seen["headers"]["Authorization"] == "Bearer x"
    assert seen["headers"]["Host"] == f"{HOST}:{door.port}"
    assert seen["headers"]["X-Forwarded-For"] == HOST


def test_who_asked_before_is_kept_in_front(door: Door) -> None:
    door.ask("GET", "/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert door.upstream.seen[0]["headers"]["X-Forwarded-For"] == f"203.0.113.7, {HOST}"


def test_bodies_pass_unchanged_both_ways(door: Door) -> None:
    small, large = bytes(range(256)), bytes(range(256)) * 16_000
    for body in (small, large):
        assert door.ask("POST", "/webhooks/x", body)[2] == body
        assert door.upstream.seen[-1]["body"] == body


def test_a_chunked_body_passes(door: Door) -> None:
    pieces = [b"a" * 70_000, b"b", b"c" * 3]
    connection = http.client.HTTPConnection(HOST, door.port, timeout=10)
    chunked = {"Transfer-Encoding": "chunked"}
    connection.request("PUT", "/upload", iter(pieces), chunked, encode_chunked=True)
    assert connection.getresponse().read() == b"".join(pieces)
    connection.close()


def test_an_error_of_a_function_shows_nothing_of_its_insides(door: Door) -> None:
    status, headers, body = door.ask("GET", "/raise")
    assert (status, json.loads(body)) == (500, {"message": "Internal Server Error"})
    assert headers["Content-Type"] == "application/json"


def test_answers_without_body_and_with_two_cookies(door: Door) -> None:
    assert door.ask("PUT", "/nothing")[0::2] == (204, b"")
    assert door.ask("HEAD", "/products")[0::2] == (200, b"")
    assert door.ask("GET", "/cookies")[1].get_all("Set-Cookie") == ["a=1", "b=2"]


def test_what_api_gateway_does_not_take_is_refused_unread(door: Door) -> None:
    status, _, body = door.ask("POST", "/x", b"", {"Content-Length": str(LARGEST_BODY + 1)})
    assert (status, json.loads(body)) == (413, {"message": "Request Entity Too Large"})
    assert door.upstream.seen == []


@pytest.mark.parametrize(
    "raw",
    [
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(door: Door, raw: bytes) -> None:
    connection = http.client.HTTPConnection(HOST, door.port, timeout=10)
    connection.connect()
    connection.sock.sendall(raw)
    assert connection.sock.recv(100).startswith(b"HTTP/1.1 400 ")
    connection.close()
    assert door.upstream.seen == []


def test_before_the_stack_stands_it_asks_for_patience(door: Door) -> None:
    door.route.unlink()
    assert door.ask("GET", "/products")[0] == 503
    door.route.write_text(json.dumps({"api_id": "next"}))
    assert door.ask("GET", "/products")[0] == 200
    assert door.upstream.seen[-1]["path"] == "/_aws/execute-api/next/products"


def test_it_outlives_the_api_behind(door: Door) -> None:
    assert door.ask("GET", "/products")[0] == 200
    door.upstream.stop()
    assert door.ask("GET", "/products")[0] == 503
    again = Upstream(door.upstream.port)
    assert door.ask("GET", "/products")[0] == 200
    again.stop()


def test_a_request_is_sent_once_even_if_its_answer_is_lost(door: Door) -> None:
    """A second try could place a second order: the caller decides, with its idempotency key."""
    door.upstream.hang_ups = 1
    assert door.ask("POST", "/orders", b"{}")[0] == 503
    assert [seen["path"] for seen in door.upstream.seen] == ["/_aws/execute-api/abc123/orders"]


def test_it_reuses_its_connections(door: Door) -> None:
    def ask_often(number: int) -> None:
        connection = http.client.HTTPConnection(HOST, door.port, timeout=10)
        for _ in range(100):
            connection.request("GET", "/products")
            assert connection.getresponse().read() == b"ok"
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask_often, range(4)))
    assert len(door.upstream.connections) <= 8


def test_what_only_reads_is_asked_again_when_its_connection_was_just_closing(door: Door) -> None:
    door.upstream.hang_ups = 1
    assert door.ask("GET", "/products")[0] == 200
    assert len(door.upstream.seen) == 2
    door.upstream.hang_ups = 2
    assert door.ask("GET", "/products")[0] == 503
