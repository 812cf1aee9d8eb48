"""A carrier's webhooks from the signed request to the parcel, through bucket and inbox."""

import hashlib
import hmac
import json
import os
from itertools import permutations
from typing import Any

import boto3
import pytest

from functions.apply_carrier_event.app import lambda_handler as apply_handler
from tests.functional.conftest import Answer, Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product
from tests.functional.staff import approved, ask, command, show

PATH = "/webhooks/carriers/easypost"


def report(number: str, *scans: tuple[str, str], event_id: str = "", carrier: str = "FedEx") -> str:
    """A tracker event whose details are (status, time)."""
    details = [{"status": status, "datetime": f"2026-11-22T{clock}:00Z"} for status, clock in scans]
    tracker = {
        "tracking_code": number,
        "carrier": carrier,
        "status": scans[-1][0],
        "tracking_details": details,
    }
    name = event_id or f"evt_{number}_{'_'.join(status for status, _ in scans)}"
    body = {"id": name, "description": "tracker.updated", "created_at": "2026-11-22T12:00:00Z"}
    return json.dumps(body | {"result": tracker})


def signed(body: str, secret: str = "carrier-secret") -> dict[str, str]:
    digest = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}


def send(call: Call, body: str, headers: dict[str, str] | None = None, path: str = PATH) -> Answer:
    return call("carrier_webhook", "POST", path, body, headers=signed(body) if headers is None else headers)


def objects(prefix: str = "webhooks/") -> list[str]:
    listed = boto3.client("s3").list_objects_v2(Bucket=os.environ["RAW_BUCKET"], Prefix=prefix)
    return [item["Key"] for item in listed.get("Contents", [])]


def work(*keys: str) -> dict[str, Any]:
    """S3 tells the queue of these objects, and the function works through them."""
    bucket = {"name": os.environ["RAW_BUCKET"]}
    records = [
        {
            "messageId": key,
            "body": json.dumps({"Records": [{"s3": {"bucket": bucket, "object": {"key": key}}}]}),
        }
        for key in keys
    ]
    return apply_handler({"Records": records}, None)


def arrive(call: Call, body: str) -> None:
    before = set(objects())
    assert send(call, body).status == 200
    assert work(*(set(objects()) - before or before)) == {"batchItemFailures": []}


def shipped(call: Call, *numbers: str, key: str = "key-1", carrier: str = "fedex") -> str:
    """An order of two units, one in each parcel."""
    order_id: str = place(call, key=key, payment_method="request")["order_id"]
    approved(call, order_id)
    for number in numbers:
        parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": carrier, "tracking_number": number}
        assert command(call, order_id, "ship", parcel).status == 200
    return order_id


def parcels(call: Call, order_id: str) -> list[str]:
    found = sorted(show(call, order_id)["shipments"], key=lambda one: one["tracking_number"])
    return [one["status"] for one in found]


def outcomes(call: Call) -> list[tuple[str, str]]:
    items = ask(call, "GET", "/admin/webhook-events").body["items"]
    return sorted((one["event_id"], one["state"]) for one in items)


@pytest.mark.capability("D13", "D18", "C01")
def test_scans_move_the_parcels_and_the_customer_is_told_once(call: Call) -> None:
    stock_product()
    order_id = shipped(call, "7941", "7942")
    arrive(call, report("7941", ("in_transit", "10:00")))
    assert parcels(call, order_id) == ["in_transit", "shipped"]
    delivered = report("7941", ("in_transit", "10:00"), ("delivered", "15:00"))
    arrive(call, delivered)
    arrive(call, delivered)
    order = show(call, order_id)
    assert (order["fulfilment"], order["lines"][0]["delivered"]) == ("partially_delivered", 1)
    arrive(call, report("7942", ("delivered", "16:00")))
    order = show(call, order_id)
    assert (order["fulfilment"], order["label"]) == ("delivered", "delivered")
    assert [mail["event"] for mail in order["conversation"]].count("delivered") == 2


@pytest.mark.capability("D13")
def test_shuffled_and_doubled_reports_end_alike(call: Call) -> None:
    stock_product(units=100)
    reports = [
        report("7941", ("in_transit", "10:00")),
        report("7941", ("out_for_delivery", "14:00")),
        report("7941", ("delivered", "15:00")),
    ]
    ends = []
    for index, arrival in enumerate(list(permutations(reports))[::2]):
        order_id = shipped(call, f"7941{index}", key=f"key-{index}")
        for body in (*arrival, arrival[0]):
            arrive(call, body.replace("7941", f"7941{index}"))
        order = show(call, order_id)
        told = [mail["event"] for mail in order["conversation"]].count("delivered")
        parcel = {k: order["shipments"][0][k] for k in ("status", "scan_at", "delivered_at")}
        ends.append((parcel, order["lines"][0]["delivered"], order["holds"], told))
    assert ends == [ends[0]] * 3
    assert ends[0][0]["status"] == "delivered"


def test_a_scan_does_not_cost_a_colleague_his_version(call: Call) -> None:
    stock_product()
    order_id = shipped(call, "7941")
    version = show(call, order_id)["version"]
    arrive(call, report("7941", ("in_transit", "10:00")))
    assert command(call, order_id, "hold", {"reason": "manual"}, version=version).status == 200


@pytest.mark.capability("D13")
def test_what_nobody_knows_is_kept_and_counts_once_the_parcel_is_registered(call: Call) -> None:
    stock_product()
    arrive(call, report("79 43", ("in_transit", "10:00"), ("delivered", "15:00"), event_id="evt_early"))
    assert outcomes(call) == [("evt_early", "ignored")]
    order_id = shipped(call, "7943")
    assert parcels(call, order_id) == ["delivered"]
    answer = ask(call, "POST", "/admin/webhook-events/easypost.evt_early/replay")
    assert answer.status == 202
    messages = boto3.client("sqs").receive_message(QueueUrl=os.environ["CARRIER_EVENTS_QUEUE"])["Messages"]
    again = {"Records": [{"messageId": "m", "body": messages[0]["Body"]}]}
    assert apply_handler(again, None) == {"batchItemFailures": []}
    assert outcomes(call) == [("evt_early", "already_applied")]


def test_a_number_of_two_orders_moves_the_parcel_of_its_carrier(call: Call) -> None:
    stock_product()
    with_fedex = shipped(call, "7941", key="a")
    with_dhl = shipped(call, "7941", key="b", carrier="dhl")
    arrive(call, report("7941", ("delivered", "15:00"), carrier="DHLExpress"))
    assert (parcels(call, with_fedex), parcels(call, with_dhl)) == (["shipped"], ["delivered"])


def test_a_carrier_that_nobody_reports_about_is_left_alone(call: Call) -> None:
    stock_product()
    order_id = shipped(call, "7941", carrier="Bicimensajeros")
    arrive(call, report("7941", ("delivered", "15:00"), event_id="evt_1"))
    assert parcels(call, order_id) == ["shipped"]
    assert outcomes(call) == [("evt_1", "ignored")]


@pytest.mark.parametrize(
    ("headers", "body", "path", "status", "kind"),
    [
        ({}, report("1", ("delivered", "10:00")), PATH, 401, "bad-signature"),
        (signed("other"), report("1", ("delivered", "10:00")), PATH, 401, "bad-signature"),
        (signed("not json"), "not json", PATH, 400, "malformed"),
        (signed("{}"), "{}", PATH, 400, "malformed"),
        (signed("{}"), "{}", "/webhooks/carriers/nobody", 404, "not-found"),
    ],
)
def test_a_refused_webhook_starts_nothing(
    call: Call, headers: dict[str, str], body: str, path: str, status: int, kind: str
) -> None:
    answer = send(call, body, headers, path)
    assert (answer.status, answer.body["type"]) == (status, kind)
    assert objects("webhooks/") == []
    assert len(objects("rejected/")) == (1 if status == 401 else 0)


@pytest.mark.capability("G16", "D13")
def test_every_scan_is_readable_as_its_carrier_wrote_it(call: Call) -> None:
    """Kept once however often it is told, in staff's answer alone, and no fact has its words."""
    stock_product()
    order_id = shipped(call, "EZ77")
    body = json.loads(report("EZ77", ("in_transit", "09:00"), ("out_for_delivery", "11:00")))
    body["result"]["tracking_details"][0] |= {
        "datetime": "2026-11-22T03:00:00-06:00",
        "message": "Recibido de Ana <b>Muñoz</b>",
        "tracking_location": {"city": "Puebla", "state": "PUE", "country": "MX"},
    }
    late = report("EZ77", ("pre_transit", "08:00"), event_id="evt_late")
    for one in (json.dumps(body), late, json.dumps(body | {"id": "evt_again"})):
        arrive(call, one)
    seen = show(call, order_id)
    (parcel,) = seen["shipments"]
    assert [(one["status"], one["local"]) for one in parcel["scans"]] == [
        ("pre_transit", "2026-11-22T08:00:00Z"),
        ("in_transit", "2026-11-22T03:00:00-06:00"),
        ("out_for_delivery", "2026-11-22T11:00:00Z"),
    ]
    assert parcel["scans"][1] | {"local": ""} == {
        "at": "2026-11-22T09:00:00.000Z", "local": "", "status": "in_transit", "carrier": "fedex",
        "place": "Puebla, PUE, MX", "message": "Recibido de Ana <b>Muñoz</b>",
    }  # fmt: skip
    assert parcel["status"] == "out_for_delivery"
    assert "Recibido" not in json.dumps(seen["history"])
    page = staff_at("staff").get(f"/orders/{order_id}").text
    assert "Recibido de Ana &lt;b&gt;" in page
    assert "2026-11-22 03:00" in page
    checked = ask(call, "GET", f"/admin/orders/{order_id}/history/verify").body
    assert checked.get("findings", checked.get("problems")) == []
