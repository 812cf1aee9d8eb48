"""What FedEx tells of parcels: the track results in its webhooks and in the answers of its Track API. Pure.

Both speak of parcels alike (Track API v1, `trackResults`); webhooks come with the results at the top, or
wrapped as in an answer. What is not known is passed over, so that a field more does not stop a report.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from comanda.errors import Malformed
from comanda.fulfilment.carriers.tracker import Scanned, TrackingReport

FEDEX = "fedex"
KIND = "track"
MOST_SCANS = 200
MOST_PARCELS = 30  # as many as one answer of the Track API holds

# Their code of an event, or of the status that they derive from it → our word.
STATUSES = {
    "OC": "pre_transit",
    "IN": "pre_transit",
    "EP": "pre_transit",
    "PU": "in_transit",
    "PX": "in_transit",
    "IT": "in_transit",
    "IX": "in_transit",
    "AR": "in_transit",
    "AF": "in_transit",
    "AC": "in_transit",
    "DP": "in_transit",
    "LO": "in_transit",
    "FD": "in_transit",
    "IP": "in_transit",
    "CC": "in_transit",
    "SF": "in_transit",
    "TR": "in_transit",
    "EO": "in_transit",
    "EA": "in_transit",
    "PF": "in_transit",
    "PL": "in_transit",
    "ED": "out_for_delivery",
    "OD": "out_for_delivery",
    "HL": "available_for_pickup",
    "HP": "available_for_pickup",
    "DE": "exception",
    "SE": "exception",
    "DY": "exception",
    "CD": "exception",
    "CA": "exception",
    "RS": "returned_to_sender",
    "DL": "delivered",
}
EXPECTED = ("ESTIMATED_DELIVERY", "APPOINTMENT_DELIVERY", "COMMITMENT")


def read(body: bytes) -> tuple[TrackingReport, ...]:
    """The parcels that a webhook tells of. Raises Malformed for what is no report of FedEx."""
    try:
        told = json.loads(body)
    except ValueError as error:
        raise Malformed("not JSON") from error
    results = list(_results(told))
    if not results:
        raise Malformed("no track results in it")
    return tuple(report(number, result) for number, result in results[:MOST_PARCELS] if number)


def _results(told: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tracking number and result of each parcel, in either wrapping."""
    if not isinstance(told, dict):
        return
    for result in _dicts(told.get("trackResults")):
        yield _number(result), result
    for whole in _dicts(_dict(told.get("output")).get("completeTrackResults")):
        for result in _dicts(whole.get("trackResults")):
            yield _number(result) or _text(whole.get("trackingNumber")), result


def report(number: str, result: dict[str, Any]) -> TrackingReport:
    """One parcel's result as ours, its scans oldest first."""
    found = [_scanned(event) for event in _dicts(result.get("scanEvents"))[:MOST_SCANS]]
    scans = [scan for scan in found if scan]
    latest = _latest(result)
    if latest and latest.status not in {scan.status for scan in scans}:
        scans.append(latest)
    scans.sort(key=lambda scan: datetime.fromisoformat(scan.at))
    told_at = scans[-1].at if scans else ""
    return TrackingReport(FEDEX, number, tuple(scans), told_at=told_at, expected_on=_expected(result))


def refusal(result: dict[str, Any]) -> str:
    """Why there is no result for a number, in FedEx's code; empty when there is one."""
    return _text(_dict(result.get("error")).get("code"))


def results(answer: Any) -> dict[str, dict[str, Any]]:
    """The results of an answer of the Track API by tracking number; of several, the first."""
    found: dict[str, dict[str, Any]] = {}
    for number, result in _results(answer):
        found.setdefault(number, result)
    return found


def _number(result: dict[str, Any]) -> str:
    inside = _dict(result.get("trackingNumberInfo")).get("trackingNumber")
    return _text(result.get("trackingNumber") or inside)


def _scanned(event: dict[str, Any]) -> Scanned | None:
    at = _moment(event.get("date"))
    codes = [_text(event.get(name)) for name in ("eventType", "derivedStatusCode")]
    status = next((STATUSES[code] for code in codes if code in STATUSES), "")
    if not at:
        return None
    message = _text(event.get("exceptionDescription") or event.get("eventDescription"))
    return Scanned(status, at, message, _place(event.get("scanLocation")), codes[0])


def _latest(result: dict[str, Any]) -> Scanned | None:
    """The delivery, when the status says so but none of the scans does: the only one whose time is told."""
    status = _dict(result.get("latestStatusDetail"))
    code = _text(status.get("derivedCode") or status.get("code"))
    at = _time_of(result, ("ACTUAL_DELIVERY",))
    if code != "DL" or not at:
        return None
    return Scanned(
        "delivered", at, _text(status.get("description")), _place(status.get("scanLocation")), code
    )


def _expected(result: dict[str, Any]) -> str:
    window = _dict(_dict(result.get("estimatedDeliveryTimeWindow")).get("window"))
    return (_time_of(result, EXPECTED) or _moment(window.get("ends")))[:10]


def _time_of(result: dict[str, Any], kinds: tuple[str, ...]) -> str:
    times = {
        _text(one.get("type")): _moment(one.get("dateTime")) for one in _dicts(result.get("dateAndTimes"))
    }
    return next((times[kind] for kind in kinds if times.get(kind)), "")


def _place(place: Any) -> str:
    found = _dict(place)
    parts = (_text(found.get(name)) for name in ("city", "stateOrProvinceCode", "countryCode"))
    return ", ".join(part for part in parts if part)


def _moment(value: Any) -> str:
    """A time with its offset as told; one without is in UTC; what is none is empty."""
    text = _text(value)
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return text if parsed.tzinfo else f"{parsed.isoformat()}+00:00"


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
