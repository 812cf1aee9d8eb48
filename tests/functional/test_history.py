"""The stored history: one flipped byte is named, and any past state can be had again."""

import json
import os
from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.canonical import canonical
from comanda.errors import NotFound
from comanda.ids import new_id
from comanda.orders.approve import approving
from comanda.orders.evolve import replay
from comanda.orders.hold import holding, releasing_hold
from comanda.orders.verify_history import Finding, verify_history
from comanda.origin import Origin
from comanda.payments.mark_paid import marking_paid
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.shop import place, stock_product


def origin() -> Origin:
    return Origin("staff:1", "request:1", stamp(wiring.now()))


@pytest.fixture
def order_id(call: Call) -> str:
    """An order that several people have had their hands on."""
    stock_product()
    placed = str(place(call, comment="sin azúcar, por favor")["order_id"])
    desk = wiring.desk()
    desk.run(placed, marking_paid(origin(), new_id), origin())
    desk.run(placed, approving, origin())
    held = desk.run(placed, holding("manual", "ask about colour", origin(), new_id), origin())
    desk.run(placed, releasing_hold(held.result["hold_id"]), origin())
    return placed


def findings(order_id: str) -> list[Finding]:
    return verify_history(order_id, wiring.orders())


def items(order_id: str, prefix: str) -> list[dict[str, Any]]:
    answer = boto3.client("dynamodb").query(
        TableName=os.environ["ORDERS_TABLE"],
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues={":pk": {"S": order_id}, ":sk": {"S": prefix}},
    )
    found: list[dict[str, Any]] = answer["Items"]
    return found


def tamper(item: dict[str, Any], old: str, new: str, attribute: str = "body") -> None:
    """Write over an item as somebody with access to the table would."""
    assert old in item[attribute]["S"]
    changed = item | {attribute: {"S": item[attribute]["S"].replace(old, new, 1)}}
    boto3.client("dynamodb").put_item(TableName=os.environ["ORDERS_TABLE"], Item=changed)


@pytest.mark.capability("G09", "C07")
def test_a_history_that_nobody_touched_is_whole(order_id: str) -> None:
    assert findings(order_id) == []
    with pytest.raises(NotFound):
        findings("nobody")


@pytest.mark.parametrize("commit", range(5))
@pytest.mark.capability("G09")
def test_one_flipped_byte_is_named(order_id: str, commit: int) -> None:
    item = items(order_id, "FACT#")[commit]
    before = sum(len(json.loads(one["body"]["S"])) for one in items(order_id, "FACT#")[:commit])
    tamper(item, '"actor":"', '"actor":"x')
    assert findings(order_id) == [Finding("fact", str(before + 1))]


@pytest.mark.capability("G09")
def test_a_commit_taken_out_is_named(order_id: str) -> None:
    commits = items(order_id, "FACT#")
    database = boto3.client("dynamodb")
    database.delete_item(TableName=os.environ["ORDERS_TABLE"], Key={k: commits[-1][k] for k in ("pk", "sk")})
    (finding,) = findings(order_id)
    assert finding.what == "end"
    database.delete_item(TableName=os.environ["ORDERS_TABLE"], Key={k: commits[1][k] for k in ("pk", "sk")})
    (finding,) = findings(order_id)
    assert finding.what == "fact"


@pytest.mark.capability("G09")
def test_an_order_changed_behind_its_history_is_named(order_id: str) -> None:
    (snapshot,) = items(order_id, "ORDER")
    tamper(snapshot, '"approved":true,', "")
    assert findings(order_id) == [Finding("order", "approved")]
    (entry, *_) = items(order_id, "LEDGER#manual:capture")
    tamper(entry, '"amount":23200', '"amount":23201')
    assert findings(order_id) == [Finding("order", "approved"), Finding("order", "ledger")]


@pytest.mark.capability("G09")
def test_a_changed_text_is_named_and_an_erased_one_is_not_missed(order_id: str) -> None:
    (comment,) = items(order_id, "PII#comment")
    tamper(comment, "sin azúcar", "con azúcar")
    assert findings(order_id) == [Finding("text", "comment")]
    boto3.client("dynamodb").delete_item(
        TableName=os.environ["ORDERS_TABLE"], Key={k: comment[k] for k in ("pk", "sk")}
    )
    assert findings(order_id) == []


def test_the_history_holds_nothing_personal(order_id: str) -> None:
    everything = "".join(item["body"]["S"] for item in items(order_id, "FACT#") + items(order_id, "ORDER"))
    for personal in ("ana@example.com", "Muñoz", "1234", "Obregón", "azúcar", "colour"):
        assert personal not in everything


@pytest.mark.capability("G17")
def test_any_past_state_is_rebuilt_as_it_was_stored(call: Call) -> None:
    stock_product()
    order_id = str(place(call)["order_id"])
    desk, stored = wiring.desk(), []
    commands = [marking_paid(origin(), new_id), approving, holding("fraud", "", origin(), new_id)]
    stored.append(items(order_id, "ORDER")[0]["body"]["S"])
    for decide in commands:
        desk.run(order_id, decide, origin())
        stored.append(items(order_id, "ORDER")[0]["body"]["S"])
    for revision, snapshot in enumerate(stored, start=1):
        then = replay(wiring.orders().facts_until(order_id, revision))
        assert canonical(then.snapshot() | {"revision": revision}) == snapshot
