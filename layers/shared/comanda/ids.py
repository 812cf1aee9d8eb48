"""Public identifiers: random, unguessable, ordered by time of birth, safe in a URL."""

import base64
import hashlib
import hmac
from collections.abc import Callable

type NewId = Callable[[], str]


def new_id() -> str:
    """26 lower-case base32hex characters of a fresh uuid7 (74 random bits)."""
    from uuid_utils import uuid7

    return _written(uuid7().bytes)


def derived_token(key: str, *parts: str) -> str:
    """A token that only a holder of `key` can make, the same each time for the same parts."""
    mac = hmac.new(key.encode(), "|".join(parts).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:24]).decode()


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same_token(given: str, expected: str) -> bool:
    """Constant-time comparison; text that is not ASCII never fits."""
    return hmac.compare_digest(given.encode(), expected.encode())


def same_id(asked: str) -> str:
    """The id of what was asked for: a repeat of the same finds it again."""
    return _written(hashlib.sha256(asked.encode()).digest()[:16])


def _written(sixteen: bytes) -> str:
    return base64.b32hexencode(sixteen).decode().rstrip("=").lower()
