"""Races for units on AWS's own engine: bundles beside their components, time beside money."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from comanda import wiring
from comanda.dynamo.client import client
from comanda.errors import Busy, Problem
from comanda.idempotency.store import Request
from comanda.orders.facts import Origin
from comanda.payments.mark_paid import marking_paid
from comanda.runtime.http import passing
from comanda.stock.model import Part, Product
from comanda.stock.rows import product_row
from comanda.stock.spread import spread_stock
from comanda.times import later, stamp
from comanda.workflow.timeouts import expire_reservation
from tests.engine.test_buyers import STORM, buy, outcomes, shop, stored_orders
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Call
from tests.functional.shop import level, set_section, stock_product

__all__ = ["shop"]
pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]
THREADS = 32
AT = "2026-11-21T18:00:00.000Z"


def in_weather(name: str, work: Any) -> Any:
    """Do some work at once, in fair weather or through a storm of faults."""
    if name == "fair":
        return all_at_once(work, THREADS)
    with Faults(**STORM).on(client()):
        return all_at_once(work, THREADS)


@contextmanager
def weathered() -> Iterator[None]:
    """Faults of AWS that a repeat outlives are Busy, as handlers answer them."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        if busy := passing(error):
            raise busy from error
        raise


def adds_up(sku: str) -> None:
    """What is reserved and allocated is what open orders hold, and nothing is lost."""
    found = level(sku)
    held = sum(
        place.reserved + place.allocated
        for order in stored_orders()
        for line in order.lines
        for place in holdings_of(line)
        if place.sku == sku
    )
    assert found["reserved"] + found["allocated"] == held
    assert found["available"] == found["on_hand"] - held >= 0


def holdings_of(line: Any) -> Any:
    from comanda.orders.holdings import holdings

    return holdings(line)


@pytest.mark.capability("G01", "D01", "D03")
@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_a_bundle_and_its_component_never_share_a_unit(call: Call, shop: None, weather: str) -> None:
    stock_product("A", units=24)
    stock_product("B", units=40)
    parts = (Part("A", 2), Part("B", 1))
    row = product_row(Product("SET", {"es": "Juego"}, 100, tracked=False, components=parts))
    type(row).write(row)

    def buys(buyer: int) -> Any:
        lines = (("SET", 1), ("A", 1)) if buyer % 2 else (("A", 1), ("A", 1))
        return buy(call, buyer, *lines)

    answers = in_weather(weather, buys)
    again = [buys(buyer) if answer.status == 503 else answer for buyer, answer in enumerate(answers)]
    assert set(outcomes(again)) <= {(201, ""), (409, "out-of-stock")}
    assert level("A")["available"] <= 2  # nobody was refused while what they asked for was there
    adds_up("A")
    adds_up("B")


@pytest.mark.capability("D21", "G02", "G03")
@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_money_and_the_end_of_a_reservation_at_once(call: Call, shop: None, weather: str) -> None:
    """Whoever comes first: the units are held once for the order that was paid, and never lost."""
    stock_product(units=3)
    set_section("payments.bank_transfer", hold_seconds=60, cancel_seconds=None)
    order_id = buy(call, 1, ("CAFE-1", 2)).body["order_id"]
    now = stamp(wiring.now())
    after = Origin("system", "sweep", later(now, 61))

    def does(number: int) -> str:
        try:
            with weathered():
                if number == 7:
                    wiring.desk().run(order_id, marking_paid(after, lambda: "salt"), after)
                else:
                    wiring.desk().run(order_id, lambda loaded: expire_reservation(loaded, after.at), after)
        except Problem as refusal:
            return refusal.type
        return "done"

    answers = in_weather(weather, does)
    assert set(answers) <= {"done", "busy"}
    if answers[7] == "busy":
        does(7)
    order = wiring.desk().load(order_id).order
    assert (order.payment, order.reservation, order.lines[0].reserved) == ("paid", "", 2)
    assert level() == {"on_hand": 3, "reserved": 2, "allocated": 0, "available": 1}
    facts = [fact.type for fact in wiring.orders().facts(order_id)]
    assert facts.count("StockReserved") == 1 + facts.count("ReservationExpired")


@pytest.mark.capability("G01", "D01")
@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_a_product_is_spread_while_it_sells_out(call: Call, shop: None, weather: str) -> None:
    """24 units, 28 buyers, and four times its shards change: none lost, none twice, none left unsold."""
    stock_product(units=24)

    def does(number: int) -> Any:
        if number % 8:
            return buy(call, number, ("CAFE-1", 1))
        key, book = Request.of("spread", f"key-{number}", {}), wiring.stock_book()
        with suppress(Busy), weathered():
            spread_stock("CAFE-1", "main", 1 + number // 8, book, actor="staff:1", at=AT, request=key)
        return None

    answers = in_weather(weather, does)
    bought = [(number, answer) for number, answer in enumerate(answers) if answer is not None]
    again = [does(number) if answer.status == 503 else answer for number, answer in bought]
    assert outcomes(again) == {(201, ""): 24, (409, "out-of-stock"): 4}
    _, shards = wiring.stock().shelf("CAFE-1", "main", 8)
    orders = stored_orders()
    assert sum(found.on_hand for found in shards.values()) == 24
    assert sum(found.available for found in shards.values()) == 0
    for (location, shard), found in shards.items():
        held = [h for order in orders for line in order.lines for h in holdings_of(line)]
        here = sum(h.reserved for h in held if (h.location, h.shard) == (location, shard))
        assert (found.reserved, found.on_hand) == (here, here + found.available)
