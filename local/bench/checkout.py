"""What placing an order costs: requests, CPU beside bare boto3, CPU from a cart, and a sold-out rush.

python -m local.bench.checkout
"""

import json
import logging
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from local.bench import from_cart, shoppers
from local.bench.recipe import write

MOST_RATIO = 2.0
MOST_REQUESTS, MOST_FROM_CART = 3, 4
ROUNDS = 8  # in turns, and the best of each side counts: what else the machine does comes and goes
SKUS = (*from_cart.SKUS, "TAZA-1")
HOT, HOT_UNITS, BUYERS, WISHES = "OFERTA-1", 40, 3, 20


def main() -> int:
    print(json.dumps(measure()))
    return 0


def measure() -> list[dict[str, Any]]:
    from local.bench.engine import aws

    logging.disable(logging.CRITICAL)
    with aws() as database, tempfile.TemporaryDirectory() as folder:
        recipe, requests = _record(database)
        file = Path(folder) / "recipe.json"
        write(file, recipe)
        return [_cpu(file), requests, from_cart.measure(file, database), _hot(file, database)]


def _record(database: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The requests of one order, their answers, and how many there are from lines and from a cart."""
    from comanda.dynamo.client import client
    from functions.place_order.app import lambda_handler as place
    from functions.storefront.app import lambda_handler as storefront
    from local.bench.recorder import Recorder
    from tests.functional.conftest import SECRETS, http_event
    from tests.functional.shop import order_body, stock_product

    for sku in SKUS:
        stock_product(sku, units=100_000)
    stock_product(HOT, units=HOT_UNITS)
    lines = [{"sku": sku, "quantity": 1} for sku in SKUS]
    key = {"Idempotency-Key": "key"}
    order = http_event("POST", "/orders", order_body(lines=lines), headers=key)
    cart = http_event("POST", "/carts", {"lines": lines}, headers=key)
    recorder = Recorder()
    recorder.attach(client())
    from_lines = _again(place, order, recorder, 1)
    cart_id = json.loads(storefront(cart, None)["body"])["cart_id"]
    bought = {**order, "body": json.dumps(order_body(cart_id=cart_id, lines=None))}
    from_cart = _again(place, bought, recorder, 3)
    recipe = {
        "order": order,
        "cart": cart,
        "secret": SECRETS["SIGNING_SECRET"],
        "answers": recorder.answers,
        "requests": from_lines,
        "hot": HOT,
        "wishes": WISHES,
    }
    counts = [
        Counter(name for name, params in found if not _is_aside(params)) for found in (from_lines, from_cart)
    ]
    sums = [sum(count.values()) for count in counts]
    met = sums[0] <= MOST_REQUESTS and sums[1] <= MOST_FROM_CART
    return recipe, {
        "name": "requests",
        "from_lines": dict(counts[0]),
        "from_cart": dict(counts[1]),
        "count": sums[0],
        "count_from_cart": sums[1],
        "met": met,
    }


def _again(place: Any, event: dict[str, Any], recorder: Any, serial: int) -> list[tuple[str, Any]]:
    """Place it twice: the first takes a block of numbers, the second is what most are like."""
    from local.bench.shopper import asked

    if serial == 1:
        assert place(asked({"order": event}, "order", serial, 1), None)["statusCode"] == 201
    recorder.requests = []
    placed = place(asked({"order": event}, "order", serial, 2), None)
    assert placed["statusCode"] == 201, placed
    found: list[tuple[str, Any]] = list(recorder.requests)
    return found


def _is_aside(params: dict[str, Any]) -> bool:
    """Rate counters protect, and numbers are taken in blocks once a shop is busy."""
    return str(params.get("Key", {}).get("pk", {}).get("S", "")).startswith(("RATE#", "COUNTER#"))


def _cpu(file: Path) -> dict[str, Any]:
    ours, bare, lean = [], [], []
    for number in range(ROUNDS):
        ours.append(shoppers.run("canned", file, number)["ms"])
        bare.append(shoppers.run("bare", file, 0)["ms"])
        lean.append(shoppers.run("bare", file, 1)["ms"])
    ratio = min(ours) / min(bare)
    return {
        "name": "placing",
        "ours_ms": round(min(ours), 2),
        "bare_ms": round(min(bare), 2),
        "bare_without_validation_ms": round(min(lean), 2),
        "ratio": round(ratio, 2),
        "ratio_without_validation": round(min(ours) / min(lean), 2),
        "met": ratio <= MOST_RATIO,
    }


def _hot(file: Path, database: Any) -> dict[str, Any]:
    running = [shoppers.start("hot", file, 40 + number) for number in range(BUYERS)]
    results = [shoppers.result(process) for process in running]
    statuses = sum((Counter(result["statuses"]) for result in results), Counter[str]())
    key = {"pk": {"S": f"{HOT}#main#0"}}
    item = database.get_item(TableName="StockTable", Key=key, ConsistentRead=True)["Item"]
    left, reserved = int(item["available"]["N"]), int(item["reserved"]["N"])
    sold = statuses["201"]
    kept = sold == reserved and left == HOT_UNITS - sold and left >= 0
    return {
        "name": "hot product",
        "units": HOT_UNITS,
        "wishes": BUYERS * WISHES,
        "statuses": dict(statuses),
        "conflicts": sum(result.get("conflicts", 0) for result in results),
        "sent": sum(result.get("sent", 0) for result in results),
        "left": left,
        "met": kept and sold == HOT_UNITS and not any(status >= "500" for status in statuses),
    }


if __name__ == "__main__":
    raise SystemExit(main())
