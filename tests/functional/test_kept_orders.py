"""Orders as earlier versions stored them: they are read, verified and continued, for ever.

What lies in tests/fixtures is never made anew: tests/fixtures/keep_orders.py says how it came about.
"""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.orders.decision import Decision
from comanda.orders.facts import Happened, Origin
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.shop import level
from tests.functional.staff import ask, show

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = sorted(path.stem for path in FIXTURES.glob("orders-*.json"))
SAID_ANEW = ("due",)  # reckoned when it is asked for: what has ended owes nothing any more
STORIES = ("by_transfer", "by_card_and_back", "delivered", "expired", "waiting")


@dataclass
class Kept:
    orders: dict[str, str]
    told: dict[str, dict[str, Any]]


@pytest.fixture(params=FILES)
def kept(request: pytest.FixtureRequest, aws: None) -> Kept:
    """The tables as that version left them."""
    file = json.loads((FIXTURES / f"{request.param}.json").read_text())
    database = boto3.client("dynamodb")
    for table, items in file["tables"].items():
        for item in items:
            database.put_item(TableName=os.environ[table], Item=_raw(item))
    return Kept(file["orders"], file["told"])


def _raw(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {n: base64.b64decode(v) if n == "B" and isinstance(v, str) else _raw(v) for n, v in value.items()}


def whole(call: Call, order_id: str) -> bool:
    found = ask(call, "GET", f"/admin/orders/{order_id}/history/verify").body
    assert found["findings"] == []
    return bool(found["whole"])


def test_both_forms_are_kept_with_every_story() -> None:
    assert FILES >= ["orders-packed", "orders-plain"]
    for name in FILES:
        assert set(json.loads((FIXTURES / f"{name}.json").read_text())["orders"]) == set(STORIES)


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.capability("G17", "C16")
def test_a_kept_order_is_read_as_it_was_told_then(call: Call, kept: Kept, story: str) -> None:
    order = show(call, kept.orders[story])
    told = {name: value for name, value in kept.told[story].items() if name not in SAID_ANEW}
    assert {name: within(order[name], told[name]) for name in told} == told
    listed = ask(call, "GET", "/admin/orders", query={"limit": "100"}).body["items"]
    assert kept.orders[story] in {row["order_id"] for row in listed}


def within(value: Any, told: Any) -> Any:
    """What was told then, without what later versions say beside it."""
    if isinstance(value, dict) and isinstance(told, dict):
        return {name: within(value.get(name), inner) for name, inner in told.items()}
    return value


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.capability("G09", "G17")
def test_a_kept_history_verifies_at_every_revision(call: Call, kept: Kept, story: str) -> None:
    order_id = kept.orders[story]
    assert whole(call, order_id)
    last = ask(call, "GET", f"/admin/orders/{order_id}/history/verify").body["revision"]
    for revision in range(1, last + 1):
        then = ask(call, "GET", f"/admin/orders/{order_id}", query={"as_of": str(revision)})
        assert (then.status, then.body["as_of"]["revision"]) == (200, revision)
    assert then.body["version"] == kept.told[story]["version"]
    assert ask(call, "GET", f"/admin/orders/{order_id}/history.json").status == 200


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.capability("G17")
def test_a_kept_order_goes_on(call: Call, kept: Kept, story: str) -> None:
    """First by a fact that nobody notices, then by whatever the order allows."""
    order_id = kept.orders[story]
    before = kept.told[story]
    _reminded(order_id)
    assert whole(call, order_id)
    for name, body in NEXT[story]:
        done(call, order_id, name, body)
        assert whole(call, order_id)
    assert show(call, order_id)["version"] >= before["version"] + len(NEXT[story])


NEXT: dict[str, list[tuple[str, Any]]] = {
    "by_transfer": [
        ("hold", {"reason": "fraud", "note": "otra vez"}),
        ("mark-paid", {"amount": {"amount": 100, "currency": "MXN"}}),
    ],
    "by_card_and_back": [("mark-paid", {"amount": {"amount": 500, "currency": "MXN"}})],
    "delivered": [("hold", {"reason": "manual"})],
    "expired": [("mark-paid", {"amount": {"amount": 100, "currency": "MXN"}})],
    "waiting": [("verify", {}), ("approve", {}), ("cancel", {"reason": "customer"})],
}


def _reminded(order_id: str) -> None:
    origin = Origin("system", "sweep", stamp(wiring.now()))
    reminding = Decision(facts=(Happened("PaymentReminded", {}),))
    wiring.desk().run(order_id, lambda loaded: reminding, origin)


@pytest.mark.capability("G17", "D22")
def test_a_kept_order_ships_the_rest_and_gives_its_stock_up(call: Call, kept: Kept) -> None:
    order_id = kept.orders["by_transfer"]
    before = {sku: level(sku) for sku in ("CAFE-1", "TE-1")}
    rest = [{"sku": "CAFE-1", "quantity": 1}, {"sku": "TE-1", "quantity": 1}]
    done(call, order_id, "ship", {"lines": rest, "carrier": "dhl", "tracking_number": "7799"})
    order = show(call, order_id)
    assert (order["fulfilment"], len(order["shipments"])) == ("shipped", 2)
    for sku, then in before.items():
        assert level(sku)["on_hand"] == then["on_hand"] - 1
        assert level(sku)["allocated"] == then["allocated"] - 1
    assert whole(call, order_id)


@pytest.mark.capability("G17", "D22")
def test_a_kept_order_that_is_cancelled_gives_back_what_it_took(call: Call, kept: Kept) -> None:
    before = level("CAFE-1")
    done(call, kept.orders["waiting"], "cancel", {"reason": "customer"})
    assert level("CAFE-1")["available"] == before["available"] + 2
    assert whole(call, kept.orders["waiting"])
