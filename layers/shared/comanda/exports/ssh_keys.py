"""Keys for SSH: the merchant's private key in any usual form, and the pinned line of the server's."""

import base64
import binascii
import io
from typing import TYPE_CHECKING

from comanda.exports.model import DeliveryFailed

if TYPE_CHECKING:
    from paramiko import PKey


def private_key(text: str, passphrase: str = "") -> "PKey":
    """An Ed25519, ECDSA or RSA key from OpenSSH, PEM or PKCS#8 text. Raises DeliveryFailed."""
    import paramiko
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    kinds: tuple[tuple[type, type[PKey]], ...] = (
        (Ed25519PrivateKey, paramiko.Ed25519Key),
        (EllipticCurvePrivateKey, paramiko.ECDSAKey),
        (RSAPrivateKey, paramiko.RSAKey),
    )
    key = _read(text.strip().encode() + b"\n", passphrase.encode() or None)
    for kind, wrapper in kinds:
        if isinstance(key, kind):
            return wrapper.from_private_key(io.StringIO(_openssh(key)))
    raise _invalid(f"a {type(key).__name__} is of no use here; Ed25519, ECDSA and RSA are")


def _read(data: bytes, passphrase: bytes | None) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    load = load_ssh_private_key if b"BEGIN OPENSSH PRIVATE KEY" in data else load_pem_private_key
    try:
        return load(data, password=passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _invalid("it cannot be read, or its passphrase does not fit") from error


def _openssh(key: object) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    data: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())  # type: ignore[attr-defined]
    return data.decode()


def _invalid(why: str) -> DeliveryFailed:
    return DeliveryFailed("destination-key-invalid", f"the private key of the secret: {why}", passing=False)


def host_key(line: str) -> "PKey":
    """The public key of a line `ssh-ed25519 AAAA…`, with or without a comment. Raises DeliveryFailed."""
    import paramiko
    from paramiko.pkey import UnknownKeyType

    if not line:
        raise DeliveryFailed(
            "destination-host-key-missing",
            "the server's key is not confirmed yet: test the connection and confirm it",
            passing=False,
        )
    words = line.split()
    try:
        kind, data = words[0], base64.b64decode(words[1], validate=True)
        return paramiko.PKey.from_type_string(kind, data)
    except (IndexError, binascii.Error, ValueError, paramiko.SSHException, UnknownKeyType) as error:
        raise DeliveryFailed(
            "destination-host-key-invalid",
            "the setting host_key is not a line such as 'ssh-ed25519 AAAA…'",
            passing=False,
        ) from error
