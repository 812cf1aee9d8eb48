"""The merchant's own SFTP server, seen by a client that knows its host key beforehand."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import paramiko

from local.demo.outside import Missed


@contextmanager
def inbox(sftp: dict[str, Any]) -> Iterator[paramiko.SFTPClient]:
    """A session in the directory where files arrive. Another server's host key ends it before any sign-in."""
    transport = paramiko.Transport((sftp["host"], sftp["port"]))
    try:
        transport.start_client(timeout=10)
        shown = fingerprint(transport.get_remote_server_key())
        if shown != sftp["host_key_fingerprint"]:
            raise Missed(f"host key {sftp['host_key_fingerprint']}", shown, "the SFTP server")
        key = paramiko.Ed25519Key.from_private_key_file(sftp["private_key"])
        transport.auth_publickey(sftp["username"], key)
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise Missed("an SFTP session", "none", "the SFTP server")
        with client:
            client.chdir(sftp["directory"])
            yield client
    finally:
        transport.close()


def fingerprint(key: paramiko.PKey) -> str:
    digest = hashlib.sha256(key.asbytes()).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def fetch(sftp: dict[str, Any], name: str) -> bytes:
    """One file's bytes."""
    with inbox(sftp) as client:
        if name not in client.listdir():
            raise Missed(f"the file {name}", client.listdir(), sftp["inbox"])
        with client.open(name, "rb") as file:
            return file.read()
