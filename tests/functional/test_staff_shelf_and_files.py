"""Stock, product files and export batches through the staff API."""

import json
import os

import boto3
import pytest

from tests.functional.conftest import Call
from tests.functional.shop import level, set_section, stock_product
from tests.functional.staff import ask

FILE = "sku,name_es,name_en,price,tax,stock\nCAFE-9,Café de olla,Pot coffee,120.00,16,7\n"
CSV = {"content-type": "text/csv; charset=utf-8"}


@pytest.mark.capability("D22")
def test_stock_is_corrected_once_per_key(call: Call) -> None:
    stock_product()
    body = {"delta": -3, "reason": "rotos"}
    first = ask(call, "POST", "/admin/stock/CAFE-1/adjust", body, headers={"Idempotency-Key": "k"})
    assert (first.status, first.body["on_hand"], first.body["actor"]) == (200, 7, "staff:user-staff")
    again = ask(call, "POST", "/admin/stock/CAFE-1/adjust", body, headers={"Idempotency-Key": "k"})
    assert (again.body, again.headers["idempotent-replay"]) == (first.body, "true")
    assert level()["available"] == 7
    shown = ask(call, "GET", "/admin/stock/CAFE-1").body
    assert shown["locations"][0]["on_hand"] == 7
    assert [made["reason"] for made in shown["adjustments"]] == ["rotos"]


def test_stock_is_not_corrected_without_a_key_or_below_nothing(call: Call) -> None:
    stock_product()
    body = {"delta": -11, "reason": "rotos"}
    assert ask(call, "POST", "/admin/stock/CAFE-1/adjust", body).body["type"] == "idempotency-key-missing"
    answer = ask(call, "POST", "/admin/stock/CAFE-1/adjust", body, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    assert ask(call, "GET", "/admin/stock/NADA").status == 404
    assert level()["on_hand"] == 10


def test_a_product_file_is_imported_whole_or_not_at_all(call: Call) -> None:
    checked = ask(call, "POST", "/admin/products/import", FILE, headers=CSV, query={"dry_run": "true"})
    assert (checked.status, checked.body["state"], checked.body["rows"]) == (200, "checked", 1)
    assert ask(call, "GET", "/admin/stock/CAFE-9").status == 404
    done = ask(call, "POST", "/admin/products/import", FILE, headers=CSV)
    assert (done.status, done.body["state"], done.body["created"]) == (200, "done", 1)
    assert level("CAFE-9")["available"] == 7
    broken = ask(call, "POST", "/admin/products/import", FILE + "CAFE-8,Té,Tea,abc,16,1\n", headers=CSV)
    assert (broken.status, broken.body["type"]) == (422, "invalid")
    assert broken.body["errors"][0]["pointer"].startswith("/rows/")
    assert ask(call, "GET", "/admin/stock/CAFE-8").status == 404


DESTINATION = {"host": "sftp.example.com", "username": "shop", "host_key": "ssh-ed25519 AAAA"}


@pytest.mark.capability("A15", "A18")
def test_a_run_is_asked_for_once_per_key(call: Call) -> None:
    set_section("exports", destinations={"sftp": DESTINATION})
    body = {"order_ids": ["a", "b"], "mode": "all"}
    first = ask(call, "POST", "/admin/exports/sftp/run", body, headers={"Idempotency-Key": "k"})
    assert first.status == 202
    again = ask(call, "POST", "/admin/exports/sftp/run", body, headers={"Idempotency-Key": "k"})
    assert (again.body, again.headers["idempotent-replay"]) == (first.body, "true")
    other = ask(call, "POST", "/admin/exports/sftp/run", {}, headers={"Idempotency-Key": "k"})
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")
    unkeyed = ask(call, "POST", "/admin/exports/sftp/run", {})
    batches = ask(call, "GET", "/admin/export-batches").body["items"]
    assert [one["batch_id"] for one in batches] == [unkeyed.body["batch_id"], first.body["batch_id"]]
    assert {(one["state"], one["requested_by"]) for one in batches} == {("pending", "staff:user-staff")}
    shown = ask(call, "GET", f"/admin/export-batches/{first.body['batch_id']}").body
    assert (shown["orders"], shown["attempts"], shown["file_name"]) == (0, 0, None)
    queue = boto3.client("sqs").receive_message(
        QueueUrl=os.environ["EXPORT_RUNS_QUEUE"], MaxNumberOfMessages=10
    )
    assert {json.loads(m["Body"])["batch_id"] for m in queue["Messages"]} <= {
        one["batch_id"] for one in batches
    }


def test_a_batch_without_a_file_has_none_to_give(call: Call) -> None:
    set_section("exports", destinations={"sftp": DESTINATION})
    batch_id = ask(call, "POST", "/admin/exports/sftp/run", {}).body["batch_id"]
    assert ask(call, "GET", f"/admin/export-batches/{batch_id}/file").body["guard"] == "batch-without-file"
    assert ask(call, "POST", f"/admin/export-batches/{batch_id}/resend").body["guard"] == "batch-under-way"
    assert ask(call, "GET", "/admin/export-batches/none").status == 404
    assert ask(call, "POST", "/admin/exports/nowhere/run", {}).status == 404
    wrong = ask(call, "POST", "/admin/exports/sftp/run", {"filter": {"payment": "perhaps"}})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "/filter/payment")


@pytest.mark.capability("A18")
def test_naming_no_order_is_not_asking_for_all(call: Call) -> None:
    def waiting() -> str:
        queue = os.environ["EXPORT_RUNS_QUEUE"]
        wanted = "ApproximateNumberOfMessages"
        answer = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=[wanted])
        return answer["Attributes"][wanted]

    set_section("exports", destinations={"sftp": DESTINATION})
    before = waiting()
    for key in ({}, {"Idempotency-Key": "none"}):
        asked = {"order_ids": [], "mode": "all"}
        refused = ask(call, "POST", "/admin/exports/sftp/run", asked, headers=key)
        assert (refused.status, refused.body["type"]) == (422, "invalid")
        assert refused.body["errors"] == [
            {"pointer": "/order_ids", "detail": "name at least one order, or leave it out"}
        ]
    assert ask(call, "GET", "/admin/export-batches").body["items"] == []
    assert waiting() == before
