"""FedEx's signature: the header `fdx-signature` holds the base64 HMAC-SHA256 of the raw body."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

from comanda.errors import BadSignature

SIGNATURE = "fdx-signature"


def verify(body: bytes, headers: Mapping[str, str], secrets: Iterable[str]) -> None:
    """Raise BadSignature unless one of the active security tokens signed these very bytes.

    Every secret is tried, so that the time it takes tells nothing of which one fits.
    """
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "").strip()
    sound = [hmac.compare_digest(signature(body, secret).encode(), given.encode()) for secret in secrets]
    if not any(sound):
        raise BadSignature("the signature does not fit the body")


def signature(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
