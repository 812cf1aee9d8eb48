"""Scans of a carrier, told in EasyPost's format and with its signature."""

import hashlib
import hmac
import unicodedata

import pytest

from tests.peers.provider import EASYPOST_SECRET, Peers
from tests.peers.receiver import Received, Receiver

pytestmark = pytest.mark.enable_socket

UPDATED = "tracker.updated"
SCAN = {
    "tracking_code": "EZ1000000001", "carrier": "Estafeta", "status": "in_transit",
    "datetime": "2026-11-21T09:30:00-06:00", "message": "En tránsito", "city": "Mérida", "country": "MX",
}  # fmt: skip


def is_genuine(received: Received) -> bool:
    key = unicodedata.normalize("NFKD", EASYPOST_SECRET).encode()
    digest = hmac.new(key, received.body, hashlib.sha256).hexdigest()
    return received.headers["x-hmac-signature"] == f"hmac-sha256-hex={digest}"


def scan(peers: Peers, **more: object) -> int:
    return peers.control("POST", "/easypost/scans", {**SCAN, **more})[0]


def test_a_scan_is_told_as_a_tracker_update(peers: Peers, receiver: Receiver) -> None:
    assert scan(peers, est_delivery_date="2026-11-25") == 201
    [arrived] = receiver.wait_for(UPDATED)
    assert arrived.path == "/easypost"
    assert is_genuine(arrived)
    event, tracker = arrived.json, arrived.json["result"]
    assert (event["object"], event["mode"], event["status"]) == ("Event", "test", "pending")
    assert event["id"].startswith("evt_")
    assert event["pending_urls"] == [f"{receiver.url}/easypost"]
    assert event["previous_attributes"] == {"status": "unknown"}
    assert (tracker["object"], tracker["tracking_code"], tracker["carrier"], tracker["status"]) == (
        "Tracker", "EZ1000000001", "Estafeta", "in_transit",
    )  # fmt: skip
    assert tracker["est_delivery_date"] == "2026-11-25T00:00:00Z"
    assert tracker["tracking_details"] == [
        {
            "object": "TrackingDetail", "message": "En tránsito", "description": "En tránsito",
            "status": "in_transit", "status_detail": "arrived_at_facility",
            "datetime": "2026-11-21T15:30:00Z", "source": "Estafeta", "carrier_code": None,
            "tracking_location": {
                "object": "TrackingLocation", "city": "Mérida", "state": None, "country": "MX", "zip": None,
            },
        }
    ]  # fmt: skip


def test_scans_gather_on_one_tracker_by_their_own_time(peers: Peers, receiver: Receiver) -> None:
    scan(peers)
    scan(peers, status="delivered", datetime="2026-11-22T18:00:00Z", signed_by="I. Peña")
    scan(peers, status="out_for_delivery", datetime="2026-11-22T15:00:00Z")  # reported late
    scan(peers, carrier="DHL")  # the same code at another carrier
    arrived = receiver.wait_for(UPDATED, UPDATED, UPDATED, UPDATED)
    trackers = [each.json["result"] for each in arrived]
    assert [each["status"] for each in trackers] == ["in_transit", "delivered", "delivered", "in_transit"]
    assert [each.json["previous_attributes"]["status"] for each in arrived] == [
        "unknown", "in_transit", "delivered", "unknown",
    ]  # fmt: skip
    assert len({each["id"] for each in trackers[:3]}) == 1
    assert trackers[3]["id"] != trackers[0]["id"]
    late = trackers[2]
    assert [each["status"] for each in late["tracking_details"]] == [
        "in_transit", "out_for_delivery", "delivered",
    ]  # fmt: skip
    assert (late["finalized"], late["signed_by"]) == (True, "I. Peña")


def test_the_faults_apply_to_it_too(peers: Peers, receiver: Receiver) -> None:
    receiver.status = lambda path, headers, body: 200
    peers.fault("reorder", peer="easypost")
    peers.fault("corrupt", peer="easypost")
    scan(peers, tracking_code="FIRST")
    scan(peers, tracking_code="SECOND")
    receiver.wait_for(UPDATED, UPDATED, UPDATED)
    seen = [(each.json["result"]["tracking_code"], is_genuine(each)) for each in receiver.all]
    assert seen == [("SECOND", False), ("SECOND", True), ("FIRST", True)]
    assert {each["peer"] for each in peers.deliveries()} == {"easypost"}
    assert peers.deliveries("?peer=stripe") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "lost"}, {"tracking_code": ""}, {"carrier": None}, {"datetime": "yesterday"},
        {"datetime": "2026-11-21T09:30:00"}, {"est_delivery_date": "soon"}, {"weight": "2"}, {"message": 7},
    ],
)  # fmt: skip
def test_a_senseless_scan_is_refused(peers: Peers, wrong: dict[str, object]) -> None:
    assert scan(peers, **wrong) == 400
    assert peers.deliveries() == []
