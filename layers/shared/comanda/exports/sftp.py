"""Files to an SFTP server: pinned host key, temporary name, size check, rename."""

import hashlib
import posixpath
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from comanda.exports.exporting import Parcel
from comanda.exports.model import DeliveryFailed
from comanda.exports.sftp_faults import broken, refused
from comanda.exports.ssh_keys import host_key, private_key
from comanda.settings.sections import Destination

if TYPE_CHECKING:
    from paramiko import PKey, SFTPClient, SSHClient

CONNECT_SECONDS = 15.0
IDLE_SECONDS = 30.0  # a server that takes or says nothing for so long is gone
READ_BACK_BYTES = 5_000_000  # files up to this size are compared byte by byte, larger ones by size

type Credentials = dict[str, str]


class SftpCourier:
    """One destination. `credentials` hold `private_key` (and `passphrase`), or `password`."""

    def __init__(
        self,
        destination: Destination,
        credentials: Credentials,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.to = destination
        self.credentials = credentials
        self.connect_seconds = connect_seconds
        self.idle_seconds = idle_seconds
        self.where = f"{destination.host}:{destination.port}"

    def deliver(
        self, parcel: Parcel, *, staged: bool, on_staged: Callable[[], None], beat: Callable[[], None]
    ) -> str:
        """See exporting.Courier. Answers `found`, `taken` or `renamed`."""
        final = posixpath.join(self.to.directory, parcel.name)
        temporary = posixpath.join(self.to.directory, f".{parcel.name}.part")
        with self._session() as sftp:
            self._check_directory(sftp)
            if _is_there(sftp, final, parcel):
                return "found"
            if staged and _size(sftp, temporary) is None:
                return "taken"  # only the renaming removes it, so the merchant has the file already
            _put(sftp, temporary, parcel, beat)
            arrived = _size(sftp, temporary)
            if arrived != parcel.size:
                raise DeliveryFailed(
                    "destination-size-differs",
                    f"{self.where} holds {arrived} of {parcel.size} bytes; its disk or quota may be full",
                    passing=True,
                )
            on_staged()
            _rename(sftp, temporary, final)
            return "renamed"

    def try_out(self, name: str) -> None:
        """Leave a file of this name, give it another as a delivery does, and take it away again.

        Raises DeliveryFailed, with the file taken away as far as the server lets us.
        """
        temporary = posixpath.join(self.to.directory, f"{name}.part")
        final = posixpath.join(self.to.directory, name)
        content = b"Comanda tries out whether files can be left here.\n"
        with self._session() as sftp:
            self._check_directory(sftp)
            try:
                with sftp.open(temporary, "wb") as remote:
                    remote.write(content)
                if _size(sftp, temporary) != len(content):
                    detail = f"{self.where} does not hold what was sent; its disk or quota may be full"
                    raise DeliveryFailed("destination-size-differs", detail, passing=True)
                _rename(sftp, temporary, final)
            finally:
                left = [path for path in (temporary, final) if not _gone(sftp, path)]
            if left:
                detail = f"{self.where} does not let us delete; the test left {', '.join(left)}"
                raise DeliveryFailed("destination-test-left", detail, passing=False)

    def _check_directory(self, sftp: "SFTPClient") -> None:
        mode = _mode(sftp, self.to.directory)
        if mode is None or not stat.S_ISDIR(mode):
            raise DeliveryFailed(
                "destination-no-directory",
                f"{self.where} has no directory {self.to.directory!r}",
                passing=False,
            )

    @contextmanager
    def _session(self) -> Iterator["SFTPClient"]:
        """An SFTP session; whatever goes wrong in it comes out as DeliveryFailed."""
        import paramiko

        pinned = host_key(self.to.host_key)
        with paramiko.SSHClient() as client:
            self._connect(client, pinned)
            try:
                sftp = client.open_sftp()
                channel = sftp.get_channel()
                if channel:
                    channel.settimeout(self.idle_seconds)
                yield sftp
            except (OSError, EOFError, paramiko.SSHException) as error:
                transport = client.get_transport()
                alive = bool(transport and transport.is_active())
                raise broken(error, self.where, self.to.directory, alive=alive) from error

    def _connect(self, client: "SSHClient", pinned: "PKey") -> None:
        import paramiko

        known_as = self.to.host if self.to.port == 22 else f"[{self.to.host}]:{self.to.port}"
        client.get_host_keys().add(known_as, pinned.get_name(), pinned)
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        key, password = self._login()
        try:
            # Resolving and connecting are done here so that their timeout is ours.
            sock = socket.create_connection((self.to.host, self.to.port), self.connect_seconds)
            client.connect(
                self.to.host,
                self.to.port,
                username=self.to.username,
                pkey=key,
                password=password,
                sock=sock,
                timeout=self.connect_seconds,
                banner_timeout=self.connect_seconds,
                auth_timeout=self.connect_seconds,
                channel_timeout=self.connect_seconds,
                allow_agent=False,
                look_for_keys=False,
            )
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise refused(error, self.where, self.to.username) from error

    def _login(self) -> tuple["PKey | None", str | None]:
        text = self.credentials.get("private_key", "")
        if text:
            return private_key(text, self.credentials.get("passphrase", "")), None
        if self.credentials.get("password"):
            return None, self.credentials["password"]
        raise DeliveryFailed(
            "destination-no-credentials",
            "the secret holds neither a private_key nor a password for this destination",
            passing=False,
        )


def _put(sftp: "SFTPClient", path: str, parcel: Parcel, beat: Callable[[], None]) -> None:
    with sftp.open(path, "wb") as remote:
        remote.set_pipelined(True)
        for piece in parcel.open():
            remote.write(piece)
            beat()


def _is_there(sftp: "SFTPClient", path: str, parcel: Parcel) -> bool:
    """The file lies there complete: same size, and same bytes unless it is large."""
    if _size(sftp, path) != parcel.size:
        return False
    if parcel.size > READ_BACK_BYTES:
        return True
    with sftp.open(path, "rb") as remote:
        return hashlib.sha256(remote.read()).hexdigest() == parcel.sha256


def _rename(sftp: "SFTPClient", temporary: str, final: str) -> None:
    """In one step where the server can; else with the plain request, which wants the name to be free."""
    try:
        sftp.posix_rename(temporary, final)
    except OSError as error:
        if error.errno is not None or "unsupported" not in str(error).lower():
            raise
        if _size(sftp, final) is not None:
            sftp.remove(final)
        sftp.rename(temporary, final)


def _size(sftp: "SFTPClient", path: str) -> int | None:
    try:
        return sftp.stat(path).st_size
    except FileNotFoundError:
        return None


def _gone(sftp: "SFTPClient", path: str) -> bool:
    """Take a file away, if it is there; False when it stays."""
    try:
        sftp.remove(path)
    except FileNotFoundError:
        return True
    except (OSError, EOFError):
        return False
    return True


def _mode(sftp: "SFTPClient", path: str) -> int | None:
    try:
        return sftp.stat(path).st_mode
    except FileNotFoundError:
        return None
