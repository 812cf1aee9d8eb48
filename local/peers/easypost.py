"""A carrier aggregator as its webhooks show it: scans become EasyPost's `tracker.updated` events."""

import hashlib
import hmac
import json
import unicodedata
import uuid
from datetime import UTC, datetime

from local.peers.database import Database, Json
from local.peers.delivery import Outbox
from local.peers.records import Records
from local.peers.web import Refused, Reply, Request, Router, json_reply

PEER = "easypost"
EVENT_TYPE = "tracker.updated"
USER_ID = "user_00000000000000000000000000000000"
# https://docs.easypost.com/docs/trackers: the statuses, each with a usual detail.
STATUSES = {
    "unknown": "unknown", "pre_transit": "label_created", "in_transit": "arrived_at_facility",
    "out_for_delivery": "out_for_delivery", "delivered": "arrived_at_destination",
    "available_for_pickup": "available_for_pickup", "return_to_sender": "return", "failure": "delayed",
    "cancelled": "cancelled", "error": "unknown",
}  # fmt: skip
FINAL = ("delivered", "return_to_sender", "cancelled", "error")
PLACE = ("city", "state", "country", "zip")
FIELDS = ("tracking_code", "carrier", "status", "status_detail", "datetime", "message", "est_delivery_date",
          "signed_by", *PLACE)  # fmt: skip


def headers(body: bytes, secret: str, now: int) -> dict[str, str]:
    """EasyPost signs the raw body alone; there is no time in it."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "EasyPost Web Hooks (local peer)",
        "X-Hmac-Signature": f"hmac-sha256-hex={signature(body, secret)}",
    }


def signature(body: bytes, secret: str) -> str:
    key = unicodedata.normalize("NFKD", secret).encode()
    return hmac.new(key, body, hashlib.sha256).hexdigest()


class EasyPost:
    def __init__(self, database: Database, records: Records, outbox: Outbox) -> None:
        self._database = database
        self._records = records
        self._outbox = outbox

    def add_routes(self, router: Router) -> None:
        router.add("POST", "/easypost/scans", self._serve_scan)

    def _serve_scan(self, request: Request) -> Reply:
        return json_reply(201, self.scan(request.json()))

    def scan(self, wish: Json) -> Json:
        """Adds one scan to its tracker and tells the whole tracker, as EasyPost does."""
        _check(wish)
        key = f"{wish['carrier'].lower()}/{wish['tracking_code']}"
        now = datetime.now(UTC)
        with self._database.transaction():
            tracker = self._records.get("tracker", key) or _new_tracker(wish, now)
            before = tracker["status"]
            _add_scan(tracker, wish, now)
            self._records.put("tracker", key, tracker)
            event = _event(tracker, before, now, self._url())
            body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
            self._outbox.enqueue(PEER, event["id"], EVENT_TYPE, body)
        return event

    def _url(self) -> str | None:
        endpoint = self._outbox.endpoint(PEER)
        return endpoint.url if endpoint else None


def _check(wish: Json) -> None:
    if unknown := set(wish) - set(FIELDS):
        raise Refused(400, f"unknown: {', '.join(sorted(unknown))}")
    for name in ("tracking_code", "carrier", "status", "datetime"):
        if not wish.get(name):
            raise Refused(400, f"missing: {name}")
    for name, value in wish.items():
        if value is not None and not isinstance(value, str):
            raise Refused(400, f"{name} is text")
    if wish["status"] not in STATUSES:
        raise Refused(400, f"status is one of {', '.join(STATUSES)}")
    for name in ("datetime", "est_delivery_date"):
        if wish.get(name):
            _utc(wish[name], name)


def _utc(text: str, name: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, f"{name} is not an ISO 8601 time") from error
    if moment.tzinfo is None:
        if name == "datetime":
            raise Refused(400, "datetime needs an offset from UTC")
        moment = moment.replace(tzinfo=UTC)  # an expected day has no hour of its own
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _new_tracker(wish: Json, now: datetime) -> Json:
    key = f"trk_{uuid.uuid4().hex}"
    return {
        "id": key, "object": "Tracker", "mode": "test", "tracking_code": wish["tracking_code"],
        "status": "unknown", "status_detail": "unknown", "created_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "updated_at": "", "signed_by": None, "weight": None, "est_delivery_date": None, "shipment_id": None,
        "carrier": wish["carrier"], "tracking_details": [], "carrier_detail": None, "finalized": False,
        "is_return": False, "public_url": f"https://track.easypost.com/{key}", "fees": [],
    }  # fmt: skip


def _add_scan(tracker: Json, wish: Json, now: datetime) -> None:
    """Scans lie in the order of their own time, and the latest of them gives the tracker its status."""
    detail = wish.get("status_detail") or STATUSES[wish["status"]]
    message = wish.get("message") or wish["status"].replace("_", " ").capitalize()
    place = {"object": "TrackingLocation", **{name: wish.get(name) for name in PLACE}}
    scan = {
        "object": "TrackingDetail", "message": message, "description": message, "status": wish["status"],
        "status_detail": detail, "datetime": _utc(wish["datetime"], "datetime"), "source": wish["carrier"],
        "carrier_code": None, "tracking_location": place,
    }  # fmt: skip
    details = sorted([*tracker["tracking_details"], scan], key=lambda each: str(each["datetime"]))
    latest = details[-1]
    day = wish.get("est_delivery_date")
    expected = _utc(day, "est_delivery_date") if day else None
    tracker |= {
        "tracking_details": details, "status": latest["status"], "status_detail": latest["status_detail"],
        "updated_at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "finalized": latest["status"] in FINAL,
        "est_delivery_date": expected or tracker["est_delivery_date"],
        "signed_by": wish.get("signed_by") or tracker["signed_by"],
        "is_return": tracker["is_return"] or latest["status"] == "return_to_sender",
    }  # fmt: skip


def _event(tracker: Json, before: str, now: datetime, url: str | None) -> Json:
    moment = f"{now:%Y-%m-%dT%H:%M:%S}.000Z"
    return {
        "description": EVENT_TYPE, "mode": "test", "previous_attributes": {"status": before},
        "created_at": moment, "pending_urls": [url] if url else [], "completed_urls": [],
        "updated_at": moment, "id": f"evt_{uuid.uuid4().hex}", "user_id": USER_ID, "status": "pending",
        "object": "Event", "result": tracker,
    }  # fmt: skip
