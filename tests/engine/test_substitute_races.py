"""Units are not found and another article stands for them, while others want it too, on AWS's own engine."""

from collections import Counter

import pytest

from comanda import wiring
from comanda.errors import Problem
from comanda.fulfilment.short_pick import ShortPick, ShortUnits, short_picking
from comanda.orders.derive import amount_due
from comanda.orders.model import Order
from tests.engine.test_buyers import buy, shop, stored_orders
from tests.engine.test_short_pick_races import confirmed, origin
from tests.engine.test_stock_races import adds_up, in_weather, weathered
from tests.functional.conftest import Call
from tests.functional.shop import level, set_section, stock_product

__all__ = ["shop"]
pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(280),
    pytest.mark.capability("F23", "D01", "G01", "G05"),
]
PRICE = 11_600  # of CAFE-1
ORDERS, UNITS = 8, 7  # of the substitute there are enough for three orders of two, and one is left over


def instead(order_id: str, units: int = 2) -> str:
    """Says that units of CAFE-1 are missing; what was done about it."""
    asked = ShortPick((ShortUnits(units, sku="CAFE-1"),), "missing", policy="substitute", substitute="OTRO")
    decide = short_picking(asked, wiring.short_desk(), origin(), may_choose=True)
    return str(wiring.desk().run(order_id, decide, origin()).result["policy"])


def others(order: Order) -> int:
    return sum(line.quantity for line in order.lines if line.sku == "OTRO")


def never_dearer(order: Order, price: int) -> None:
    """Every unit costs the lower of both prices, and what was paid for more goes back."""
    lower = min(price, PRICE)
    assert {line.unit_price for line in order.lines if line.sku == "OTRO"} <= {lower}
    assert order.totals.subtotal == 3 * PRICE - others(order) * (PRICE - lower)
    granted = sum(entry.amount for entry in order.ledger if entry.kind == "grant")
    assert granted == others(order) * (PRICE - lower)
    assert amount_due(order) <= 0


@pytest.mark.parametrize(("price", "weather"), [(9_600, "storm"), (20_000, "fair")])
def test_the_last_substitutes_go_to_as_many_orders_as_they_are_enough_for(
    call: Call, shop: None, price: int, weather: str
) -> None:
    stock_product(units=3 * ORDERS)
    stock_product("OTRO", price, UNITS)
    set_section("fulfilment", short_pick={"fallback": "backorder"})
    orders = [confirmed(call, buyer) for buyer in range(ORDERS)]

    def says(number: int) -> str:
        if number >= ORDERS:
            return ""
        for _ in range(20):  # whoever was told that it is busy says it again
            try:
                with weathered():
                    return instead(orders[number])
            except Problem as refusal:
                if refusal.type != "busy":
                    return getattr(refusal, "guard", refusal.type)
        return "busy"

    outcomes = Counter(in_weather(weather, says))
    written = "not-enough-to-pick"  # and its answer lost: nothing is left to be said again
    assert set(outcomes) <= {"substitute", "backorder", "", written}
    found = stored_orders()
    replaced = [order for order in found if others(order)]
    assert [others(order) for order in replaced] == [2] * (UNITS // 2)
    for order in found:
        never_dearer(order, price)
        waits = sum(line.backordered for line in order.lines)
        assert waits == (0 if order in replaced else 2)
    assert (level("OTRO")["allocated"], level("OTRO")["available"]) == (6, 1)
    adds_up("CAFE-1")
    adds_up("OTRO")


@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_a_substitute_and_those_who_buy_it_share_no_unit(call: Call, shop: None, weather: str) -> None:
    stock_product(units=3 * ORDERS)
    stock_product("OTRO", 9_600, UNITS)
    set_section("fulfilment", short_pick={"fallback": "refund"})
    orders = [confirmed(call, buyer) for buyer in range(ORDERS)]

    def does(number: int) -> str:
        try:
            with weathered():
                if number < ORDERS:
                    return instead(orders[number])
                return str(buy(call, 300 + number, ("OTRO", 1)).status)
        except Problem as refusal:
            return refusal.type

    outcomes = Counter(in_weather(weather, does))
    assert outcomes["substitute"] + outcomes["201"]
    assert set(outcomes) <= {"substitute", "refund", "201", "409", "503", "busy"}
    for order in stored_orders():
        held = sum(line.reserved + line.allocated for line in order.lines if line.sku == "OTRO")
        assert held == others(order)  # in full, or not at all
    sold = sum(others(order) for order in stored_orders())
    assert sold + level("OTRO")["available"] == level("OTRO")["on_hand"] == UNITS
    adds_up("CAFE-1")
    adds_up("OTRO")
