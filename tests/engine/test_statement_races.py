"""A movement of a bank statement confirmed by several people at once: it pays one order, once."""

from collections.abc import Callable
from typing import Any

import pytest

from comanda.dynamo.client import client
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.shop import place, set_section, stock_product
from tests.functional.statements_world import (
    TOTAL,
    captures,
    confirm,
    line,
    results,
    sent,
    split,
    wish,
)

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280), pytest.mark.capability("G15")]

PEOPLE = 8
STORM = {"conflicts": 0.2, "lost_answers": 0.15, "throttled": 0.1}


def orders(call: Call, count: int) -> list[str]:
    set_section("limits", per_address=100_000, per_email=100_000)
    stock_product(units=100)
    return [str(place(call, f"place-{number}")["order_id"]) for number in range(count)]


def movement(call: Call) -> tuple[str, str]:
    """A statement and its only movement, which names no order."""
    from comanda import wiring

    statement_id = str(sent(call, line("nada")).body["statement_id"])
    (placed,) = wiring.statements().store.entries(statement_id, 0, 1)
    return statement_id, placed.entry.entry_id


def insisting(send: Callable[[], Answer]) -> Answer:
    """As a caller who is told `busy` does: the same request again, under the same key."""
    while (answer := send()).status == 503:
        continue
    return answer


@pytest.mark.parametrize("weather", [{}, STORM], ids=["calm", "storm"])
def test_one_movement_for_several_orders_pays_one_of_them(
    call: Call, engine: Any, weather: dict[str, float]
) -> None:
    wanted = orders(call, 4)
    statement_id, entry_id = movement(call)
    row = {"entry_id": entry_id}

    def ask(number: int) -> str:
        asked = wish(row, wanted[number % 4], "exact")
        return results(insisting(lambda: confirm(call, statement_id, asked, key=f"k{number}")))[0]

    with Faults(**weather).on(client()):
        told = all_at_once(ask, PEOPLE)
    assert set(told) <= {"confirmed", "left", "refused movement-decided"}
    for number, order_id in enumerate(wanted):  # whoever is left asks again
        results(confirm(call, statement_id, wish(row, order_id, "exact"), key=f"again{number}"))
    paid = [captures(order_id) for order_id in wanted]
    assert sorted(map(len, paid)) == [0, 0, 0, 1]
    assert [(TOTAL, "ok", "2026-11-20")] in paid


@pytest.mark.parametrize("weather", [{}, STORM], ids=["calm", "storm"])
def test_one_movement_for_one_order_pays_it_once(call: Call, engine: Any, weather: dict[str, float]) -> None:
    (order_id,) = orders(call, 1)
    statement_id, entry_id = movement(call)
    asked = wish({"entry_id": entry_id}, order_id, "exact")

    def ask(number: int) -> str:
        return results(insisting(lambda: confirm(call, statement_id, asked, key=f"k{number}")))[0]

    with Faults(**weather).on(client()):
        told = all_at_once(ask, PEOPLE)
    assert set(told) <= {"confirmed", "left"}
    assert results(confirm(call, statement_id, asked, key="last")) == ["confirmed"]
    assert captures(order_id) == [(TOTAL, "ok", "2026-11-20")]


@pytest.mark.parametrize("weather", [{}, STORM], ids=["calm", "storm"])
def test_one_movement_split_by_several_people_books_its_parts_once(
    call: Call, engine: Any, weather: dict[str, float]
) -> None:
    """Some split it one way, some another, some confirm it for one of the orders: one of them wins whole."""
    one, two, three = orders(call, 3)
    from comanda import wiring

    statement_id = str(sent(call, line("nada", 2 * TOTAL)).body["statement_id"])
    (placed,) = wiring.statements().store.entries(statement_id, 0, 1)
    entry_id = placed.entry.entry_id
    ways = [[(one, TOTAL), (two, TOTAL)], [(two, TOTAL), (three, TOTAL)]]

    def ask_for(number: int, key: str = "k") -> int:
        if number % 4 == 3:
            asked = wish({"entry_id": entry_id}, three, "over")
            return insisting(lambda: confirm(call, statement_id, asked, key=f"{key}{number}")).status
        shares = ways[number % 2]
        return insisting(lambda: split(call, statement_id, entry_id, shares, key=f"{key}{number}")).status

    with Faults(**weather).on(client()):
        told = all_at_once(ask_for, PEOPLE)
    assert set(told) <= {200, 409}
    for number in range(4):  # whoever is left asks again
        ask_for(number, "again")
    paid = {name: [amount for amount, *_ in captures(name)] for name in (one, two, three)}
    assert paid in (
        {one: [TOTAL], two: [TOTAL], three: []},
        {one: [], two: [TOTAL], three: [TOTAL]},
        {one: [], two: [], three: [2 * TOTAL]},
    )


def test_overlapping_files_sent_at_once_enter_each_movement_once(call: Call, engine: Any) -> None:
    from comanda import wiring

    set_section("limits", per_address=100_000, per_email=100_000)
    lines = [line(f"bizum {number}", 100 + number) for number in range(60)]

    def send(number: int) -> str:
        answer = sent(call, *lines[number * 5 : number * 5 + 40])
        return str(answer.body["statement_id"]) if answer.status in (200, 201) else ""

    statements = all_at_once(send, 5)
    assert all(statements)
    store = wiring.statements().store
    found = [one.entry.text for name in statements for one in store.entries(name, 0, 100)]
    assert sorted(found) == sorted(f"bizum {number}" for number in range(60))
    places = {name: [one.place for one in store.entries(name, 0, 100)] for name in statements}
    assert all(there == list(range(len(there))) for there in places.values())
