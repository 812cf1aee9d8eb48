"""EasyPost's format, signature and words."""

import json
from typing import Any

import pytest

from comanda.errors import BadSignature, Malformed
from comanda.fulfilment.easypost import read, verify
from comanda.fulfilment.tracking import Scan

# The body and signature that EasyPost's own client libraries (go, python, node) test with.
SECRET = "s\u00e9cret"
SIGNED = "hmac-sha256-hex=e93977c8ccb20363d51a62b3fe1fc402b7829be1152da9e88cf9e8d07115a46b"
BODY = (
    b'{"result":{"id":"batch_123...","object":"Batch","mode":"test","state":"created","num_shipments":0,'
    b'"reference":null,"created_at":"2022-07-26T17:22:32Z","updated_at":"2022-07-26T17:22:32Z",'
    b'"scan_form":null,"shipments":[],"status":{"created":0,"queued_for_purchase":0,"creation_failed":0,'
    b'"postage_purchased":0,"postage_purchase_failed":0},"pickup":null,"label_url":null},'
    b'"description":"batch.created","mode":"test","previous_attributes":null,"completed_urls":null,'
    b'"user_id":"user_123...","status":"pending","object":"Event","id":"evt_123..."}'
)


@pytest.mark.parametrize("secrets", [[SECRET], ["se\u0301cret"], ["another", SECRET]])
def test_any_active_secret_verifies(secrets: list[str]) -> None:
    verify(BODY, {"X-Hmac-Signature": SIGNED}, secrets)


@pytest.mark.parametrize(
    ("body", "header", "secrets"),
    [
        (BODY + b" ", SIGNED, [SECRET]),
        (BODY, SIGNED, ["another"]),
        (BODY, SIGNED, []),
        (BODY, SIGNED[:-1], [SECRET]),
        (BODY, "hmac-sha256-hex=", [SECRET]),
        (BODY, "hmac-sha256-hex=é", [SECRET]),
        (BODY, "", [SECRET]),
    ],
)
def test_anything_else_is_refused(body: bytes, header: str, secrets: list[str]) -> None:
    with pytest.raises(BadSignature):
        verify(body, {"x-hmac-signature": header}, secrets)


def event(**tracker: Any) -> bytes:
    result = {"tracking_code": "EZ1", "carrier": "FedEx", "status": "in_transit", "tracking_details": []}
    return json.dumps({"id": "evt_1", "description": "tracker.updated", "result": result | tracker}).encode()


def detail(status: str, at: str, **more: Any) -> dict[str, Any]:
    return {"status": status, "datetime": at, **more}


def test_scans_come_from_the_details_in_their_order() -> None:
    details = [
        detail(
            "in_transit",
            "2026-11-22T04:00:00-06:00",
            message="Departed facility",
            tracking_location={"city": "Puebla", "state": "PUE", "country": "MX", "zip": None},
        ),
        detail("pre_transit", "2026-11-21T18:00:00Z"),
        detail("unknown", "2026-11-21T19:00:00Z"),
        detail("in_transit", "soon"),
        "nonsense",
    ]
    report = read(event(tracking_details=details, est_delivery_date="2026-11-25T00:00:00Z"))
    assert (report.event_id, report.kind, report.tracking_number) == ("evt_1", "tracker.updated", "EZ1")
    first, second = ("2026-11-21T18:00:00.000Z", "2026-11-22T10:00:00.000Z")
    assert report.scans == (
        Scan("fedex", "EZ1", "pre_transit", first, local="2026-11-21T18:00:00Z"),
        Scan(
            "fedex",
            "EZ1",
            "in_transit",
            second,
            "2026-11-25T12:00:00.000Z",
            local="2026-11-22T04:00:00-06:00",
            place="Puebla, PUE, MX",
            message="Departed facility",
        ),
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"status": "failure", "status_detail": "delayed"}, "exception"),
        ({"status": "failure", "status_detail": "lost"}, "lost"),
        ({"status": "return_to_sender"}, "returned_to_sender"),
        ({"status": "available_for_pickup"}, "available_for_pickup"),
        ({"status": "cancelled"}, "exception"),
    ],
)
def test_their_words_become_ours(theirs: dict[str, Any], ours: str) -> None:
    scans = read(event(tracking_details=[theirs | {"datetime": "2026-11-21T18:00:00Z"}], **theirs)).scans
    assert [scan.status for scan in scans] == [ours]


def test_a_tracker_without_details_speaks_for_itself() -> None:
    scans = read(event(status="delivered", updated_at="2026-11-21T18:00:00Z")).scans
    at = "2026-11-21T18:00:00Z"
    assert scans == (Scan("fedex", "EZ1", "delivered", "2026-11-21T18:00:00.000Z", local=at),)


def test_other_events_move_nothing() -> None:
    assert read(b'{"id": "evt_2", "description": "batch.updated", "result": {}}').scans == ()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"text"', b"\xff", b'{"id": 1}'])
def test_what_is_no_event_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(body)
