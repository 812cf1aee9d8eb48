"""The yardstick: what anybody would write first with boto3 and csv.writer."""

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import boto3

from local.bench.canned_tables import CannedTables, use

ZONE = ZoneInfo("America/Mexico_City")
ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
TOTALS = ("subtotal", "discount", "surcharge", "shipping", "tax", "total")


class Counting(io.RawIOBase):
    """A file that only counts."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.size += len(data)
        return len(data)


def prepare(tables: CannedTables, profile: str) -> Callable[[], tuple[int, int]]:
    client: Any = boto3.client("dynamodb")
    use([client], tables)

    def work() -> tuple[int, int]:
        raw = Counting()
        rows = 0
        with io.TextIOWrapper(io.BufferedWriter(raw, 1 << 20), "utf-8", newline="") as file:
            writer = csv.writer(file)
            for order_id in _ids(client):
                for row in _rows(_load(client, order_id), profile):
                    writer.writerow(row)
                    rows += 1
            file.flush()
            return rows, raw.size

    return work


def _ids(client: Any) -> Iterator[str]:
    for page in client.get_paginator("query").paginate(
        TableName="orders",
        IndexName="updated",
        KeyConditionExpression="updated_pk = :pk AND updated_sk > :after",
        ExpressionAttributeValues={":pk": {"S": "ORDER#0"}, ":after": {"S": "0"}},
    ):
        for item in page["Items"]:
            yield item["pk"]["S"]


def _load(client: Any, order_id: str) -> dict[str, Any]:
    answer = client.query(
        TableName="orders",
        KeyConditionExpression="pk = :pk AND sk > :from",
        ExpressionAttributeValues={":pk": {"S": order_id}, ":from": {"S": "FACT$"}},
        ConsistentRead=True,
    )
    return {item["sk"]["S"]: json.loads(_text(item["body"])) for item in answer["Items"]}


def _text(body: dict[str, Any]) -> str | bytes:
    """The snapshot lies compressed, the rest as it is."""
    return zlib.decompress(body["B"]) if "B" in body else body["S"]


def _rows(found: dict[str, Any], profile: str) -> Iterator[list[Any]]:
    """The same columns as ours, taken from the JSON as it lies there."""
    order, contact = found["ORDER"], found.get("PII#contact", {})
    shipping, billing = found.get("PII#shipping", {}), found.get("PII#billing", {})
    local = datetime.fromisoformat(order["created_at"]).astimezone(ZONE)
    row = [
        "new",
        order["number"],
        order["order_id"],
        order["version"],
        order["created_at"],
        local.strftime("%Y-%m-%d %H:%M:%S"),
        order["updated_at"],
        order["channel"],
        order["lifecycle"],
        order.get("payment", "none"),
        order.get("fulfilment", "unfulfilled"),
        order.get("returns", "none"),
        order.get("approved", False),
        order.get("cancel_reason", ""),
        *(contact.get(name, "") for name in ("name", "email", "phone", "company", "tax_id")),
        *(shipping.get(name, "") for name in ADDRESS),
        *(billing.get(name, "") for name in ADDRESS),
        order["delivery"],
        order["method"],
        order["currency"],
        *(f"{order['totals'][name] / 100:.2f}" for name in TOTALS),
        order["totals"]["tax_included"],
        order.get("discount_code", ""),
        found.get("PII#purchase_order", ""),
        found.get("PII#comment", ""),
        found.get("PII#fields", ""),
        len(order["lines"]),
    ]
    if profile == "orders":
        yield row
        return
    for line in order["lines"]:
        yield [
            *row,
            line["line_id"],
            line["sku"],
            line.get("barcode", ""),
            line["name"],
            line["quantity"],
            f"{line['unit_price'] / 100:.2f}",
            f"{line['subtotal'] / 100:.2f}",
            f"{line['discount'] / 100:.2f}",
            line["tax_ppm"] / 10_000,
            f"{line['tax'] / 100:.2f}",
            f"{line['total'] / 100:.2f}",
            line.get("weight_grams", 0),
            line.get("shipped", 0),
            line.get("delivered", 0),
            line.get("cancelled", 0),
            line.get("returned", 0),
        ]
