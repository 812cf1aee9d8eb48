"""Drafts in tests: begun, changed and looked at through the real handler."""

from typing import Any

import boto3

from comanda import wiring
from comanda.stock.store import product_key
from tests.functional.conftest import Answer, Call
from tests.functional.shop import ADDRESS, CUSTOMER
from tests.functional.staff import ask
from tests.template import tables

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


def pointers(missing: list[dict[str, str]]) -> list[str]:
    return sorted(one["pointer"] for one in missing)


def everything() -> dict[str, list[Any]]:
    """All tables as they are, to see that a refusal changed nothing. Counters aside."""
    database = boto3.client("dynamodb")
    found = {}
    for name in tables():
        items = [i for p in database.get_paginator("scan").paginate(TableName=name) for i in p["Items"]]
        kept = [item for item in items if not item["pk"]["S"].startswith(("COUNTER#", "REGISTRY#", "RATE#"))]
        found[name] = sorted(kept, key=str)
    return found


def withdraw(sku: str) -> None:
    """Take a product off sale."""
    boto3.client("dynamodb").update_item(
        TableName=wiring.stock().table,
        Key={"pk": {"S": product_key(sku)}},
        UpdateExpression="SET active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )
