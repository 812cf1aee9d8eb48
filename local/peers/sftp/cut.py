"""The line to the SFTP server: passes every byte on, and breaks off in the middle when told to."""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass

PIECE = 32 * 1024
BACKLOG = 64


@dataclass
class Cut:
    """How far the client gets before the line breaks, and on how many connections."""

    after_bytes: int
    count: int


class Line:
    """Forwards connections; `cut` breaks the next ones after so many bytes from the client."""

    def __init__(self, host: str, port: int, target_port: int) -> None:
        self._host = host
        self._port = port
        self._target_port = target_port
        self._wanted: Cut | None = None
        self._server: asyncio.Server | None = None
        self.broken = 0

    @property
    def wanted(self) -> Cut | None:
        return self._wanted

    def cut(self, after_bytes: int, count: int) -> None:
        self._wanted = Cut(after_bytes, count) if count > 0 else None

    def heal(self) -> None:
        self._wanted = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, self._host, self._port, backlog=BACKLOG)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            self._server.abort_clients()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        limit = self._take()
        try:
            far_reader, far_writer = await asyncio.open_connection(self._host, self._target_port)
        except OSError:
            writer.close()
            return
        try:
            up = asyncio.create_task(_pass(reader, far_writer, limit))
            down = asyncio.create_task(_pass(far_reader, writer, None))
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            if up.done() and not up.cancelled() and up.exception() is None and up.result():
                self.broken += 1
                _reset(writer)
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
        finally:
            writer.close()
            far_writer.close()

    def _take(self) -> int | None:
        """The limit for a new connection, counted down."""
        if self._wanted is None:
            return None
        limit = self._wanted.after_bytes
        self._wanted.count -= 1
        if self._wanted.count == 0:
            self._wanted = None
        return limit


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None) -> bool:
    """Copy until the end; True if the limit broke it off."""
    left = limit
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(PIECE if left is None else min(PIECE, left)):
            writer.write(piece)
            await writer.drain()
            if left is not None:
                left -= len(piece)
                if left <= 0:
                    return True
    return False


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close without a farewell, as a pulled cable does."""
    raw = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
