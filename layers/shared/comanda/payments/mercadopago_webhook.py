"""Mercado Pago's webhooks, verified and read. Their bodies are not signed: only an id and a time are."""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from comanda.errors import BadSignature, Malformed
from comanda.payments.provider import Event, Notice

TOLERANCE = 3600  # seconds, either way: what was not answered is sent again after 15 and 30 minutes
MILLISECONDS = 10**11  # a time above this is not one of seconds
PAYMENT_OF = {"payment": "id", "topic_chargebacks_wh": "payment_id"}  # where a notice names its payment


def verify(notice: Notice, secrets: Sequence[str], now: datetime) -> None:
    """`x-signature: ts=…,v1=…`: v1 is HMAC-SHA256 of `id:{data.id};request-id:{x-request-id};ts:{ts};` under
    an active secret, without the pairs that did not come; data.id stands in the query, as it came or in
    lower case. The body must be about the same id, for nothing else binds it. Raises BadSignature."""
    pairs = [pair.strip().partition("=") for pair in notice.headers.get("x-signature", "").split(",")]
    times = [value for name, _, value in pairs if name == "ts"]
    given = [value.encode() for name, _, value in pairs if name == "v1"]
    if len(times) != 1 or len(given) != 1 or not _is_time(times[0]):
        raise BadSignature("the signature does not fit")
    data_id = notice.query.get("data.id", "")
    expected = [
        hmac.new(secret.encode(), _manifest(one, notice, times[0]), sha256).hexdigest().encode()
        for secret in secrets
        for one in {data_id, data_id.lower()}
    ]
    if not any([hmac.compare_digest(given[0], one) for one in expected]):
        raise BadSignature("the signature does not fit")
    if abs(now.timestamp() - _seconds(times[0])) > TOLERANCE:
        raise BadSignature("the signature is too old or from the future")
    if _told_id(notice.raw).lower() != data_id.lower():
        raise BadSignature("the body is about something else than was signed")


def parse_event(raw: bytes) -> Event:
    """The notice's id and type and the payment it is about. Raises Malformed."""
    event = _json(raw)
    data = event.get("data")
    kind = str(event.get("type", ""))
    if "id" not in event or not kind or not isinstance(data, dict):
        raise Malformed("this is no notice of Mercado Pago's")
    ref = data.get(PAYMENT_OF.get(kind, ""), "")
    return Event(
        event_id=str(event["id"]),
        type=str(event.get("action") or kind),
        ref=str(ref) if str(ref).isdecimal() else "",
        told_at=_moment(event.get("date_created")),
    )


def _manifest(data_id: str, notice: Notice, ts: str) -> bytes:
    pairs = (("id", data_id), ("request-id", notice.headers.get("x-request-id", "")), ("ts", ts))
    return "".join(f"{name}:{value};" for name, value in pairs if value).encode()


def _is_time(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 15


def _seconds(ts: str) -> float:
    return int(ts) / 1000 if int(ts) > MILLISECONDS else int(ts)


def _told_id(raw: bytes) -> str:
    data = _json(raw).get("data")
    return str(data.get("id", "")) if isinstance(data, dict) else ""


def _json(raw: bytes) -> dict[str, Any]:
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed("this is no notice of Mercado Pago's") from error
    if not isinstance(event, dict):
        raise Malformed("this is no notice of Mercado Pago's")
    return event


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
