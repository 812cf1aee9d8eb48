"""Carriers are asked after parcels that nobody tells of: which, how many, and what is recorded."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comanda import wiring
from comanda.fulfilment import ask_after
from comanda.fulfilment.carriers.fedex import reading
from comanda.fulfilment.carriers.port import Unavailable
from comanda.fulfilment.carriers.tracker import TrackingReport
from functions.ask_after_parcels.app import lambda_handler
from tests.functional.conftest import Call
from tests.functional.shop import stock_product
from tests.functional.staff import show
from tests.functional.test_carrier_webhooks import parcels, shipped
from tests.functional.test_fedex_webhooks import arrive, report


@dataclass
class Carrier:
    """Answers what it knows by number, and counts how it was asked."""

    known: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)
    down: bool = False

    def track_all(self, numbers: Sequence[str]) -> dict[str, TrackingReport]:
        self.asked.append(sorted(numbers))
        if self.down:
            raise Unavailable("it does not answer")
        told = {one: json.loads(report((one, self.known[one]))) for one in numbers if one in self.known}
        return {one: reading.report(one, body["trackResults"][0]) for one, body in told.items()}


@dataclass
class World:
    fedex: Carrier = field(default_factory=Carrier)
    ups: Carrier = field(default_factory=Carrier)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def run(self, hours: float = 7) -> dict[str, Any]:
        self.now = datetime.now(UTC) + timedelta(hours=hours)
        return lambda_handler({}, None)


@pytest.fixture
def world(aws: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(wiring, "trackers", lambda: {"fedex": made.fedex, "ups": made.ups})
    monkeypatch.setattr(wiring, "now", lambda: made.now)
    stock_product(units=100)
    return made


@pytest.mark.capability("D13")
def test_a_parcel_that_nobody_tells_of_is_asked_after(call: Call, world: World) -> None:
    order_id = shipped(call, "7941", "7942")
    world.fedex.known = {"7941": (("DL", "15:00"),)}
    assert world.run() == {
        "fedex": {"parcels": 2, "news": 1, "failed": False},
        "ups": {"parcels": 0, "news": 0, "failed": False},
    }
    assert world.fedex.asked == [["7941", "7942"]]
    assert parcels(call, order_id) == ["delivered", "shipped"]
    scan = next(fact for fact in show(call, order_id)["history"] if fact["type"] == "ShipmentScanned")
    assert (scan["actor"], scan["cause"]) == ("provider:fedex", "asked:7941")


@pytest.mark.capability("D13", "G16")
def test_what_is_asked_and_what_is_told_is_recorded_once(call: Call, world: World) -> None:
    order_id = shipped(call, "7941")
    world.fedex.known = {"7941": (("OD", "10:00"), ("DL", "15:00"))}
    world.run()
    arrive(call, report(("7941", (("DL", "15:00"),))))
    arrive(call, report(("7941", (("OD", "10:00"),))))
    assert parcels(call, order_id) == ["delivered"]
    told = [mail["event"] for mail in show(call, order_id)["conversation"]].count("delivered")
    assert told == 1
    world.run()
    assert world.fedex.asked == [["7941"]]


def test_nobody_is_asked_too_early_or_for_ever_or_after_a_stranger(call: Call, world: World) -> None:
    shipped(call, "7941", key="a")
    shipped(call, "7942", key="b", carrier="Bicimensajeros")
    world.run(hours=5)
    world.run(hours=24 * 61)
    assert world.fedex.asked == world.ups.asked == []


def test_each_carrier_is_asked_after_its_own(call: Call, world: World) -> None:
    shipped(call, "7941", "1Z1", key="a")
    shipped(call, "1Z2", key="b", carrier="UPS")
    world.run()
    assert (world.fedex.asked, world.ups.asked) == ([["1Z1", "7941"]], [["1Z2"]])


def test_one_that_does_not_answer_keeps_no_other_from_it(call: Call, world: World) -> None:
    shipped(call, "7941", key="a")
    order_id = shipped(call, "1Z2", key="b", carrier="ups")
    world.fedex.down = True
    world.ups.known = {"1Z2": (("OD", "10:00"),)}
    counts = world.run()
    assert counts["fedex"] == {"parcels": 0, "news": 0, "failed": True}
    assert parcels(call, order_id) == ["out_for_delivery"]


def test_a_run_has_a_budget_and_the_next_goes_on(
    call: Call, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_after, "LIMITS", {"fedex": (2, 2), "ups": (2, 2)})
    monkeypatch.setattr("comanda.wiring.tracking.PAGE", 2)
    for number in range(5):
        shipped(call, f"794{number}", key=f"k{number}")
    for _ in range(4):
        world.run()
    assert world.fedex.asked == [["7940", "7941"], ["7942", "7943"], ["7944"], ["7940", "7941"]]


def test_without_keys_nobody_is_asked(call: Call, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert wiring.trackers() == {}
    assert lambda_handler({}, None) == {}
