"""What a request's headers say of its repeats, the version it knows, and who sends it."""

from typing import Any

from comanda.errors import IdempotencyKeyMissing, IfMatchMissing, Malformed
from comanda.origin import Origin
from comanda.runtime.requests import header, request_id
from comanda.times import stamp


def idempotency_key(event: dict[str, Any], *, required: bool = True) -> str:
    """The caller's Idempotency-Key. Raises IdempotencyKeyMissing, or Malformed for one out of bounds."""
    key = header(event, "idempotency-key")
    if not key:
        if required:
            raise IdempotencyKeyMissing(
                "send an Idempotency-Key header: it keeps a repeat from counting twice"
            )
        return ""
    if len(key) > 200 or not key.isprintable() or not key.isascii():
        raise Malformed("an Idempotency-Key is 1 to 200 printable ASCII characters")
    return key


def if_match(event: dict[str, Any]) -> int:
    """The version in If-Match. Raises IfMatchMissing, or Malformed when it is none of our ETags."""
    given = header(event, "if-match")
    if not given:
        raise IfMatchMissing('send If-Match: "<version>" with the version you have seen')
    text = given.removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 12:
        raise Malformed('If-Match takes one version, such as "7"')
    return int(text)


def origin_of(event: dict[str, Any], actor: str, now: Any) -> Origin:
    """Who asks, through which request, when."""
    return Origin(actor, f"request:{request_id(event)}", stamp(now))
