"""Many buyers at once for few units, through the real checkout, on AWS's own DynamoDB engine.

Runs in a process of its own (`python -m tests.engine.race '{"buyers": 200, …}'`) and prints what it saw.
Threads call the checkout below the router, which serves one request at a time as Lambda does.
"""

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from comanda import wiring
from comanda.errors import Problem
from comanda.orders.wire import OrderBody
from comanda.runtime.http import passing
from comanda.storefront.checkout import place
from local.bench.engine import aws
from tests.faults import Faults
from tests.functional.conftest import http_event
from tests.functional.shop import level, order_body, set_section, stock_product

THREADS = 32


def buy(number: int, lines: list[dict[str, Any]], start: Barrier | None, key: str = "") -> dict[str, Any]:
    """One buyer's request, as the handler would answer it."""
    contact = {"email": f"buyer-{number}@example.com", "name": f"Comprador {number}"}
    body = OrderBody.model_validate(order_body(lines=lines, customer=contact))
    event = http_event("POST", "/orders")
    if start:
        start.wait()
    try:
        answer = place(body, event, key or f"key-{number}", wiring.checkout())
    except Problem as problem:
        return {"status": problem.status, "type": problem.type}
    except (ClientError, BotoCoreError) as error:
        busy = passing(error)
        return {"status": busy.status, "type": busy.type} if busy else {"status": 500, "type": str(error)}
    return {"status": 201, "order_id": answer.body["order_id"], "number": answer.body["number"]}


def orders(database: Any) -> list[dict[str, int]]:
    """Every order in the table with what its lines reserve."""
    items = database.scan(TableName="OrdersTable", ConsistentRead=True)
    found = []
    while True:
        for item in items["Items"]:
            if item["sk"]["S"] == "ORDER":
                lines = json.loads(item["body"]["S"])["lines"]
                found.append(
                    {"reserved": sum(line.get("reserved", 0) for line in lines), "lines": len(lines)}
                )
        if "LastEvaluatedKey" not in items:
            return found
        items = database.scan(
            TableName="OrdersTable", ConsistentRead=True, ExclusiveStartKey=items["LastEvaluatedKey"]
        )


def main(asked: dict[str, Any]) -> dict[str, Any]:
    with aws() as database:
        set_section("limits", per_address=1_000_000, per_email=1_000_000)
        stock_product(units=asked["units"])
        faults = Faults(
            asked.get("seed", 1),
            rate=asked.get("rate", 0),
            lost=asked.get("lost", 0),
            throttled=asked.get("throttled", 0),
        )
        faults.install()
        lines = [{"sku": "CAFE-1", "quantity": quantity} for quantity in asked.get("quantities", [1])]
        key = asked.get("key", "")
        wiring.checkout()
        start = Barrier(min(THREADS, asked["buyers"]))
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(
                pool.map(
                    lambda n: buy(0 if key else n, lines, start if n < start.parties else None, key),
                    range(asked["buyers"]),
                )
            )
        faults.rate = faults.lost = faults.throttled = 0
        placed = [answer for answer in answers if answer["status"] == 201]
        return {
            "statuses": dict(Counter(str(answer["status"]) for answer in answers)),
            "types": dict(Counter(answer["type"] for answer in answers if "type" in answer)),
            "ids": len({answer["order_id"] for answer in placed}),
            "numbers": len({answer["number"] for answer in placed}),
            "stock": level(),
            "orders": orders(database),
            "faults": dict(faults.counts),
        }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))  # noqa: T201
