"""Stripe's webhooks, verified and read without its SDK, whose import takes longer than all the rest."""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from comanda.errors import BadSignature, Malformed
from comanda.payments.provider import Event

TOLERANCE = 300  # seconds between signing and now, either way
MOST_SIGNATURES = 10

# What can change a payment.
TYPES = (
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.partially_funded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "charge.captured",
    "charge.expired",
    "charge.failed",
    "charge.refunded",
    "charge.succeeded",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "refund.created",
    "refund.failed",
    "refund.updated",
)

# What a sweep asks for: Stripe takes at most twenty names when it lists events, and these only go along with
# one of the payment's own.
SWEPT = tuple(one for one in TYPES if one not in ("charge.captured", "charge.failed", "charge.succeeded"))

# Where the objects of the events that we know name their payment.
PAYMENT_OF = {
    "checkout.session": "id",
    "payment_intent": "id",
    "charge": "payment_intent",
    "refund": "payment_intent",
    "dispute": "payment_intent",
}


def verify(raw: bytes, header: str, secrets: Sequence[str], now: datetime) -> None:
    """`Stripe-Signature: t=<unix>,v1=<hex>…`: one v1 must be HMAC-SHA256 of "t.body" under an active
    secret, and t must be near. Raises BadSignature."""
    pairs = [pair.strip().partition("=") for pair in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    given = [value.encode() for name, _, value in pairs if name == "v1"][:MOST_SIGNATURES]
    if len(times) != 1 or not times[0].isdecimal() or len(times[0]) > 12:
        raise BadSignature("the signature does not fit")
    signed = times[0].encode() + b"." + raw
    expected = [hmac.new(secret.encode(), signed, sha256).hexdigest().encode() for secret in secrets]
    if not any([hmac.compare_digest(one, other) for one in given for other in expected]):
        raise BadSignature("the signature does not fit")
    if abs(now.timestamp() - int(times[0])) > TOLERANCE:
        raise BadSignature("the signature is too old or from the future")


def parse_event(raw: bytes) -> Event:
    """The event's id and type and the payment it is about. Raises Malformed."""
    try:
        return event_of(json.loads(raw))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed("this is no event of Stripe's") from error


def event_of(event: dict[str, Any]) -> Event:
    """An event as a webhook or the list of events has it. Raises TypeError and KeyError."""
    event_id, event_type = str(event["id"]), str(event["type"])
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    ref = thing.get(PAYMENT_OF.get(str(thing.get("object")), "")) if isinstance(thing, dict) else ""
    return Event(
        event_id=event_id,
        type=event_type,
        ref=ref if isinstance(ref, str) else "",
        told_at=_moment(event.get("created")),
    )


def _moment(created: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(created, UTC) if isinstance(created, int) else None
    except (OverflowError, ValueError, OSError):
        return None
