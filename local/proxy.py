"""The front door: serves the deployed HTTP API at `/`, passing bodies through as they come."""

import argparse
import asyncio
import json
import signal
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.ports import HOST

LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 10 * 1024 * 1024  # what API Gateway takes
UPSTREAM_SECONDS = 30  # how long API Gateway waits for a function
CHUNK = 64 * 1024
IDLE_CONNECTIONS = 64
# Belongs to one connection, not to the message that passes through.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "upgrade", "expect"}
READING = frozenset({"GET", "HEAD"})
MESSAGES = {
    400: "Bad Request",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Unreadable(Exception):
    """What arrived is not HTTP/1.1 as this proxy speaks it; carries the status to answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Head:
    """The first line and headers of a request or answer."""

    first: list[str]
    headers: list[tuple[str, str]]

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def length(self) -> int:
        try:
            return int(self.get("content-length") or 0)
        except ValueError as error:
            raise Unreadable(400) from error

    def is_chunked(self) -> bool:
        return "chunked" in self.get("transfer-encoding").lower()

    def wire(self) -> bytes:
        lines = [" ".join(self.first), *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Proxy:
    """Forwards each request to the API behind; keeps idle connections to it for the next."""

    def __init__(self, host: str, port: int, api_id: Callable[[], str | None]) -> None:
        self._host = host
        self._port = port
        self._api_id = api_id
        self._idle: deque[Streams] = deque()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass  # the caller went away; there is nobody to tell
        finally:
            writer.close()

    def close(self) -> None:
        """Let go of the idle connections."""
        while self._idle:
            self._idle.pop()[1].close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the caller's connection stays open."""
        try:
            request = await read_head(reader)
            if request is None:
                return False
            length = request.length()
            if length > LARGEST_BODY:
                raise Unreadable(413)
        except Unreadable as refused:
            return await _answer(writer, refused.status)
        api = self._api_id()
        if api is None:
            return await _answer(writer, 503)
        if request.get("expect").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        stays = request.get("connection").lower() != "close" and request.first[2] == "HTTP/1.1"
        passed_on = _outgoing(request, api, writer.get_extra_info("peername")[0])
        body = b"" if request.is_chunked() or length > CHUNK else await reader.readexactly(length)
        try:
            async with asyncio.timeout(UPSTREAM_SECONDS):
                upstream, answer = await self._send(passed_on, request, body, reader)
        except Unreadable as refused:
            return await _answer(writer, refused.status)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return await _answer(writer, 503)
        return await self._pass_back(upstream, answer, request.first[0], writer) and stays

    async def _send(
        self, passed_on: bytes, request: Head, body: bytes, reader: asyncio.StreamReader
    ) -> tuple[Streams, Head]:
        """Send once, over an idle connection if one is open: a second try could place a second order.

        What only reads is sent again when its connection was being closed at the other end just then.
        """
        try:
            return await self._send_over(await self._connection(), passed_on, request, body, reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            if request.first[0] not in READING or request.length() or request.is_chunked():
                raise
            return await self._send_over(await self._fresh(), passed_on, request, body, reader)

    async def _send_over(
        self, upstream: Streams, passed_on: bytes, request: Head, body: bytes, reader: asyncio.StreamReader
    ) -> tuple[Streams, Head]:
        try:
            upstream[1].write(passed_on + body)
            if not body:
                await copy_body(request, reader, upstream[1])
            answer = await _answer_head(upstream[0])
        except BaseException:
            upstream[1].close()
            raise
        return upstream, answer

    async def _connection(self) -> Streams:
        while self._idle:
            upstream = self._idle.pop()
            if not upstream[0].at_eof() and not upstream[1].is_closing():
                return upstream
            upstream[1].close()
        return await self._fresh()

    async def _fresh(self) -> Streams:
        return await asyncio.open_connection(self._host, self._port, limit=LARGEST_HEAD)

    async def _pass_back(
        self, upstream: Streams, answer: Head, method: str, writer: asyncio.StreamWriter
    ) -> bool:
        status = answer.first[1]
        bodiless = method == "HEAD" or status in {"204", "304"}
        if status == "502":
            # A function that raised: API Gateway tells no details and calls it 500.
            await copy_body(answer, upstream[0], None)
            self._keep(upstream, answer)
            return await _answer(writer, 500)
        answer.headers = [(n, v) for n, v in answer.headers if n.lower() not in HOP_BY_HOP]
        writer.write(answer.wire())
        if not bodiless:
            await copy_body(answer, upstream[0], writer)
        await writer.drain()
        self._keep(upstream, answer)
        return True

    def _keep(self, upstream: Streams, answer: Head) -> None:
        if answer.get("connection").lower() == "close" or len(self._idle) >= IDLE_CONNECTIONS:
            upstream[1].close()
        else:
            self._idle.append(upstream)


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise Unreadable(400) from error
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    lines = raw.decode("latin-1").split("\r\n")[:-2]
    first = lines[0].split(" ", 2)
    pairs = [line.partition(":") for line in lines[1:]]
    if len(first) < 2 or any(not found for _, found, _ in pairs):
        raise Unreadable(400)
    return Head([*first, "HTTP/1.1"][:3], [(name, value.strip()) for name, _, value in pairs])


async def copy_body(head: Head, source: asyncio.StreamReader, target: asyncio.StreamWriter | None) -> None:
    """Pass a body on piece by piece, in the form it came in."""
    if head.is_chunked():
        while True:
            line = await source.readline()
            try:
                size = int(line.split(b";")[0], 16)
            except ValueError as error:
                raise Unreadable(400) from error
            piece = line + await source.readexactly(size + 2)
            if target:
                target.write(piece)
                await target.drain()
            if size == 0:
                return
    left = head.length()
    while left:
        piece = await source.read(min(left, CHUNK))
        if not piece:
            raise asyncio.IncompleteReadError(b"", left)
        left -= len(piece)
        if target:
            target.write(piece)
            await target.drain()


async def _answer_head(source: asyncio.StreamReader) -> Head:
    try:
        answer = await read_head(source)
    except Unreadable as error:
        raise ConnectionResetError from error
    if answer is None:
        raise ConnectionResetError
    return answer


def _outgoing(request: Head, api: str, caller: str) -> bytes:
    method, target, _ = request.first
    dropped = {*HOP_BY_HOP, "x-forwarded-for"}
    headers = [(name, value) for name, value in request.headers if name.lower() not in dropped]
    seen = request.get("x-forwarded-for")
    headers += [
        ("X-Forwarded-For", f"{seen}, {caller}" if seen else caller),
        ("X-Forwarded-Proto", "http"),
        ("Connection", "keep-alive"),
    ]
    path = target if target.startswith("/") else "/"
    return Head([method, f"/_aws/execute-api/{api}{path}", "HTTP/1.1"], headers).wire()


async def _answer(writer: asyncio.StreamWriter, status: int) -> bool:
    """An answer in API Gateway's own words; closes the connection, whose rest may be unread."""
    body = json.dumps({"message": MESSAGES[status]}).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    writer.write(Head(["HTTP/1.1", str(status), MESSAGES[status]], headers).wire() + body)
    await writer.drain()
    return False


class RouteFile:
    """The id of the deployed API, which changes when the stack is made anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at = 0
        self._api: str | None = None

    def __call__(self) -> str | None:
        try:
            changed = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if changed != self._read_at:
            self._api = json.loads(self._file.read_text())["api_id"]
            self._read_at = changed
        return self._api


async def run(port: int, upstream_port: int, route: Path) -> None:
    proxy = Proxy(HOST, upstream_port, RouteFile(route))
    server = await asyncio.start_server(proxy.serve, HOST, port, limit=LARGEST_HEAD, backlog=1024)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with server:
        await stopped.wait()
        server.close_clients()
        proxy.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream-port", type=int, required=True)
    parser.add_argument("--route", type=Path, required=True)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.port, chosen.upstream_port, chosen.route))


if __name__ == "__main__":
    main()
