"""What staff see of the inbox, and how they have an event applied once more."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from comanda.errors import Invalid, NotFound
from comanda.inbox.model import ALREADY_APPLIED, APPLIED, FAILED, IGNORED, RECEIVED, Processed
from comanda.inbox.store import InboxStore

STATES = (RECEIVED, APPLIED, ALREADY_APPLIED, IGNORED, FAILED)

type Send = Callable[[str, dict[str, Any]], None]  # kind of the inbox, message for its queue


def webhook_events(
    store: InboxStore, *, limit: int = 50, cursor: str = "", state: str = ""
) -> dict[str, Any]:
    """`{items, next}`, newest first. Raises Invalid for a state that there is not."""
    if state and state not in STATES:
        raise Invalid.at("/state", f"one of: {', '.join(STATES)}")
    records, after = store.recent(limit=max(1, min(limit, 100)), cursor=cursor, state=state)
    return {"items": [event_answer(record) for record in records], "next": after or None}


def event_answer(record: Processed) -> dict[str, Any]:
    return {
        "id": record.entry_id,
        "kind": record.kind,
        "sender": record.sender,
        "event_id": record.event_id,
        "type": record.event_type,
        "received_at": record.received_at,
        "state": record.state,
        "attempts": record.attempts,
        "problem": record.problem or None,
        "order_id": record.order_id or None,
    }


def replay(entry_id: str, store: InboxStore, send: Send) -> dict[str, Any]:
    """Put a stored event back into its queue, as if S3 told of it again. Raises NotFound."""
    record = store.find(entry_id)
    if record is None:
        raise NotFound("there is no such webhook event")
    place = {"bucket": {"name": record.bucket}, "object": {"key": quote_plus(record.key, safe="/")}}
    send(record.kind, {"Records": [{"eventName": "Replay", "s3": place}]})
    return event_answer(record)
