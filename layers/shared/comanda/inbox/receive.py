"""Keep what a partner sent: storing it is what starts its processing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from comanda.crash import crash_point
from comanda.inbox.bodies import Bodies
from comanda.inbox.model import SAFE_NAME, Entry
from comanda.times import stamp

MOST_OF_REJECTED = 16_384  # bytes kept of a body that nobody vouches for


def receive(
    raw: bytes,
    *,
    kind: str,
    sender: str,
    event_id: str,
    bucket: str,
    now: datetime,
    bodies: Bodies,
    event_type: str = "",
    told_at: datetime | None = None,
) -> str:
    """Store a verified webhook and answer its key.

    The same event has the same key, so a repeated delivery replaces its own copy; `told_at`, the
    sender's own time of the event, keeps the key the same over midnight. Without an event id the
    body's digest stands for it.
    """
    name = event_id if SAFE_NAME.fullmatch(event_id) else sha256(raw).hexdigest()
    key = f"webhooks/{kind}/{sender}/{_day(told_at or now)}/{name}"
    metadata = {"event-id": name, "event-type": _plain(event_type), "received-at": stamp(now)}
    crash_point("webhook.before_store")
    bodies.put(bucket, key, raw, metadata)
    crash_point("webhook.after_store")
    return key


def reject(
    raw: bytes, *, kind: str, sender: str, reason: str, bucket: str, now: datetime, bodies: Bodies
) -> str:
    """Keep the beginning of a refused body for a while, so that somebody can see who sends what."""
    key = f"rejected/webhooks/{kind}/{sender}/{_day(now)}/{sha256(raw).hexdigest()}"
    metadata = {"reason": _plain(reason), "bytes": str(len(raw)), "received-at": stamp(now)}
    bodies.put(bucket, key, raw[:MOST_OF_REJECTED], metadata)
    return key


def arrivals(message: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Bucket and key of each object in an S3 event; nothing for the test event that S3 sends at set-up."""
    for record in message.get("Records", []):
        yield record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])


def entry(bucket: str, key: str, bodies: Bodies) -> Entry | None:
    """The stored webhook for processing; None when its retention has ended."""
    body = bodies.get(bucket, key)
    if body is None:
        return None
    _, kind, sender, *_, name = key.split("/")
    return Entry(
        kind=kind,
        sender=sender,
        event_id=name,
        event_type=body.metadata.get("event-type", ""),
        received_at=body.metadata.get("received-at", ""),
        bucket=bucket,
        key=key,
        raw=body.raw,
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y/%m/%d")


def _plain(text: str) -> str:
    """What S3 takes as metadata: printable ASCII."""
    return "".join(c for c in text if c.isascii() and c.isprintable())[:200]
