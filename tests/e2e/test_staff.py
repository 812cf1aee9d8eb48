"""Staff at work: versions and keys, holds, roles, stock; what runs by itself: schedules, bounces."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from local.demo import history
from local.demo.deciding import read_csv
from local.demo.outside import Api, eventually, fresh_key
from local.demo.sftp import fetch
from local.demo.staff import Staff, aws, sign_in
from tests.e2e.shop import Shop

pytestmark = pytest.mark.e2e


def test_a_command_needs_the_version_that_was_seen_and_a_key_that_counts_once(shop: Shop) -> None:
    order = shop.paid()
    body = {
        "lines": [{"sku": sku, "quantity": 1} for sku, _ in order.lines],
        "carrier": "dhl",
        "tracking_number": "JD014600003",
    }
    path = f"/admin/orders/{order.id}/ship"
    version = shop.staff.order(order.id)["version"]
    key, seen = fresh_key(), {"If-Match": f'"{version}"'}

    def refused(headers: dict[str, str], sent: dict[str, Any] = body) -> tuple[int, str]:
        answer = shop.staff.send("POST", path, sent, headers=headers)
        return answer.status, answer.body["type"]

    assert refused(key) == (428, "if-match-missing")
    assert refused(seen) == (400, "idempotency-key-missing")
    assert refused(key | {"If-Match": f'"{version - 1}"'}) == (412, "stale")
    assert order.view()["shipments"] == []
    first = shop.staff.call("POST", path, body, headers=key | seen)
    again = shop.staff.call("POST", path, body, headers=key | seen)
    assert again.headers["idempotent-replay"] == "true"
    assert again.body["result"] == first.body["result"]
    assert refused(key | seen, body | {"tracking_number": "JD2"}) == (422, "idempotency-key-reused")
    assert len(order.view()["shipments"]) == 1


@pytest.mark.capability("D14", "C23", "C24", "D15")
def test_the_mail_about_a_parcel_says_what_when_and_where(shop: Shop) -> None:
    order = shop.paid()
    code = shop.ship(order, expected_at="2026-12-24", tracking_url="https://rastreo.example/guia")
    mail = shop.mailbox.wait("shipped", order.id)
    assert mail["to"] == [order.email]
    name = order.view()["lines"][0]["name"]
    for text in (code, name, "24 de diciembre", "https://rastreo.example/guia"):
        assert text in mail["text"]


def test_a_hold_stops_shipping_and_nothing_else(shop: Shop) -> None:
    order = shop.approved()
    hold = shop.staff.command(order.id, "hold", {"reason": "fraud", "note": "Llamar a la señora Ibáñez"})
    shop.pay(order)
    shop.wait(order, "payment", "paid")
    body = {"lines": [{"sku": order.lines[0][0], "quantity": 1}], "carrier": "dhl", "tracking_number": "1"}
    held = shop.staff.attempt(order.id, "ship", body, fresh_key())
    assert (held.status, held.body["type"], held.body["guard"]) == (409, "wrong-state", "on-hold")
    shop.staff.command(order.id, "release-hold", {"hold_id": hold["result"]["hold_id"]})
    assert shop.staff.attempt(order.id, "ship", body, fresh_key()).status == 200


def test_roles_decide_what_staff_may_do(shop: Shop, stack: dict[str, Any]) -> None:
    picker = Staff(stack["api_url"], sign_in(stack, "picker"))
    assert picker.send("GET", "/admin/orders").status == 403
    assert shop.staff.send("PATCH", "/admin/settings/shop", {}, headers={"If-Match": '"1"'}).status == 403
    assert Api(stack["api_url"]).send("GET", "/admin/orders").status == 401
    assert Api(stack["api_url"], "not.a.token").send("GET", "/admin/orders").status == 401


@pytest.mark.capability("D03", "D21")
def test_stock_is_held_by_orders_and_corrected_by_staff(shop: Shop) -> None:
    order = shop.place()
    sku = order.lines[0][0]

    def level() -> dict[str, int]:
        found: dict[str, int] = shop.staff.get(f"/admin/stock/{sku}")["locations"][0]
        return found

    before = level()
    assert before["available"] == before["on_hand"] - before["reserved"] - before["allocated"]
    body = {"delta": 3, "reason": "conteo", "location": before["location"]}
    shop.staff.call("POST", f"/admin/stock/{sku}/adjust", body, headers=fresh_key())
    after = level()
    assert (after["on_hand"], after["available"]) == (before["on_hand"] + 3, before["available"] + 3)
    gone = {"delta": -after["on_hand"], "reason": "merma", "location": before["location"]}
    refused = shop.staff.send("POST", f"/admin/stock/{sku}/adjust", gone, headers=fresh_key())
    assert refused.status == 409
    assert level() == after


@pytest.mark.capability("A01")
def test_staff_find_an_order_by_number_name_and_sku(shop: Shop) -> None:
    order = shop.place(payment_method="request")
    code = order.lines[0][0]

    def found(text: str) -> set[str]:
        return {item["order_id"] for item in shop.staff.get(f"/admin/orders?limit=100&q={text}")["items"]}

    eventually(lambda: order.id in found(order.number), "found by number", order.number)
    for text in (order.email, "lucia pena", code):
        assert order.id in found(text)
    assert order.id not in found("nadie-se-llama-asi")


@pytest.mark.capability("A18", "G08")
def test_new_orders_go_out_on_schedule_and_a_batch_is_sent_again_byte_for_byte(shop: Shop) -> None:
    order = shop.paid()
    queue = shop.stack["stack"]["outputs"]["ExportRunsQueueUrl"]
    started = datetime.now(UTC).isoformat()
    schedule = shop.stack["stack"]["resources"]["ExportOrdersSchedule"]
    target = aws(shop.stack, "scheduler").get_schedule(Name=schedule)["Target"]
    aws(shop.stack, "sqs").send_message(QueueUrl=queue, MessageBody=target["Input"])

    def batch() -> dict[str, Any] | None:
        found = shop.staff.get("/admin/export-batches?limit=20")["items"]
        done = [b for b in found if b["requested_by"] == "schedule" and b["state"] == "delivered"]
        return next((b for b in done if b["created_at"] >= started[:19]), None)

    sent = eventually(batch, "a batch by schedule", shop.stack["sftp"]["inbox"], 60)
    assert sent is not None
    content = fetch(shop.stack["sftp"], sent["file_name"])
    assert hashlib.sha256(content).hexdigest() == sent["sha256"]
    assert [row["event"] for row in read_csv(content) if row["order_id"] == order.id] == ["new"]
    address = f"/admin/export-batches/{sent['batch_id']}"
    kept = shop.staff.call("GET", f"{address}/file", accept="text/csv").content
    assert kept == content
    shop.staff.call("POST", f"{address}/resend", {}, status=202)
    eventually(lambda: shop.staff.get(address)["state"] == "delivered", "sent again", address)
    assert fetch(shop.stack["sftp"], sent["file_name"]) == content
    shop.ship(order)
    exported = shop.staff.order(order.id)["exported"]
    assert [(each["destination"], each["batch"]) for each in exported] == [("sftp", sent["batch_id"])]


def test_a_bounce_is_recorded_on_the_customer(shop: Shop) -> None:
    """SES tells the default bus, whose rule fills the queue; here nobody tells, so it is put there."""
    order = shop.place(payment_method="request")
    shop.mailbox.wait("verification", order.id)
    now = datetime.now(UTC).isoformat()
    recipient = {"emailAddress": order.email}
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [recipient], "timestamp": now}
    tags = {"ses:configuration-set": [shop.stack["stack"]["outputs"]["MailConfigurationSetName"]]}
    detail = {"eventType": "Bounce", "bounce": bounce, "mail": {"tags": tags, "timestamp": now}}
    event = {"source": "aws.ses", "detail-type": "Email Bounced", "detail": detail}
    queue = shop.stack["stack"]["resources"]["MailEventsQueue"]
    aws(shop.stack, "sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(event))
    customer = shop.staff.order(order.id)["customer"]["customer_id"]
    database, table = aws(shop.stack, "dynamodb"), shop.stack["tables"]["customers"]

    def bounced() -> bool:
        items = database.scan(TableName=table)["Items"]
        return any(customer in str(item) and item.get("bounced_at", {}).get("S") for item in items)

    eventually(bounced, "a bounce recorded", "the log of RecordMailEventFunction")


@pytest.mark.capability("G11")
def test_the_execution_reads_like_the_order_and_its_history_holds(shop: Shop) -> None:
    order = shop.paid()
    shop.scan(shop.ship(order), "delivered")
    shop.wait(order, "lifecycle", "closed")
    arn = shop.staff.order(order.id)["execution_arn"]
    workflow = aws(shop.stack, "stepfunctions")
    eventually(lambda: shop.execution(order) == "SUCCEEDED", "the execution's end", arn)
    events = workflow.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    names = [
        event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event
    ]
    assert names == [
        "Wait for e-mail verification", "After verification", "Wait for approval", "After approval",
        "Wait for payment", "After payment", "Wait for fulfilment", "After fulfilment",
        "Wait for delivery", "After delivery", "Close the order",
    ]  # fmt: skip
    facts = shop.staff.order(order.id)["history"]
    assert history.broken_at(facts) is None
    for place, name in ((0, "data"), (len(facts) // 2, "at")):
        forged = [dict(fact) for fact in facts]
        forged[place][name] = {"forged": True} if name == "data" else "2020-01-01T00:00:00.000Z"
        assert history.broken_at(forged) == place + 1
