"""Trying a destination out: who answers there, whether we are let in, and whether files can be left."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from comanda.exports.model import DeliveryFailed
from comanda.exports.probing import Finding
from comanda.exports.sftp import SftpCourier
from comanda.exports.sftp_faults import refused
from comanda.exports.ssh_keys import host_key
from comanda.settings.sections import Destination

if TYPE_CHECKING:
    from paramiko import PKey, Transport

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 15.0

type Credentials = dict[str, str]


def probe_sftp(
    destination: Destination,
    credentials: Credentials,
    name: str,
    *,
    connect_seconds: float = CONNECT_SECONDS,
    idle_seconds: float = IDLE_SECONDS,
) -> Finding:
    """What trying the destination out has shown; `name` is that of the file it writes and takes away.

    Nothing secret is sent to a server whose key is not the confirmed one.
    """
    found: Finding = Finding()
    try:
        shown = _shown(destination, connect_seconds)
        found = Finding(f"{shown.get_name()} {shown.get_base64()}", shown.fingerprint)
        if not destination.host_key:
            return found.failed("destination-host-key-missing", "the server's key is not confirmed yet")
        pinned = host_key(destination.host_key)
        if pinned != shown:
            detail = f"confirmed is {pinned.get_name()} {pinned.fingerprint}"
            return found.failed("destination-host-key-changed", detail)
        courier = SftpCourier(
            destination, credentials, connect_seconds=connect_seconds, idle_seconds=idle_seconds
        )
        courier.try_out(name)
    except DeliveryFailed as failed:
        return found.failed(failed.type, failed.detail)
    return found.passed()


def _shown(destination: Destination, seconds: float) -> "PKey":
    """The key that the server shows; of the confirmed kind, if it has one."""
    import paramiko

    pinned = host_key(destination.host_key).get_name() if destination.host_key else ""
    with _transport(destination, seconds) as transport:
        options = transport.get_security_options()
        if pinned in options.key_types:
            options.key_types = (pinned, *(kind for kind in options.key_types if kind != pinned))
        try:
            transport.start_client(timeout=seconds)
            return transport.get_remote_server_key()
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise refused(error, f"{destination.host}:{destination.port}", destination.username) from error


@contextmanager
def _transport(destination: Destination, seconds: float) -> Iterator["Transport"]:
    import paramiko

    transport = paramiko.Transport(_connected(destination, seconds))
    transport.banner_timeout = seconds
    try:
        yield transport
    finally:
        transport.close()


def _connected(destination: Destination, seconds: float) -> socket.socket:
    """Raises DeliveryFailed by its own name for what a person can mend."""
    where = f"{destination.host}:{destination.port}"
    try:
        return socket.create_connection((destination.host, destination.port), seconds)
    except (socket.gaierror, UnicodeError) as error:
        raise DeliveryFailed(
            "destination-no-such-host", f"{destination.host}: {error}", passing=False
        ) from error
    except ConnectionRefusedError as error:
        raise DeliveryFailed("destination-refused", f"{where}: {error}", passing=False) from error
    except OSError as error:
        raise DeliveryFailed("destination-unreachable", f"{where}: {error}", passing=True) from error
