"""A product that runs low is told of once, is in the list while it is low, and is told of again after."""

from typing import Any

import boto3
import pytest

from comanda import wiring
from functions.watch_stock.app import lambda_handler as watch_stock
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.test_bundles import bundle
from tests.functional.test_places import cancel, tell, wanting

__all__ = ["backbone"]
pytestmark = pytest.mark.capability("D22")


class Stream:
    """The Stock table's stream: what has changed since it was read last."""

    def __init__(self) -> None:
        self.images: dict[str, Any] = {}
        self.number = 0

    def records(self) -> list[dict[str, Any]]:
        table = wiring.stock().table
        now = {item["pk"]["S"]: item for item in boto3.client("dynamodb").scan(TableName=table)["Items"]}
        changed = sorted(pk for pk in now.keys() | self.images if now.get(pk) != self.images.get(pk))
        told = [self._record(pk, self.images.get(pk), now.get(pk)) for pk in changed]
        self.images = now
        return told

    def _record(self, pk: str, old: Any, new: Any) -> dict[str, Any]:
        self.number += 1
        images = {"OldImage": old, "NewImage": new}
        change = {"Keys": {"pk": {"S": pk}}, "SequenceNumber": str(self.number)}
        return {"dynamodb": change | {name: image for name, image in images.items() if image}}

    def flows(self) -> None:
        """Until nothing is left to tell, the notes' own changes included."""
        while records := self.records():
            assert watch_stock({"Records": records}, None) == {"batchItemFailures": []}


@pytest.fixture
def stream(backbone: Backbone) -> Stream:
    set_section("stock", low_stock=5, locations=[{"code": "norte"}])
    return Stream()


def low(call: Call) -> list[tuple[str, int]]:
    page = ask(call, "GET", "/admin/stock", query={"low": "true"}).body
    assert page["next"] is None
    return [(item["sku"], item["available"]) for item in page["items"]]


def test_crossing_is_told_once_and_again_after_recovery(
    call: Call, backbone: Backbone, stream: Stream
) -> None:
    stock_product(units=8)
    stream.flows()
    assert (backbone.bus.told("StockLow"), low(call)) == ([], [])
    first = place(call, "k1", lines=wanting(3))["order_id"]
    stream.flows()
    (event,) = backbone.bus.told("StockLow")
    assert (event["sku"], event["available"], event["threshold"]) == ("CAFE-1", 5, 5)
    assert low(call) == [("CAFE-1", 5)]
    place(call, "k2", lines=wanting(1))
    stream.flows()
    assert len(backbone.bus.told("StockLow")) == 1
    assert low(call) == [("CAFE-1", 4)]
    shown = ask(call, "GET", "/admin/stock/CAFE-1").body["low_stock"]
    assert shown == {"threshold": 5, "low": True}
    cancel(first)
    stream.flows()
    assert low(call) == []
    place(call, "k3", lines=wanting(2))
    stream.flows()
    assert len(backbone.bus.told("StockLow")) == 2


def test_what_the_stream_tells_twice_or_late_is_judged_as_it_is_now(
    call: Call, backbone: Backbone, stream: Stream
) -> None:
    stock_product(units=6)
    stream.flows()
    place(call, "k1", lines=wanting(2))
    records = stream.records()
    for _ in range(2):
        watch_stock({"Records": records}, None)
    assert len(backbone.bus.told("StockLow")) == 1
    assert tell(call, "adjust", "a", delta=9, reason="received").status == 200
    watch_stock({"Records": records}, None)  # of then; there is plenty now
    assert low(call) == []
    assert len(backbone.bus.told("StockLow")) == 1


def test_a_note_whose_telling_failed_is_told_by_the_next_try(
    call: Call, backbone: Backbone, stream: Stream
) -> None:
    stock_product(units=6)
    stream.flows()
    place(call, "k1", lines=wanting(2))
    records = stream.records()
    backbone.bus.refuse = 1
    assert watch_stock({"Records": records}, None)["batchItemFailures"]
    assert backbone.bus.told("StockLow") == []
    backbone.bus.refuse = 0
    assert watch_stock({"Records": records}, None) == {"batchItemFailures": []}
    assert len(backbone.bus.told("StockLow")) == 1


def test_all_places_count_and_each_product_may_have_its_own_threshold(
    call: Call, backbone: Backbone, stream: Stream
) -> None:
    stock_product(units=3)
    stock_product("PLENTY", units=100)
    stock_product("FREE", units=None)
    bundle("SET", **{"CAFE-1": 2})
    assert tell(call, "adjust", "a", delta=4, reason="received", location="norte").status == 200
    stream.flows()
    assert backbone.bus.told("StockLow") == []
    path = "/admin/stock/PLENTY/low-stock"
    assert ask(call, "PUT", path, {"units": 100}).body == {"sku": "PLENTY", "low_stock": 100}
    stream.flows()
    assert low(call) == [("PLENTY", 100)]
    assert ask(call, "PUT", path, {"units": None}).status == 200
    stream.flows()
    assert low(call) == []
    assert tell(call, "spread", "s", shards=2).status == 200
    place(call, "k1", lines=wanting(2))
    stream.flows()
    assert low(call) == [("CAFE-1", 5)]
    assert ask(call, "PUT", "/admin/stock/NOPE/low-stock", {"units": 1}).status == 404
    assert ask(call, "PUT", path, {"units": 1}, role="picker").status == 403


def test_the_shelf_is_listed_page_by_page(call: Call, backbone: Backbone, stream: Stream) -> None:
    for sku, units in (("A", 1), ("B", 9), ("C", 2)):
        stock_product(sku, units=units)
    stream.flows()
    for query, expected in (({}, ["A", "B", "C"]), ({"low": "true"}, ["A", "C"])):
        found: list[dict[str, Any]] = []
        cursor = {"limit": "1"} | query
        while True:
            page = ask(call, "GET", "/admin/stock", query=cursor).body
            found += page["items"]
            if not page["next"]:
                break
            cursor["cursor"] = page["next"]
        assert [item["sku"] for item in found] == expected
        assert [item["low_stock"]["low"] for item in found] == [sku != "B" for sku in expected]
    assert ask(call, "GET", "/admin/stock", query={"cursor": "é"}).status == 400
