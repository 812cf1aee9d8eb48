"""An SFTP server for tests that refuses, fails, lies or falls silent when it is in the mood."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class MoodyServer:
    """Serves `folder`, whose `inbox` takes the files; `mood` is looked at with each request."""

    def __init__(self, folder: Path, host_key: Any = None) -> None:
        key = host_key or Ed25519PrivateKey.generate()
        self.folder = folder
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.mood = ""
        self.password = ""
        self.allowed: list[str] = []
        public = key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
        self.host_line = public.decode()
        private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption())
        self._host_key = asyncssh.import_private_key(private)
        self.connections: list[asyncssh.SSHServerConnection] = []
        self.silence = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port: int = self._server.get_port()

    def let_in(self, key: Any) -> None:
        line = key.public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
        self.allowed.append(line.decode())

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> Any:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Doorman(self),
            server_host_keys=[self._host_key],
            sftp_factory=lambda channel: _Desk(channel, self),
        )

    async def _close(self) -> None:
        self.silence.set()
        await asyncio.sleep(0.05)
        self._server.close()
        for connection in self.connections:
            connection.abort()
        await self._server.wait_closed()


class _Doorman(asyncssh.SSHServer):
    def __init__(self, server: MoodyServer) -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return bool(self._server.password) and password == self._server.password

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        shown = key.export_public_key().decode().split()[:2]
        return any(shown == line.split()[:2] for line in self._server.allowed)


class _Desk(asyncssh.SFTPServer):
    def __init__(self, channel: Any, server: MoodyServer) -> None:
        super().__init__(channel, chroot=str(server.folder).encode())
        self._channel = channel
        self._server = server

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if self._server.mood == "forbids writing" and pflags & asyncssh.FXF_WRITE:
            raise asyncssh.SFTPPermissionDenied("not for you")
        if self._server.mood == "takes no new file" and pflags & asyncssh.FXF_WRITE:
            raise asyncssh.SFTPFailure("quota exceeded")
        return super().open(path, pflags, attrs)

    def remove(self, path: bytes) -> None:
        if self._server.mood == "forbids deleting":
            raise asyncssh.SFTPPermissionDenied("files stay here")
        super().remove(path)

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        mood = self._server.mood
        if mood == "disk is full" and offset > 100_000:
            raise asyncssh.SFTPFailure("write failed")
        if mood == "loses bytes" and offset > 100_000:
            return len(data)
        if mood == "falls silent" and offset > 100_000:
            await self._server.silence.wait()
        written: int = super().write(file_obj, offset, data)  # type: ignore[assignment]
        return written

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if self._server.mood == "knows no posix-rename":
            raise asyncssh.SFTPOpUnsupported("Unsupported operation")
        self._rename(super().posix_rename, oldpath, newpath)

    def _rename(self, rename: Callable[[bytes, bytes], Any], oldpath: bytes, newpath: bytes) -> None:
        if self._server.mood == "hangs up on rename":
            self._channel.get_connection().abort()
            raise asyncssh.SFTPConnectionLost("gone")
        rename(oldpath, newpath)
