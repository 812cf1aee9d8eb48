"""HTTP control of the line: POST /cuts {after_bytes, count}, GET /cuts, DELETE /cuts."""

import asyncio
import json
from typing import Any

from local.peers.sftp.cut import Line

REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 404: "Not Found"}


class Control:
    """Answers one request per connection; only tests and the peers' control talk to it."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            first = head.split("\r\n", 1)[0].split(" ")
            length = next((int(x[15:]) for x in head.split("\r\n") if x.startswith("content-length:")), 0)
            status, answer = self._answer(first[0].upper(), first[1], await reader.readexactly(length))
            body = b"" if status == 204 else json.dumps(answer).encode()
            writer.write(
                f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the caller went away
        finally:
            writer.close()

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if path != "/cuts":
            return 404, {"error": "there is only /cuts"}
        if method == "DELETE":
            self._line.heal()
            return 204, {}
        if method == "POST":
            try:
                wish = json.loads(body)
                after_bytes, count = int(wish["after_bytes"]), int(wish.get("count", 1))
            except (ValueError, KeyError, TypeError):
                return 400, {"error": "after_bytes and count are whole numbers"}
            if after_bytes < 1 or count < 1:
                return 400, {"error": "after_bytes and count start at 1"}
            self._line.cut(after_bytes, count)
            return 201, self._state()
        return 200, self._state()

    def _state(self) -> dict[str, Any]:
        wanted = self._line.wanted
        waiting = {"after_bytes": wanted.after_bytes, "count": wanted.count} if wanted else None
        return {"waiting": waiting, "broken": self._line.broken}
