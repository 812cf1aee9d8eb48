"""What a page of the back office asks of DynamoDB beside the bare reads it cannot do without, and its weight.

python -m local.bench.screens
"""

import json
import logging
import os
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

ORDERS, SHOWN = 60, 50  # placed before, and rows on the first page of the list
MOST_BYTES = 150_000  # the first page of the list with everything it brings
SITE = "/back-office"
POOL = "us-east-1_pool"  # nobody is asked who a session belongs to within its first minute


@dataclass
class Meter:
    """Requests and read units since `begin`, as AWS's own engine counts them."""

    requests: int = 0
    units: float = 0.0

    def attach(self, client: Any) -> None:
        client.meta.events.register("provide-client-params.dynamodb.*", _ask_for_figures)
        client.meta.events.register("after-call.dynamodb.*", self._after)

    def begin(self) -> None:
        self.requests, self.units = 0, 0.0

    def _after(self, parsed: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity") or []
        self.requests += 1
        self.units += sum(
            one["CapacityUnits"] for one in (consumed if isinstance(consumed, list) else [consumed])
        )


def _ask_for_figures(params: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {**params, "ReturnConsumedCapacity": "TOTAL"}


def measure() -> dict[str, Any]:
    """The list and an order's page, each as somebody opens it a second time."""
    from local.bench.engine import aws

    logging.disable(logging.CRITICAL)
    with aws() as database:
        order_id = _shop()
        meter = Meter()
        from comanda.dynamo.client import client

        meter.attach(client())
        browser = _Browser()
        pages = [
            _page("list of orders", "/orders", browser, meter, _bare_list(database)),
            _page("order", f"/orders/{order_id}", browser, meter, _bare_order(database, order_id)),
        ]
        weight = browser.weight("/orders")
    return {
        "name": "screens",
        "pages": pages,
        "bytes": weight,
        "most_bytes": MOST_BYTES,
        "met": weight <= MOST_BYTES,
    }


def _shop() -> str:
    """Orders of three lines; the id of the newest."""
    from functions.place_order.app import lambda_handler as place
    from tests.functional.conftest import http_event
    from tests.functional.shop import order_body, set_section, stock_product

    set_section("limits", per_address=10_000, per_email=10_000)
    skus = ("CAFE-1", "CAFE-2", "TAZA-1")
    for sku in skus:
        stock_product(sku, units=10_000)
    body = order_body(lines=[{"sku": sku, "quantity": 1} for sku in skus])
    for number in range(ORDERS):
        event = http_event("POST", "/orders", body, headers={"Idempotency-Key": f"key-{number}"})
        answer = place(event, None)
        assert answer["statusCode"] == 201, answer
    return str(json.loads(answer["body"])["order_id"])


class _Browser:
    """Somebody of the staff who has just signed in; `answer` is what the function gives the gateway."""

    def __init__(self) -> None:
        from tests.functional.screens.visitor import staff_at

        os.environ["USER_POOL"] = POOL
        self.cookies = staff_at().cookies

    def answer(self, address: str) -> dict[str, Any]:
        from functions.back_office.app import lambda_handler
        from tests.functional.conftest import http_event

        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"accept": "text/html", "accept-encoding": "gzip", "cookie": kept}
        found: dict[str, Any] = lambda_handler(http_event("GET", address, None, headers=headers), None)
        if found["statusCode"] != 200:
            raise SystemExit(f"{address}: {found['statusCode']} {str(found['body'])[:500]}")
        return found

    def weight(self, address: str) -> int:
        """Bytes of a page and of all that it brings, compressed as they travel."""
        import gzip

        page = self.answer(SITE + address)
        raw = _sent(page)
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
        brought = set(re.findall(rf'(?:src|href)="({SITE}/static/[^"]+)"', text))
        return len(raw) + sum(len(_sent(self.answer(file))) for file in brought)


def _sent(answer: dict[str, Any]) -> bytes:
    body = str(answer["body"])
    return b64decode(body) if answer.get("isBase64Encoded") else body.encode()


def _page(name: str, address: str, browser: _Browser, meter: Meter, bare: float) -> dict[str, Any]:
    browser.answer(SITE + address)
    meter.begin()
    browser.answer(SITE + address)
    return {"page": name, "requests": meter.requests, "units": meter.units, "bare_units": bare}


def _bare_list(database: Any) -> float:
    """The rows of one page from the partition of the index that holds most of them, newest first."""
    items = database.scan(TableName="OrdersTable", ProjectionExpression="created_pk")["Items"]
    found = [
        database.query(
            TableName="OrdersTable",
            IndexName="created",
            KeyConditionExpression="created_pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ScanIndexForward=False,
            Limit=SHOWN,
            ReturnConsumedCapacity="TOTAL",
        )
        for partition in {item["created_pk"]["S"] for item in items if "created_pk" in item}
    ]
    return float(max(one["ConsumedCapacity"]["CapacityUnits"] for one in found))


def _bare_order(database: Any, order_id: str) -> float:
    """Everything that is kept of an order, read once and consistently."""
    found = database.query(
        TableName="OrdersTable",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": order_id}},
        ConsistentRead=True,
        ReturnConsumedCapacity="TOTAL",
    )
    return float(found["ConsumedCapacity"]["CapacityUnits"])


def main() -> int:
    print(json.dumps(measure()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
