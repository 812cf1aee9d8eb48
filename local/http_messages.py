"""HTTP/1.1 messages as the front door reads and writes them."""

import asyncio
import json
from dataclasses import dataclass

LARGEST_HEAD = 64 * 1024
CHUNK = 64 * 1024
# Belongs to one connection, not to the message that passes through.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "upgrade", "expect"}
MESSAGES = {
    400: "Bad Request",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


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


async def read_answer_head(source: asyncio.StreamReader) -> Head:
    try:
        answer = await read_head(source)
    except Unreadable as error:
        raise ConnectionResetError from error
    if answer is None:
        raise ConnectionResetError
    return answer


def outgoing(request: Head, api: str, caller: str) -> bytes:
    """The head of a request as it goes on to the deployed API, with whom it came from."""
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


async def refuse(writer: asyncio.StreamWriter, status: int) -> bool:
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
