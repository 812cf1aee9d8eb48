"""A day of the warehouse from outside: what customer, history and papers say at each moment of two orders."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.demo.outside import eventually, fresh_key
from tests.e2e.core.merchant import Merchant
from tests.e2e.shop import Order
from tests.unit.documents.papers import codes_of, text_of

pytestmark = pytest.mark.e2e

NORTH = "norte"
CARRIER = "estafeta"


@pytest.fixture(scope="module")
def merchant(stack: dict[str, Any]) -> Merchant:
    return Merchant(stack)


@contextmanager
def with_a_second_place(shop: Merchant) -> Iterator[None]:
    """The shop has another place for its goods for a while, beside those that it has."""
    known = shop.admin.get("/admin/settings/stock")["locations"]
    with shop.setting("stock", locations=[*known, {"code": NORTH}]):
        yield


@dataclass
class Story:
    """One order: candles and mugs lie here, blankets in the north."""

    shop: Merchant
    order: Order
    candle: str
    mug: str
    blanket: str
    codes: list[str] = field(default_factory=list)

    def bring(self, sku: str, units: int, location: str = "main") -> None:
        bring(self.shop, sku, units, location)

    def lines(self, name: str) -> dict[str, int]:
        """One figure of the customer's view, line by line."""
        return {line["sku"]: line[name] for line in self.order.view()["lines"]}

    def works(self) -> dict[str, dict[str, Any]]:
        """The delivery orders that are not over, by the place where they lie."""
        found = self.shop.staff.order(self.order.id)["deliveries"]
        over = ("shipped", "delivered", "cancelled")
        return {one["location"]: one for one in found if one["status"] not in over}

    def send(self, delivery: int, *parcels: dict[str, int]) -> dict[str, Any]:
        """These parcels leave at once; answers the result."""
        own = [f"EST{secrets.randbelow(10**12):012d}" for _ in parcels]
        self.codes += own
        wanted = [
            {
                "lines": [{"sku": sku, "quantity": units} for sku, units in parcel.items()],
                "tracking_number": code,
                "weight_grams": 800,
            }
            for parcel, code in zip(parcels, own, strict=True)
        ]
        body = {"carrier": CARRIER, "parcels": wanted, "delivery": delivery}
        result: dict[str, Any] = self.shop.staff.command(self.order.id, "ship", body)["result"]
        return result

    def parcels(self) -> dict[str, tuple[str, dict[str, int]]]:
        """What the customer sees of each parcel: its status, and its units."""
        return {
            one["tracking_number"]: (one["status"], {line["sku"]: line["quantity"] for line in one["lines"]})
            for one in self.order.view()["shipments"]
        }

    def scanned(self, code: str, status: str, at: datetime, *, times: int = 1) -> None:
        """One scan of the carrier, told so often; each telling is answered before the next."""
        event = self.shop.carrier.event(code, CARRIER, [(status, at)])
        for _ in range(times):
            assert self.shop.carrier.send(event).status in (200, 202)

    def until(self, code: str, status: str) -> None:
        eventually(lambda: self.parcels()[code][0] == status, f"{code} {status}", self.order.id, 30)

    def told(self) -> list[str]:
        """The types of what the customer's history tells, in its order."""
        return [fact["type"] for fact in self.order.view()["history"]]


def bring(shop: Merchant, sku: str, units: int, location: str) -> None:
    body = {"delta": units, "reason": "received", "location": location}
    shop.staff.call("POST", f"/admin/stock/{sku}/adjust", body, headers=fresh_key())


def begun(shop: Merchant) -> Story:
    """Three candles and two mugs of here, two blankets of which all lie in the north; paid."""
    candle, mug, blanket = shop.product(stock=3), shop.product(stock=2), shop.product(stock=0)
    bring(shop, blanket, 2, NORTH)
    wanted = [(candle, 3), (mug, 2), (blanket, 2)]
    order = shop.paid(lines=[{"sku": sku, "quantity": units} for sku, units in wanted])
    return Story(shop, order, candle, mug, blanket)


@pytest.mark.capability("D09", "D13", "D14", "D15", "D16", "D17", "D18", "F17", "F23", "G16")
def test_an_order_leaves_in_four_parcels_and_everybody_is_told_the_truth(
    merchant: Merchant, tmp_path: Path
) -> None:
    with with_a_second_place(merchant):
        story = begun(merchant)
        _its_slip_prints(story, tmp_path)
        _a_mug_is_not_found(story)
        _two_parcels_leave_from_here(story)
        _one_parcel_leaves_from_the_north(story)
        _scans_come_shuffled(story)
        _the_mug_comes_in_and_leaves(story)
        _the_history_tells_all_of_it_once(story)


def _its_slip_prints(story: Story, folder: Path) -> None:
    assert {place: work["status"] for place, work in story.works().items()} == {
        "main": "to_ship",
        NORTH: "to_ship",
    }
    path = f"/admin/orders/{story.order.id}/documents/packing-slip?format=letter&lang=es"
    slip = story.shop.staff.call("GET", path, accept="application/pdf").content
    text = text_of(slip)
    for sku in (story.candle, story.mug, story.blanket):
        assert sku in text
    assert story.order.number in text
    assert "$" not in text
    found = {kind for kind, said in codes_of(slip, 203, folder) if said == story.order.number}
    assert found == {"CODE-128", "QR-Code"}


def _a_mug_is_not_found(story: Story) -> None:
    body = {
        "lines": [{"sku": story.mug, "quantity": 1}],
        "delivery": int(story.works()["main"]["delivery"]),
        "reason": "missing",
        "policy": "backorder",
    }
    done = story.shop.staff.command(story.order.id, "short-pick", body)
    assert done["result"]["short_id"]
    assert story.shop.level(story.mug) == {"on_hand": 1, "reserved": 0, "allocated": 1, "available": 0}
    mug = next(line for line in story.order.view()["lines"] if line["sku"] == story.mug)
    assert (mug["quantity"], mug["allocated"], mug["shipped"]) == (2, 1, 0)
    assert story.order.axes() == ("placed", "paid", "backorder")


def _two_parcels_leave_from_here(story: Story) -> None:
    here = story.shop.staff.order(story.order.id)["deliveries"][0]
    first, second = {story.candle: 2}, {story.candle: 1, story.mug: 1}
    result = story.send(int(here["delivery"]), first, second)
    assert len(result["shipment_ids"]) == 2
    assert result["shipment_id"] == result["shipment_ids"][0]
    one, two = story.codes
    assert story.parcels() == {one: ("shipped", first), two: ("shipped", second)}
    assert story.lines("shipped") == {story.candle: 3, story.mug: 1, story.blanket: 0}
    assert story.order.axes() == ("placed", "paid", "partially_shipped")
    mail = story.shop.mailbox.wait("shipped", story.order.id)
    assert all(code in mail["text"] for code in (one, two))
    assert len(story.shop.mailbox.mails(event="shipped", order_id=story.order.id)) == 1


def _one_parcel_leaves_from_the_north(story: Story) -> None:
    north = story.works()[NORTH]
    story.send(int(north["delivery"]), {story.blanket: 2})
    assert story.lines("shipped") == {story.candle: 3, story.mug: 1, story.blanket: 2}
    assert story.order.axes()[2] == "partially_shipped"
    assert story.shop.level(story.blanket)["on_hand"] == 0
    story.shop.mailbox.wait("shipped", story.order.id, count=2)


def _scans_come_shuffled(story: Story) -> None:
    """Of the first parcel the last scan comes first, each twice; the others come in their order."""
    first, second, third = story.codes
    hours = [datetime.now(UTC) + timedelta(seconds=n) for n in range(4)]
    story.scanned(first, "delivered", hours[3], times=2)
    story.until(first, "delivered")
    assert story.order.axes()[2] == "partially_delivered"
    assert story.lines("delivered")[story.candle] == 2
    for status, at in (("out_for_delivery", hours[2]), ("in_transit", hours[1]), ("pre_transit", hours[0])):
        story.scanned(first, status, at, times=2)
    story.scanned(second, "in_transit", hours[1])
    story.until(second, "in_transit")
    assert story.parcels()[first][0] == "delivered"
    twice = {"peer": "easypost", "fault": "duplicate", "count": 1}
    story.shop.control.call("POST", "/faults", twice, status=201)
    story.shop.scan(third, "delivered", hours[2])
    story.scanned(second, "delivered", hours[2])
    for code in (second, third):
        story.until(code, "delivered")
    story.scanned(third, "in_transit", hours[1])
    assert story.lines("delivered") == {story.candle: 3, story.mug: 1, story.blanket: 2}
    assert story.order.axes() == ("placed", "paid", "partially_delivered")


def _the_mug_comes_in_and_leaves(story: Story) -> None:
    story.bring(story.mug, 1)

    def ready() -> dict[str, Any] | None:
        work = story.works().get("main", {"status": ""})
        return work if work["status"] == "to_ship" else None

    waits = eventually(ready, "the mug's delivery order to ship", story.order.id, 30)
    assert waits is not None
    story.send(int(waits["delivery"]), {story.mug: 1})
    last = story.codes[-1]
    story.scanned(last, "delivered", datetime.now(UTC) + timedelta(seconds=5), times=2)
    after = story.shop.wait(story.order, "lifecycle", "closed")
    assert (after["payment"], after["fulfilment"]) == ("paid", "delivered")
    assert [status for status, _ in story.parcels().values()] == ["delivered"] * 4
    assert {line["sku"]: line["delivered"] for line in after["lines"]} == dict(story.order.lines)
    assert story.shop.level(story.mug) == {"on_hand": 0, "reserved": 0, "allocated": 0, "available": 0}


def _the_history_tells_all_of_it_once(story: Story) -> None:
    told = story.told()
    assert [told.count(name) for name in ("LinesShipped", "LinesDelivered")] == [4, 4]
    assert "DeliveryUndone" not in told
    assert told.index("BackorderFilled") > told.index("LinesDelivered")
    truth = story.shop.staff.get(f"/admin/orders/{story.order.id}/history/verify")
    assert truth["findings"] == []
    story.shop.mailbox.wait("delivered", story.order.id)
    assert len(story.shop.mailbox.mails(event="shipped", order_id=story.order.id)) == 3


@pytest.mark.capability("D19")
def test_a_second_order_is_fetched_by_whoever_has_its_code(merchant: Merchant, tmp_path: Path) -> None:
    sku = merchant.product(stock=3)
    wanted = [{"sku": sku, "quantity": 3}]
    order = merchant.paid(lines=wanted, delivery="pickup", shipping_address=None)
    merchant.staff.command(order.id, "ready-for-pickup", {"shelf": "C1"})
    code = merchant.wait(order, "fulfilment", "ready_for_pickup")["pickup"]["code"]
    path = f"/admin/orders/{order.id}/documents/pickup-slip?format=thermal&lang=es"
    slip = merchant.staff.call("GET", path, accept="application/pdf").content
    assert "C1" in text_of(slip)
    read = {said.replace("-", "") for kind, said in codes_of(slip, 203, tmp_path) if kind == "QR-Code"}
    assert code.replace("-", "").replace(" ", "") in {one.replace(" ", "") for one in read}
    refused = merchant.staff.attempt(order.id, "hand-over", {"code": "AAAA-AAAA", "name": "X"}, fresh_key())
    assert refused.status == 422
    assert order.axes()[2] == "ready_for_pickup"
    merchant.staff.command(order.id, "hand-over", {"code": code, "name": "Inés Ñúñez"})
    after = merchant.wait(order, "lifecycle", "closed")
    assert after["pickup"]["handed_over"][0]["name"] == "Inés Ñúñez"
    assert [line["delivered"] for line in after["lines"]] == [3]
