"""One process that places orders through the real handlers; `checkout` starts it.

    python -m local.bench.shopper <mode> <recipe file> <serial>

Modes: `canned` (answers as recorded, no network), `bare` (the recorded requests by boto3 alone), `live`
(cart and order against the engine), `hot` (one product, conflicts injected).
"""

import copy
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from local.bench.canned_tables import _Body
from local.bench.from_cart import SKUS
from local.bench.recipe import read

WARM, ORDERS = 60, 300
LIVE_WARM, LIVE_ORDERS = 20, 60
CONFLICTS = 0.3


def main() -> int:
    mode, file, serial = sys.argv[1:]
    recipe = read(Path(file))
    result = {"canned": canned, "bare": bare, "live": live, "hot": hot}[mode](recipe, int(serial))
    print("\n" + json.dumps(result))
    return 0


def answer(body: str) -> Any:
    from botocore.awsrequest import AWSResponse
    from botocore.compat import HTTPHeaders

    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.0"
    return AWSResponse("https://dynamodb.us-east-1.amazonaws.com", 200, headers, _Body(body.encode()))


def like(operation: str, params: dict[str, Any]) -> str:
    """Requests of one kind are answered alike: UpdateItem RATE, GetItem SECTION, BatchGetItem, …"""
    if "Key" not in params:
        return operation
    family, mark, _ = params["Key"]["pk"]["S"].partition("#")
    return f"{operation} {family if mark else 'one'}"


def play(recipe: dict[str, Any], client: Any) -> None:
    """Answer every request as the engine answered its like, in place of the network."""
    recorded = recipe["answers"]

    def played(target: str, body: bytes) -> str:
        found: str = recorded[like(target.split(".")[1], json.loads(body))]
        return found

    def on_send(request: Any, **_: Any) -> Any:
        return answer(played(request.headers["X-Amz-Target"].decode(), request.body))

    client.meta.events.register("before-send.dynamodb", on_send)
    if hasattr(client, "wire"):
        client.wire.send = lambda headers, body: (200, played(headers["x-amz-target"], body).encode())


def secrets(recipe: dict[str, Any]) -> None:
    from comanda.dynamo.client import session

    body = json.dumps({"SecretString": json.dumps(recipe["secret"])})
    session().register("before-send.secrets-manager", lambda **_: answer(body))


def handler() -> Any:
    from functions.place_order.app import lambda_handler

    return lambda_handler


def asked(recipe: dict[str, Any], name: str, serial: int, number: int, **changes: Any) -> dict[str, Any]:
    """The recorded event as another customer sends it."""
    event: dict[str, Any] = copy.deepcopy(recipe[name])
    event["headers"]["idempotency-key"] = f"key-{serial}-{number}"
    event["requestContext"]["http"]["sourceIp"] = f"10.{serial}.{number // 200}.{number % 200}"
    body = json.loads(event["body"])
    if "customer" in body:
        body["customer"]["email"] = f"ana-{serial}-{number}@example.com"
    event["body"] = json.dumps(body | changes)
    return event


def canned(recipe: dict[str, Any], serial: int) -> dict[str, Any]:
    from comanda.dynamo.client import client

    secrets(recipe)
    play(recipe, client())
    place = handler()
    events = [asked(recipe, "order", serial, number) for number in range(WARM + ORDERS)]
    for event in events[:WARM]:
        assert place(event, None)["statusCode"] == 201
    begin = time.process_time()
    for event in events[WARM:]:
        place(event, None)
    return {"ms": (time.process_time() - begin) / ORDERS * 1000}


def bare(recipe: dict[str, Any], serial: int) -> dict[str, Any]:
    """`serial` 1: with botocore's validation of parameters switched off, as ours has it."""
    import boto3
    from botocore import xform_name
    from botocore.config import Config

    client = boto3.client("dynamodb", config=Config(parameter_validation=not serial))
    play(recipe, client)
    calls = [(getattr(client, xform_name(name)), params) for name, params in recipe["requests"]]

    def order() -> None:
        for call, params in calls:
            call(**params)

    for _ in range(WARM):
        order()
    begin = time.process_time()
    for _ in range(ORDERS):
        order()
    return {"ms": (time.process_time() - begin) / ORDERS * 1000}


def live(recipe: dict[str, Any], serial: int) -> dict[str, Any]:
    """From cart to placed: two calls of the API, two lines, real requests to the engine.

    Only what both handlers spend is counted, not what a customer does in between.
    """
    from functions.storefront.app import lambda_handler as cart

    secrets(recipe)
    place = handler()
    lines = [{"sku": sku, "quantity": 1} for sku in SKUS]
    spent = [0.0]

    def answered(handle: Any, event: dict[str, Any]) -> dict[str, Any]:
        begin = time.process_time()
        answer: dict[str, Any] = handle(event, None)
        spent[-1] += time.process_time() - begin
        assert answer["statusCode"] == 201, answer
        found: dict[str, Any] = json.loads(answer["body"])
        return found

    for number in range(LIVE_WARM + LIVE_ORDERS):
        made = answered(cart, asked(recipe, "cart", serial, number, lines=lines))
        bought = {"lines": None, "cart_id": made["cart_id"]}
        answered(place, asked(recipe, "order", serial, number, **bought))
        spent.append(0.0)
    return {"ms": sum(spent[LIVE_WARM:]) / LIVE_ORDERS * 1000, "orders": LIVE_WARM + LIVE_ORDERS}


def hot(recipe: dict[str, Any], serial: int) -> dict[str, Any]:
    """Everybody wants one unit of the same product; some writes meet a conflict."""
    from comanda.dynamo.client import client

    secrets(recipe)
    chance = random.Random(serial)
    injected = Counter[str]()

    wire = client().wire
    send = wire.send

    def sent(headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if not headers["x-amz-target"].endswith(".TransactWriteItems"):
            return send(headers, body)  # type: ignore[no-any-return]
        if chance.random() >= CONFLICTS:
            injected["sent"] += 1
            return send(headers, body)  # type: ignore[no-any-return]
        injected["conflicts"] += 1
        reasons = [{"Code": "TransactionConflict"}]
        reasons += [{"Code": "None"}] * (len(json.loads(body)["TransactItems"]) - 1)
        kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
        refused = {"__type": kind, "CancellationReasons": reasons, "Message": ""}
        return 400, json.dumps(refused).encode()

    wire.send = sent
    place = handler()
    lines = [{"sku": recipe["hot"], "quantity": 1}]
    events = (asked(recipe, "order", serial, number, lines=lines) for number in range(recipe["wishes"]))
    statuses = Counter(str(place(event, None)["statusCode"]) for event in events)
    return {"statuses": dict(statuses), **injected}


if __name__ == "__main__":
    raise SystemExit(main())
