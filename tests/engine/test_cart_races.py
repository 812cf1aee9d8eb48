"""Races for units that carts hold, on AWS's own engine: none twice, none lost, none between two owners."""

from typing import Any

import pytest

from comanda import wiring
from comanda.errors import Problem
from comanda.times import later, stamp
from tests.engine.test_buyers import shop, stored_orders
from tests.engine.test_stock_races import holdings_of, in_weather, weathered
from tests.functional.carts import in_checkout, order_of, put, reserving, still_there
from tests.functional.conftest import Answer, Call
from tests.functional.shop import level, stock_product

__all__ = ["shop"]
pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(280),
    pytest.mark.capability("F07", "G01"),
    pytest.mark.parametrize("weather", ["fair", "storm"]),
]


def adds_up(cart_ids: list[str], units: int, sku: str = "CAFE-1") -> tuple[int, int]:
    """Nothing is lost and nothing held twice; answers what orders and what carts hold."""
    orders = [p for o in stored_orders() for line in o.lines for p in holdings_of(line) if p.sku == sku]
    by_orders = sum(place.reserved + place.allocated for place in orders)
    by_carts = sum(one.units for cart_id in cart_ids for one in wiring.carts().load(cart_id).held)
    found = level(sku)
    assert found["on_hand"] == units
    assert found["reserved"] + found["allocated"] == by_orders + by_carts
    assert found["available"] == units - by_orders - by_carts >= 0
    return by_orders, by_carts


def until_answered(first: list[Any], again: Any) -> list[Any]:
    """Whoever was told `busy` asks again in fair weather, as Retry-After says."""
    return [again(n) if isinstance(a, Answer) and a.status == 503 else a for n, a in enumerate(first)]


def test_the_last_units_between_carts(call: Call, shop: None, weather: str) -> None:
    """32 customers fill a cart while there are 5 units; all go to checkout at once, and 5 hold one."""
    reserving(None)
    stock_product(units=5)
    cart_ids = [in_checkout(call, ("CAFE-1", 1)) for _ in range(32)]
    reserving(600)

    def goes(number: int) -> Answer:
        return still_there(call, cart_ids[number])

    answers = until_answered(in_weather(weather, goes), goes)
    assert {answer.status for answer in answers} == {200}
    assert adds_up(cart_ids, 5) == (0, 5)
    assert sum(answer.body["lines"][0]["reserved"] for answer in answers) == 5


def test_carts_are_ordered_while_their_time_is_up(call: Call, shop: None, weather: str) -> None:
    """The sweep is at it while each of 15 customers orders, two times at once, what there is for 15."""
    stock_product(units=15)
    reserving(600)
    cart_ids = [in_checkout(call, ("CAFE-1", 1)) for _ in range(15)]
    over = later(stamp(wiring.now()), 601)

    def does(number: int) -> Any:
        if number >= 30:
            return swept(over)
        return order_of(call, cart_ids[number // 2], key=f"k{number}")

    answers = until_answered(in_weather(weather, does), does)
    placed = [a for a in answers[:30] if a.status == 201]
    refused = [a.body.get("guard") or a.body["type"] for a in answers[:30] if a.status != 201]
    assert len(placed) == 15
    assert set(refused) <= {"cart-ordered", "out-of-stock"}
    swept(over)
    assert adds_up(cart_ids, 15) == (15, 0)


def test_customers_come_back_while_the_sweep_takes_their_units(call: Call, shop: None, weather: str) -> None:
    """Extending, changing and releasing the same carts at once leaves each cart what it says."""
    stock_product(units=20)
    reserving(600)
    cart_ids = [in_checkout(call, ("CAFE-1", 2)) for _ in range(8)]
    over = later(stamp(wiring.now()), 601)

    def does(number: int) -> Any:
        cart_id = cart_ids[number % 8]
        if number < 8:
            return swept(over)
        return still_there(call, cart_id) if number < 20 else put(call, cart_id, "CAFE-1", 1 + number % 3)

    answers = until_answered(in_weather(weather, does), does)
    assert {answer.status for answer in answers[8:]} <= {200, 409}
    adds_up(cart_ids, 20)
    for cart_id in cart_ids:
        assert still_there(call, cart_id).status == 200
    by_orders, by_carts = adds_up(cart_ids, 20)
    wanted = sum(line.quantity for cart_id in cart_ids for line in wiring.carts().load(cart_id).lines)
    assert (by_orders, by_carts) == (0, min(wanted, 20))


def swept(now: str) -> int:
    """The sweep as it is at `now`; faults that a repeat outlives end it early."""
    from comanda.carts.give_back import give_back
    from comanda.times import moment

    try:
        with weathered():
            return give_back(wiring.carts(), wiring.stock(), lambda: moment(now))
    except Problem:
        return 0
