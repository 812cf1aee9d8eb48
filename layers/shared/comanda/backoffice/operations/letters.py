"""What a message that was given up is about: its kind, its order, the queue it belongs to. Pure.

Nothing of a message is shown but what is read here: bodies may hold addresses.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

PAYMENT_EVENTS, CARRIER_EVENTS = "payment-events", "carrier-events"
MAIL, PAYMENT_EFFECTS, MAIL_EVENTS = "mail", "payment-effects", "mail-events"
LABEL_EFFECTS = "label-effects"
LIFECYCLE_STARTS, EXPORT_RUNS = "lifecycle-starts", "export-runs"
UNDELIVERED = "undelivered"
QUEUES = (
    PAYMENT_EVENTS,
    PAYMENT_EFFECTS,
    LABEL_EFFECTS,
    LIFECYCLE_STARTS,
    MAIL,
    CARRIER_EVENTS,
    EXPORT_RUNS,
    MAIL_EVENTS,
    UNDELIVERED,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """`what` names the kind of message; `goes_to` the queue it is replayed to, empty when there is none.

    `notice_id` is of the inbox of partners' notices, `batch_id` of an export, `name` says more: the event
    of a mail, the sender of a notice.
    """

    what: str
    goes_to: str = ""
    order_id: str = ""
    effect_id: str = ""
    notice_id: str = ""
    batch_id: str = ""
    name: str = ""


UNREADABLE = Letter("unreadable")


def read_letter(queue: str, body: str) -> Letter:
    """What a message is about; UNREADABLE for what is none of ours."""
    try:
        message = json.loads(body)
        if queue in (PAYMENT_EVENTS, CARRIER_EVENTS):
            return _notice(queue, message)
        if queue == EXPORT_RUNS:
            return _export(message)
        return _event(message)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return UNREADABLE


def _notice(queue: str, message: dict[str, Any]) -> Letter:
    """S3 tells of a stored notice: `webhooks/<kind>/<sender>/<day>/<event id>`."""
    key = unquote_plus(str(message["Records"][0]["s3"]["object"]["key"]))
    parts = key.split("/")
    sender, event_id = parts[2], parts[-1]
    return Letter("notice", queue, notice_id=f"{sender}.{event_id}", name=sender)


def _export(message: dict[str, Any]) -> Letter:
    if message["kind"] == "schedule":
        return Letter("export_schedule", EXPORT_RUNS)
    return Letter("export_run", EXPORT_RUNS, batch_id=str(message["batch_id"]))


def _event(message: dict[str, Any]) -> Letter:
    """An event of the bus, or what a schedule or a call in the background could not deliver."""
    if "requestPayload" in message or message.get("recheck"):
        return Letter("sweep")
    if message.get("kind") == "schedule":
        return Letter("export_schedule", EXPORT_RUNS)
    detail, kind = message["detail"], message["detail-type"]
    if message.get("source") == "aws.ses":
        return Letter("mail_event", MAIL_EVENTS, name=str(detail["eventType"]))
    if detail.get("event") == "export_failed":
        return Letter("mail", MAIL, batch_id=str(detail["batch_id"]), name="export_failed")
    named = {"order_id": str(detail["order_id"]), "effect_id": str(detail["effect_id"])}
    if kind == "LifecycleWanted":
        return Letter("run", LIFECYCLE_STARTS, **named)
    if str(detail["kind"]).startswith("payment."):
        return Letter("payment", PAYMENT_EFFECTS, name=str(detail["kind"]), **named)
    if str(detail["kind"]).startswith("label."):
        return Letter("label", LABEL_EFFECTS, name=str(detail["kind"]), **named)
    if detail["kind"] == "mail":
        return Letter("mail", MAIL, **named)
    return UNREADABLE
