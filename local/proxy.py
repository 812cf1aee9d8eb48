"""The front door: serves the deployed HTTP API at `/`, passing bodies through as they come."""

import argparse
import asyncio
import json
import signal
from collections import deque
from collections.abc import Callable
from pathlib import Path

from local.http_messages import (
    CHUNK,
    HOP_BY_HOP,
    LARGEST_HEAD,
    Head,
    Unreadable,
    copy_body,
    outgoing,
    read_answer_head,
    read_head,
    refuse,
)
from local.ports import HOST

LARGEST_BODY = 10 * 1024 * 1024  # what API Gateway takes
UPSTREAM_SECONDS = 30  # how long API Gateway waits for a function
IDLE_CONNECTIONS = 64
READING = frozenset({"GET", "HEAD"})

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


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
            return await refuse(writer, refused.status)
        api = self._api_id()
        if api is None:
            return await refuse(writer, 503)
        if request.get("expect").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        stays = request.get("connection").lower() != "close" and request.first[2] == "HTTP/1.1"
        passed_on = outgoing(request, api, writer.get_extra_info("peername")[0])
        body = b"" if request.is_chunked() or length > CHUNK else await reader.readexactly(length)
        try:
            async with asyncio.timeout(UPSTREAM_SECONDS):
                upstream, answer = await self._send(passed_on, request, body, reader)
        except Unreadable as refused:
            return await refuse(writer, refused.status)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return await refuse(writer, 503)
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
            answer = await read_answer_head(upstream[0])
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
            return await refuse(writer, 500)
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
