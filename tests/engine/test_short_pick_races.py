"""Units are not found while others buy, pick, ship and cancel, on AWS's own engine: nothing is oversold."""

from collections import Counter
from typing import Any

import pytest

from comanda import wiring
from comanda.errors import Problem
from comanda.fulfilment.pick import Handful, stepping
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.short_pick import ShortPick, ShortUnits, finding_after_all, short_picking
from comanda.fulfilment.units import Wanted
from comanda.orders.approve import approving
from comanda.orders.cancel import cancelling
from comanda.orders.facts import Origin
from comanda.orders.verify import vouching
from comanda.payments.mark_paid import marking_paid
from comanda.stock.adjustments import AdjustmentStore
from comanda.times import stamp
from tests.engine.test_buyers import buy, shop, stored_orders
from tests.engine.test_stock_races import adds_up, in_weather, weathered
from tests.functional.conftest import Call
from tests.functional.shop import level, stock_product

__all__ = ["shop"]
pytestmark = [pytest.mark.engine, pytest.mark.timeout(280), pytest.mark.capability("F23", "D01", "G01")]
UNITS, ORDERS = 24, 6


def origin() -> Origin:
    return Origin("staff:ana", "request:1", stamp(wiring.now()))


def confirmed(call: Call, buyer: int) -> str:
    """An order of three units, paid and ready to be picked."""
    order_id = str(buy(call, buyer, ("CAFE-1", 3)).body["order_id"])
    for decide in (vouching, approving, marking_paid(origin(), lambda: "salt")):
        wiring.desk().run(order_id, decide, origin())
    return order_id


def not_found(order_id: str, units: int) -> None:
    asked = ShortPick((ShortUnits(units, sku="CAFE-1"),), "missing")
    decide = short_picking(asked, wiring.short_desk(), origin(), may_choose=False)
    wiring.desk().run(order_id, decide, origin())


def corrections() -> int:
    return sum(
        made.delta for made in AdjustmentStore(wiring.stock_book().adjustments.table).latest("CAFE-1", 500)
    )


@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_nothing_is_lost_nor_sold_twice(call: Call, shop: None, weather: str) -> None:
    stock_product(units=UNITS)
    orders = [confirmed(call, buyer) for buyer in range(ORDERS)]
    end = cancelling("customer", "", "staff:ana", lambda: "salt", restock=True, refund=False)

    def does(number: int) -> str:
        order_id, turn = orders[number % ORDERS], number // ORDERS
        try:
            with weathered():
                match turn:
                    case 0 | 1:
                        not_found(order_id, 1 + number % 2)
                    case 2:
                        buy(call, 100 + number, ("CAFE-1", 2))
                    case 3:
                        wiring.desk().run(order_id, stepping("pick", Handful()), origin())
                    case 4 if number % 2:
                        wiring.desk().run(order_id, end, origin())
                    case _:
                        parcel = Parcel((Wanted(1, sku="CAFE-1"),), "dhl", f"T{number}")
                        wiring.desk().run(order_id, shipping(parcel, f"s{number}", origin().at), origin())
        except Problem as refusal:
            return getattr(refusal, "guard", refusal.type)
        return "done"

    outcomes = Counter(in_weather(weather, does))
    assert outcomes["done"]
    adds_up("CAFE-1")
    found = stored_orders()
    shipped = sum(line.shipped for order in found for line in order.lines)
    assert level()["on_hand"] == UNITS + corrections() - shipped
    lost = sum(
        units
        for order in found
        for fact in wiring.orders().facts(order.order_id)
        if fact.type == "LinesShortPicked"
        for _, _, _, units in fact.data["lost"]
    )
    assert lost == -corrections() > 0
    for order in found:
        live = order.lifecycle == "placed" and order.approved
        for line in order.lines:
            assert not live or line.reserved + line.allocated + line.backordered == line.to_ship


@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_the_same_word_of_many_counts_once(call: Call, shop: None, weather: str) -> None:
    stock_product(units=9)
    order_id = confirmed(call, 1)
    asked = ShortPick((ShortUnits(2, sku="CAFE-1"),), "damaged", short_id="once")

    def says(number: int) -> Any:
        try:
            with weathered():
                decide = short_picking(asked, wiring.short_desk(), origin(), may_choose=False)
                return wiring.desk().run(order_id, decide, origin()).changed
        except Problem as refusal:
            return refusal.type

    answers = Counter(in_weather(weather, says))
    assert answers[True] <= 1
    assert set(answers) <= {True, False, "busy"}
    assert (level()["on_hand"], corrections()) == (7, -2)
    adds_up("CAFE-1")


def test_found_after_all_while_others_buy(call: Call, shop: None) -> None:
    stock_product(units=8)
    order_id = confirmed(call, 1)
    not_found(order_id, 3)
    (fact,) = [one for one in wiring.orders().facts(order_id) if one.type == "LinesShortPicked"]
    back_from = wiring.undoing().short_picks()

    def does(number: int) -> str:
        try:
            with weathered():
                if number % 4:
                    return str(buy(call, 200 + number, ("CAFE-1", 1)).status)
                back = finding_after_all(fact.data["short_id"], back_from, wiring.short_desk(), origin())
                wiring.desk().run(order_id, back, origin())
        except Problem as refusal:
            return getattr(refusal, "guard", refusal.type)
        return "done"

    outcomes = Counter(in_weather("fair", does))
    assert outcomes["done"] == 1
    assert set(outcomes) <= {"done", "found-before", "201", "409", "busy", "503"}
    adds_up("CAFE-1")
    assert (level()["on_hand"], corrections()) == (8, 0)
