"""FedEx's signature, the words of its track results, and what is kept of its times."""

import json
from typing import Any

import pytest

from comanda.errors import BadSignature, Malformed
from comanda.fulfilment.carriers.fedex.reading import read
from comanda.fulfilment.carriers.fedex.signature import verify
from comanda.fulfilment.reports import scans_of

# Worked out by `openssl dgst -sha256 -hmac <token> -binary | base64` over these very bytes.
TOKEN, SIGNED = "aiv-security-token-1", "jKKBcrps093x78+URXOhLofvdjXx+fMQu58Dmh6ra/o="
ACCENTED, SIGNED_ACCENTED = "tóken de México", "2MqOKjDfH/+7x1Poplkn89dorz5b8rayvrjN/K/ShwI="
SIGNED_NOTHING = "ga+K6xgyAvy7V5A3x8I+C580ZpG3KFx5gWFZ46F5wjM="
BODY = (
    '{"trackResults":[{"trackingNumberInfo":{"trackingNumber":"794658392011","carrierCode":"FDXE"},'
    '"scanEvents":[{"date":"2026-11-22T15:04:00-06:00","eventType":"DL","eventDescription":"Delivered",'
    '"derivedStatusCode":"DL","scanLocation":{"city":"MÉXICO","countryCode":"MX"}}]}]}'
).encode()


@pytest.mark.capability("D13")
@pytest.mark.parametrize(
    ("body", "signed", "secrets"),
    [
        (BODY, SIGNED, [TOKEN]),
        (BODY, SIGNED, ["another", TOKEN]),
        (BODY, SIGNED, [TOKEN, "another"]),
        (BODY, f" {SIGNED} ", [TOKEN]),
        (BODY, SIGNED_ACCENTED, [ACCENTED]),
        (b"", SIGNED_NOTHING, [TOKEN]),
    ],
)
def test_any_active_token_verifies(body: bytes, signed: str, secrets: list[str]) -> None:
    verify(body, {"Fdx-Signature": signed}, secrets)


@pytest.mark.parametrize(
    ("body", "header", "secrets"),
    [
        (BODY + b" ", SIGNED, [TOKEN]),
        (BODY, SIGNED, ["another"]),
        (BODY, SIGNED, []),
        (BODY, SIGNED[:-1], [TOKEN]),
        (BODY, SIGNED.lower(), [TOKEN]),
        (BODY, SIGNED_NOTHING, [TOKEN]),
        (BODY, "é", [TOKEN]),
        (BODY, "", [TOKEN]),
        (BODY, "", [""]),
    ],
)
def test_anything_else_is_refused(body: bytes, header: str, secrets: list[str]) -> None:
    with pytest.raises(BadSignature):
        verify(body, {"fdx-signature": header}, secrets)


def result(*scans: tuple[str, str], **more: Any) -> dict[str, Any]:
    events = [{"date": at, "eventType": code, "eventDescription": code.lower()} for code, at in scans]
    return {"trackingNumberInfo": {"trackingNumber": "7946"}, "scanEvents": events} | more


def told(*results: dict[str, Any]) -> bytes:
    return json.dumps({"trackResults": list(results)}).encode()


def test_the_offset_of_a_scan_is_kept_and_its_moment_decides() -> None:
    [report] = read(told(result(("OD", "2026-11-22T08:00:00-06:00"), ("IT", "2026-11-22T09:30:00-04:00"))))
    assert [(one.status, one.at) for one in report.scans] == [
        ("in_transit", "2026-11-22T09:30:00-04:00"),
        ("out_for_delivery", "2026-11-22T08:00:00-06:00"),
    ]
    assert [(one.status, one.at, one.local, one.message) for one in scans_of(report)] == [
        ("in_transit", "2026-11-22T13:30:00.000Z", "2026-11-22T09:30:00-04:00", "it"),
        ("out_for_delivery", "2026-11-22T14:00:00.000Z", "2026-11-22T08:00:00-06:00", "od"),
    ]
    assert report.told_at == "2026-11-22T08:00:00-06:00"


def test_both_wrappings_are_read_and_every_parcel_in_them() -> None:
    whole = {"trackingNumber": "7947", "trackResults": [{"scanEvents": []}]}
    body = {"trackResults": [result()], "output": {"completeTrackResults": [whole]}}
    assert [one.tracking_number for one in read(json.dumps(body).encode())] == ["7946", "7947"]


@pytest.mark.parametrize(
    ("code", "derived", "status"),
    [
        ("OC", "IN", "pre_transit"),
        ("PU", "IT", "in_transit"),
        ("XX", "IT", "in_transit"),
        ("OD", "OD", "out_for_delivery"),
        ("HL", "HL", "available_for_pickup"),
        ("DE", "DE", "exception"),
        ("RS", "RS", "returned_to_sender"),
        ("DL", "DL", "delivered"),
        ("XX", "", ""),
    ],
)
def test_the_words_of_fedex(code: str, derived: str, status: str) -> None:
    event = {"date": "2026-11-22T08:00:00-06:00", "eventType": code, "derivedStatusCode": derived}
    [report] = read(told(result(scanEvents=[event])))
    assert [one.status for one in report.scans] == [status]
    assert len(scans_of(report)) == bool(status)


def test_a_delivery_that_only_the_status_tells_counts_once() -> None:
    times = [{"type": "ACTUAL_DELIVERY", "dateTime": "2026-11-22T15:04:00-06:00"}]
    latest = {"code": "DL", "derivedCode": "DL", "description": "Delivered"}
    alone = result(("OD", "2026-11-22T08:00:00-06:00"), latestStatusDetail=latest, dateAndTimes=times)
    known = result(("DL", "2026-11-22T15:04:00-06:00"), latestStatusDetail=latest, dateAndTimes=times)
    assert [one.status for one in read(told(alone))[0].scans] == ["out_for_delivery", "delivered"]
    assert [one.status for one in read(told(known))[0].scans] == ["delivered"]


def test_the_expected_day_is_that_of_the_place() -> None:
    times = [{"type": "ESTIMATED_DELIVERY", "dateTime": "2026-11-24T23:30:00-06:00"}]
    [report] = read(told(result(("IT", "2026-11-22T08:00:00-06:00"), dateAndTimes=times)))
    assert report.expected_on == "2026-11-24"
    assert scans_of(report)[-1].expected_at == "2026-11-24T12:00:00.000Z"


def test_what_is_no_time_is_no_scan_and_one_without_an_offset_is_in_utc() -> None:
    [report] = read(told(result(("IT", "yesterday"), ("IT", "2026-11-22T08:00:00"))))
    assert [one.at for one in report.scans] == ["2026-11-22T08:00:00+00:00"]


@pytest.mark.parametrize("body", [b"", b"nothing", b"[]", b"{}", b'{"trackResults": {}}', b'{"output": 1}'])
def test_what_is_no_report_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(body)
