"""Orders with a long history for tests, and hands that write over items as nobody should."""

import os
from typing import Any

import boto3

from comanda.dynamo.packed import pack, unpack
from tests.functional.conftest import Call
from tests.functional.shop import place, stock_product
from tests.functional.staff import approved, command

RawItem = dict[str, Any]


def storied(call: Call) -> str:
    """An order that several people have had their hands on: paid in parts, held, in two parcels."""
    stock_product()
    stock_product("TE-1", 5800)
    lines = [{"sku": "CAFE-1", "quantity": 2}, {"sku": "TE-1", "quantity": 1}]
    order_id = str(place(call, lines=lines, comment="sin azúcar, por favor")["order_id"])
    approved(call, order_id)
    half = {"amount": {"amount": 10_000, "currency": "MXN"}, "reference": "SPEI 8812"}
    done(call, order_id, "mark-paid", half)
    done(call, order_id, "mark-paid")
    held = done(call, order_id, "hold", {"reason": "manual", "note": "preguntar el color"})
    done(call, order_id, "release-hold", {"hold_id": held["result"]["hold_id"]})
    for number, sku in enumerate(("CAFE-1", "TE-1")):
        parcel = {"lines": [{"sku": sku, "quantity": 1}], "carrier": "dhl", "tracking_number": f"T{number}"}
        done(call, order_id, "ship", parcel)
    return order_id


def done(call: Call, order_id: str, name: str, body: Any = None) -> dict[str, Any]:
    answer = command(call, order_id, name, body)
    assert answer.status == 200, answer.text
    told: dict[str, Any] = answer.body
    return told


def items(order_id: str, prefix: str = "") -> list[RawItem]:
    """The raw items of an order whose sort key begins with `prefix`."""
    answer = boto3.client("dynamodb").query(
        TableName=os.environ["ORDERS_TABLE"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": order_id}},
    )
    return [item for item in answer["Items"] if item["sk"]["S"].startswith(prefix)]


def put(item: RawItem) -> None:
    """Write over an item as somebody with access to the table would."""
    boto3.client("dynamodb").put_item(TableName=os.environ["ORDERS_TABLE"], Item=item)


def remove(item: RawItem) -> None:
    key = {name: item[name] for name in ("pk", "sk")}
    boto3.client("dynamodb").delete_item(TableName=os.environ["ORDERS_TABLE"], Key=key)


def tamper(item: RawItem, old: str, new: str) -> None:
    """Put another text into an item's body."""
    text = unpack(item["body"])
    assert old in text
    changed = text.replace(old, new, 1)
    put(item | {"body": {"S": changed} if "S" in item["body"] else {"B": pack(changed)}})


def snapshot_text(order_id: str) -> str:
    """The snapshot as it is stored."""
    (item,) = items(order_id, "ORDER")
    return text_of(item)


def text_of(item: RawItem) -> str:
    return unpack(item["body"])
