"""Drafts in tests: begun, changed and looked at through the real handler."""

from datetime import timedelta
from typing import Any

import boto3

from comanda import wiring
from comanda.stock.rows import product_key
from comanda.times import stamp
from tests.functional.conftest import Answer, Call
from tests.functional.shop import ADDRESS, CUSTOMER
from tests.functional.staff import ask, command

WHOLE: dict[str, Any] = {
    "lines": [{"sku": "CAFE-1", "quantity": 2}],
    "customer": CUSTOMER,
    "shipping_address": ADDRESS,
    "delivery": "ship",
    "payment_method": "bank_transfer",
}


def draft(call: Call, **body: Any) -> dict[str, Any]:
    """Begin a draft and answer what the handler said."""
    answer = ask(call, "POST", "/admin/drafts", body)
    assert answer.status == 201, answer.text
    told: dict[str, Any] = answer.body
    return told


def write(call: Call, order_id: str, version: int, **body: Any) -> Answer:
    return ask(call, "PATCH", f"/admin/drafts/{order_id}", body, headers={"If-Match": f'"{version}"'})


def quoted(call: Call, expires_at: str = "", **body: Any) -> dict[str, Any]:
    """A draft that was sent to its customer, as the staff API shows it."""
    order = draft(call, **(WHOLE | body))["order"]
    until = expires_at or stamp(wiring.now() + timedelta(days=30))
    answer = command(call, order["order_id"], "quote", {"expires_at": until})
    assert answer.status == 200, answer.text
    offered: dict[str, Any] = answer.body["order"]
    return offered


def link_of(order_id: str, serial: int = 1) -> str:
    """The token in the mailed link of a quotation."""
    return wiring.keys().link("quote", order_id, str(serial))


def accept(call: Call, token: str, key: str = "", **more: Any) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return call("accept_quote", "POST", "/quotes/accept", {"token": token, **more}, headers=headers)


def pointers(missing: list[dict[str, str]]) -> list[str]:
    return sorted(one["pointer"] for one in missing)


def withdraw(sku: str) -> None:
    """Take a product off sale."""
    boto3.client("dynamodb").update_item(
        TableName=wiring.stock().table,
        Key={"pk": {"S": product_key(sku)}},
        UpdateExpression="SET active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )
