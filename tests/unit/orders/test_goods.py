"""What an order's lines mean for the stock."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.goods import allocating, releasing, reserving
from comanda.orders.model import Line, Order
from comanda.stock.model import Move
from comanda.stock.moves import summed
from tests.examples import ORIGIN, a_line, an_order, named

lines = st.builds(
    lambda number, sku, quantity, cancelled, shipped, held, tracked: a_line(
        f"l{number}",
        sku,
        quantity,
        cancelled=min(cancelled, quantity),
        shipped=min(shipped, quantity - min(cancelled, quantity)),
        reserved=held if tracked else 0,
        tracked=tracked,
    ),
    st.integers(1, 99),
    st.sampled_from(["A", "B", "C"]),
    st.integers(1, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 3),
    st.booleans(),
)
orders = st.lists(lines, min_size=1, max_size=5, unique_by=lambda line: line.line_id).map(
    lambda found: an_order(lines=tuple(found))
)


def after(order: Order, decision: Decision) -> Order:
    return Course(order, ORIGIN).add(decision).after


@given(orders)
def test_reserving_takes_what_is_missing_and_no_more(order: Order) -> None:
    decision = reserving(order)
    reserved = after(order, decision)
    for line in reserved.lines:
        before = order.line(line.line_id)
        assert before
        assert line.reserved == (max(before.reserved, before.to_ship) if line.tracked else 0)
    assert reserving(reserved) == NOTHING
    _moves_match(order, reserved, decision)


@given(orders)
def test_allocating_turns_reservations_over(order: Order) -> None:
    decision = allocating(order)
    allocated = after(order, decision)
    assert [line.reserved for line in allocated.lines] == [0] * len(order.lines)
    assert sum(line.allocated for line in allocated.lines) == sum(line.reserved for line in order.lines)
    assert all(move.available == 0 for move in decision.moves)
    _moves_match(order, allocated, decision)


@given(orders)
def test_releasing_gives_back_exactly_what_is_held(order: Order) -> None:
    decision = releasing(order)
    released = after(order, decision)
    assert all(line.reserved == line.allocated == 0 for line in released.lines)
    assert releasing(released) == NOTHING
    _moves_match(order, released, decision)


def _moves_match(before: Order, then: Order, decision: Decision) -> None:
    """The stock moves by exactly what the lines moved."""
    for column in ("reserved", "allocated"):
        moved: dict[str, int] = {}
        for move in decision.moves:
            moved[move.sku] = moved.get(move.sku, 0) + getattr(move, column)
        lines_moved: dict[str, int] = {}
        for old, new in zip(before.lines, then.lines, strict=True):
            change = getattr(new, column) - getattr(old, column)
            lines_moved[old.sku] = lines_moved.get(old.sku, 0) + change
        assert {k: v for k, v in moved.items() if v} == {k: v for k, v in lines_moved.items() if v}


def test_what_is_shipped_or_cancelled_is_not_reserved_again() -> None:
    line = replace(a_line(quantity=10), shipped=3, cancelled=2, allocated=1)
    decision = reserving(an_order(lines=(line,)))
    assert decision.moves == (Move("CAFE-1", "main", reserved=4),)
    assert decision.facts[0].data == {"lines": [{"line_id": "l1", "quantity": 4}]}
    assert named(decision) == ["StockReserved"]


def test_the_same_sku_on_two_lines_moves_once() -> None:
    order = an_order(lines=(a_line("l1", "A", 2), a_line("l2", "B", 1), a_line("l3", "A", 3)))
    assert summed(reserving(order).moves) == [Move("A", "main", reserved=5), Move("B", "main", reserved=1)]


@given(st.lists(st.builds(Move, st.sampled_from("ABC"), st.sampled_from("xy"), *[st.integers(-5, 5)] * 3)))
def test_summed_moves_are_one_per_place_in_a_fixed_order(moves: list[Any]) -> None:
    sums = summed(moves)
    places = [(move.sku, move.location) for move in sums]
    assert places == sorted({(move.sku, move.location) for move in moves})
    for column in ("reserved", "allocated", "on_hand", "available"):
        assert sum(getattr(m, column) for m in sums) == sum(getattr(m, column) for m in moves)


def test_goods_whose_stock_is_not_counted_move_nothing() -> None:
    order = an_order(lines=(a_line(tracked=False),))
    assert reserving(order) == allocating(order) == releasing(order) == NOTHING


def test_line_counters() -> None:
    line: Line = a_line(quantity=10, cancelled=2, shipped=3)
    assert (line.wanted, line.to_ship) == (8, 5)
