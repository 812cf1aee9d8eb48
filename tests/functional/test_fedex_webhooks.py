"""FedEx's webhooks from the door to the parcel: signed, stored once, shuffled, and several parcels in one."""

import base64
import hashlib
import hmac
import json
from itertools import permutations
from typing import Any

import pytest

from tests.functional.conftest import Answer, Call
from tests.functional.shop import stock_product
from tests.functional.staff import show
from tests.functional.test_carrier_webhooks import objects, outcomes, parcels, shipped, work

PATH = "/webhooks/carriers/fedex"
# Literals; the signature by `openssl dgst -sha256 -hmac fedex-token-of-before -binary | base64`.
LITERAL = (
    '{"trackResults":[{"trackingNumberInfo":{"trackingNumber":"794658392011"},"scanEvents":'
    '[{"date":"2026-11-22T15:04:00-06:00","eventType":"DL","derivedStatusCode":"DL"}]}]}'
)
SIGNED = "8qbWhp77iEiSyNSg1mbq1q1VmAenHlUg2t7Md7VBK9g="


def report(*parcels_told: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    """A body with the scans (code and time of that day) of some parcels."""
    results = [
        {
            "trackingNumberInfo": {"trackingNumber": number, "carrierCode": "FDXG"},
            "scanEvents": [{"date": f"2026-11-22T{at}:00-06:00", "eventType": code} for code, at in scans],
        }
        for number, scans in parcels_told
    ]
    return json.dumps({"trackResults": results})


def signed(body: str, token: str = "fedex-token") -> dict[str, str]:
    digest = hmac.new(token.encode(), body.encode(), hashlib.sha256).digest()
    return {"fdx-signature": base64.b64encode(digest).decode()}


def send(call: Call, body: str, headers: dict[str, str] | None = None) -> Answer:
    given = signed(body) if headers is None else headers
    return call("carrier_webhook", "POST", PATH, body, headers=given)


def arrive(call: Call, body: str) -> list[str]:
    """The keys under which it was stored, once it is worked through."""
    before = set(objects())
    assert send(call, body).status == 200
    fresh = sorted(set(objects()) - before or before)
    assert work(*fresh) == {"batchItemFailures": []}
    return fresh


@pytest.mark.capability("D13")
def test_a_literal_webhook_under_an_older_token_delivers_its_parcel(call: Call) -> None:
    stock_product()
    order_id = shipped(call, "7946 5839 2011")
    assert send(call, LITERAL, {"Fdx-Signature": SIGNED}).status == 200
    assert work(*objects()) == {"batchItemFailures": []}
    assert parcels(call, order_id) == ["delivered"]
    assert show(call, order_id)["fulfilment"] == "partially_delivered"
    digest = hashlib.sha256(LITERAL.encode()).hexdigest()
    assert objects() == [f"webhooks/carriers/fedex/2026/11/22/{digest}"]
    assert outcomes(call) == [(digest, "applied")]


@pytest.mark.capability("D13", "G16")
def test_shuffled_and_doubled_reports_end_alike(call: Call) -> None:
    stock_product(units=100)
    told = [(("PU", "10:00"),), (("PU", "10:00"), ("OD", "14:00")), (("DL", "15:00"),)]
    ends: list[Any] = []
    for index, arrival in enumerate(permutations(told)):
        number = f"7946{index}"
        order_id = shipped(call, number, key=f"key-{index}")
        for scans in (*arrival, arrival[0]):
            arrive(call, report((number, scans)))
        order = show(call, order_id)
        mails = [mail["event"] for mail in order["conversation"]].count("delivered")
        parcel = {name: order["shipments"][0][name] for name in ("status", "scan_at", "delivered_at")}
        ends.append((parcel, order["lines"][0]["delivered"], mails))
    assert ends == [ends[0]] * 6
    assert ends[0] == (
        {
            "status": "delivered",
            "scan_at": "2026-11-22T21:00:00.000Z",
            "delivered_at": "2026-11-22T21:00:00.000Z",
        },
        1,
        1,
    )


@pytest.mark.capability("D13")
def test_one_report_moves_several_parcels(call: Call) -> None:
    stock_product()
    order_id = shipped(call, "7941", "7942")
    arrive(
        call, report(("7941", (("OD", "10:00"),)), ("0000", (("OD", "10:00"),)), ("7942", (("DL", "11:00"),)))
    )
    assert parcels(call, order_id) == ["out_for_delivery", "delivered"]


def test_the_same_body_twice_is_one_record(call: Call) -> None:
    stock_product()
    order_id = shipped(call, "7941")
    body = report(("7941", (("OD", "10:00"),)))
    assert arrive(call, body) == arrive(call, body)
    [(_, state)] = outcomes(call)
    scans = [fact for fact in show(call, order_id)["history"] if fact["type"] == "ShipmentScanned"]
    assert (state, len(scans)) == ("applied", 1)


def test_what_nobody_knows_counts_once_the_parcel_is_registered(call: Call) -> None:
    stock_product()
    arrive(call, report(("7941", (("DL", "10:00"),))))
    [(_, state)] = outcomes(call)
    assert state == "ignored"
    assert parcels(call, shipped(call, "7941")) == ["delivered"]


@pytest.mark.parametrize(
    ("headers", "body", "status", "kind"),
    [
        ({}, LITERAL, 401, "bad-signature"),
        (signed(LITERAL, "another"), LITERAL, 401, "bad-signature"),
        (signed(LITERAL + " "), LITERAL, 401, "bad-signature"),
        (signed("not json"), "not json", 400, "malformed"),
        (signed("{}"), "{}", 400, "malformed"),
    ],
)
def test_a_refused_webhook_starts_nothing(
    call: Call, headers: dict[str, str], body: str, status: int, kind: str
) -> None:
    answer = send(call, body, headers)
    assert (answer.status, answer.body["type"]) == (status, kind)
    assert objects("webhooks/") == []
    assert len(objects("rejected/")) == (1 if status == 401 else 0)
