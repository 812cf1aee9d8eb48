"""Signs webhooks as PayPal does: SHA256withRSA over `id|time|webhook id|CRC-32 of the body`."""

import uuid
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime
from zlib import crc32

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from local.peers.database import Json
from local.peers.paypal.certificates import Chain

ALGORITHM = "SHA256withRSA"
CERT_PATH = "/v1/notifications/certs/CERT-360caa42-fca2a594-local0001"


def headers(chain: Chain, cert_url: str, body: bytes, webhook_id: str, now: int) -> dict[str, str]:
    """A transmission of its own for each try."""
    transmission = str(uuid.uuid4())
    time = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mac = chain.key.sign(_signed(transmission, time, webhook_id, body), PKCS1v15(), SHA256())
    return {
        "Content-Type": "application/json",
        "User-Agent": "PayPal/AUHD-1.0 (local peer)",
        "PAYPAL-TRANSMISSION-ID": transmission,
        "PAYPAL-TRANSMISSION-TIME": time,
        "PAYPAL-TRANSMISSION-SIG": b64encode(mac).decode(),
        "PAYPAL-CERT-URL": cert_url,
        "PAYPAL-AUTH-ALGO": ALGORITHM,
    }


def is_genuine(chain: Chain, cert_url: str, wish: Json, event: bytes) -> bool:
    """Whether these headers are ours, for `verify-webhook-signature`."""
    if (wish.get("auth_algo"), wish.get("cert_url")) != (ALGORITHM, cert_url):
        return False
    names = ("transmission_id", "transmission_time", "webhook_id")
    transmission, time, webhook_id = (str(wish.get(name)) for name in names)
    try:
        mac = b64decode(str(wish.get("transmission_sig")), validate=True)
        signed = _signed(transmission, time, webhook_id, event)
        chain.key.public_key().verify(mac, signed, PKCS1v15(), SHA256())
    except (NotBase64, ValueError, InvalidSignature):
        return False
    return True


def _signed(transmission: str, time: str, webhook_id: str, body: bytes) -> bytes:
    return f"{transmission}|{time}|{webhook_id}|{crc32(body)}".encode()
