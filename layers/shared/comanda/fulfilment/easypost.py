"""EasyPost's webhooks: the signature over the raw body, and the scans in a tracker event."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from comanda.errors import BadSignature, Malformed
from comanda.fulfilment.carriers import carrier_code
from comanda.fulfilment.tracking import RANKS, Scan
from comanda.times import moment, stamp

SIGNATURE = "x-hmac-signature"
PREFIX = "hmac-sha256-hex="
EVENTS = frozenset({"tracker.created", "tracker.updated"})
MOST_SCANS = 200

# Their word → ours; a word that says nothing of the parcel's whereabouts is left out.
STATUSES = {
    "pre_transit": "pre_transit",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "available_for_pickup": "available_for_pickup",
    "delivered": "delivered",
    "return_to_sender": "returned_to_sender",
    "failure": "exception",
    "cancelled": "exception",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One event. `scans` is empty when it is about nothing that moves a parcel."""

    event_id: str
    kind: str
    tracking_number: str
    scans: tuple[Scan, ...]
    told_at: datetime | None = None


def verify(body: bytes, headers: Mapping[str, str], secrets: Iterable[str]) -> None:
    """Raise BadSignature unless one of the active secrets signed these very bytes."""
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    digest = given.strip().removeprefix(PREFIX).encode()
    sound = [hmac.compare_digest(signature(body, secret).encode(), digest) for secret in secrets]
    if not any(sound):
        raise BadSignature("the signature does not fit the body")


def signature(body: bytes, secret: str) -> str:
    key = unicodedata.normalize("NFKD", secret).encode()
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def read(body: bytes) -> Report:
    """The event in a body. Raises Malformed for what is no event."""
    try:
        event = json.loads(body)
        event_id, kind = str(event["id"]), str(event["description"])
    except (ValueError, TypeError, KeyError) as error:
        raise Malformed("not an event: JSON with id and description") from error
    tracker, created = event.get("result"), _time(event.get("created_at"))
    told_at = moment(created) if created else None
    if kind not in EVENTS or not isinstance(tracker, dict) or not tracker.get("tracking_code"):
        return Report(event_id, kind, "", (), told_at)
    return Report(event_id, kind, str(tracker["tracking_code"]), tuple(_scans(tracker)), told_at)


def _scans(tracker: dict[str, Any]) -> list[Scan]:
    """The tracker's details, oldest first. Its own status counts too when no detail carries it."""
    details = [item for item in tracker.get("tracking_details") or [] if isinstance(item, dict)]
    found = [_scan(tracker, _status(item), item.get("datetime"), item) for item in details[-MOST_SCANS:]]
    overall = _status(tracker)
    if overall and overall not in {scan.status for scan in found if scan}:
        found.append(_scan(tracker, overall, tracker.get("updated_at") or tracker.get("created_at"), {}))
    scans = sorted((scan for scan in found if scan), key=lambda scan: scan.key)
    expected = _day(_time(tracker.get("est_delivery_date")))
    if scans and expected:
        scans[-1] = Scan.from_dict(scans[-1].to_dict() | {"expected_at": expected})
    return scans


def _scan(tracker: dict[str, Any], status: str, written: Any, item: dict[str, Any]) -> Scan | None:
    at = _time(written)
    if status not in RANKS or not at:
        return None
    return Scan(
        carrier_code(str(tracker.get("carrier") or "")),
        str(tracker["tracking_code"]),
        status,
        at,
        local=str(written),
        place=_place(item.get("tracking_location")),
        message=str(item.get("message") or ""),
    )


def _place(location: Any) -> str:
    """Town, state and country, as far as they are told."""
    known = location if isinstance(location, dict) else {}
    parts = (known.get(name) for name in ("city", "state", "country"))
    return ", ".join(str(part) for part in parts if part)


def _status(item: dict[str, Any]) -> str:
    if item.get("status") == "failure" and item.get("status_detail") == "lost":
        return "lost"
    return STATUSES.get(str(item.get("status")), "")


def _day(at: str) -> str:
    """An expected day comes as its midnight in UTC; its noon is on that day nearly everywhere."""
    return at.replace("T00:00:00.000Z", "T12:00:00.000Z")


def _time(text: Any) -> str:
    """A time as we keep it; a carrier that names no zone means UTC, one that names no time nothing."""
    try:
        parsed = datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    return stamp(parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC))
