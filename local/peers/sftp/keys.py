"""Makes and reads the keys of the SFTP server and of its one client."""

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class KeyPair:
    """A private key in OpenSSH's own format, and its public line."""

    private: Path

    @property
    def public_line(self) -> str:
        return self.private.with_suffix(".pub").read_text().strip()

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        digest = hashlib.sha256(base64.b64decode(self.public_line.split()[1])).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def key_pair(file: Path) -> KeyPair:
    """The pair in a file, made at first need."""
    if not (file.exists() and file.with_suffix(".pub").exists()):
        _make(file)
    return KeyPair(file)


def _make(file: Path) -> None:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(private)
    file.with_suffix(".pub").write_bytes(public + b"\n")
