"""Closings against the ledgers: whatever comes late, all of them together are what the ledgers say, and none
of them ever moves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.closing.model import (
    COLUMNS,
    Closing,
    Move,
    Sums,
    booked,
    bounds,
    figures,
    fold,
    moves_of,
    net,
    plus,
)
from comanda.orders.model import Entry
from tests.payments.made import unpaid_order

DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")


def move(column: str, amount: int, method: str = "on_delivery") -> Move:
    return Move(
        "o", "P-1", f"{column}-{amount}", column, method, "manual", amount, "MXN", "2026-11-20T18:00:00Z"
    )


moves = st.lists(
    st.builds(move, st.sampled_from(COLUMNS), st.integers(1, 10**9), st.sampled_from(["stripe", "cheque"])),
    max_size=6,
)
deeds = st.lists(
    st.tuples(st.sampled_from(["late", "close", "open"]), st.sampled_from(DAYS), moves), max_size=14
)


def standing(closings: list[Closing], opened: set[str]) -> list[Closing]:
    newest = {one.day: one for one in closings}
    return [one for day, one in newest.items() if day not in opened]


@pytest.mark.capability("F25")
@given(deeds)
def test_closings_are_what_the_ledgers_say_and_never_move(found) -> None:
    live: dict[str, Sums] = {day: {} for day in DAYS}
    closings: list[Closing] = []
    opened: set[str] = set()
    for deed, day, some in found:
        frozen = [one.to_dict() for one in closings]
        if deed == "late":  # what a day holds now, whatever was there before
            live[day] = plus(fold(some), {})
        elif deed == "open":
            opened.add(day)
        else:
            opened.discard(day)
            others = [one for one in standing(closings, opened) if one.day != day]
            rows, corrections = figures(day, live, others)
            closings.append(Closing(len(closings) + 1, day, "", "staff:1", rows, corrections))
            stand = standing(closings, opened)
            for one in stand:
                assert booked(one.day, stand) == live[one.day]
        assert [one.to_dict() for one in closings][: len(frozen)] == frozen
    assert [one.number for one in closings] == list(range(1, len(closings) + 1))
    assert [Closing.from_dict(one.to_dict()) for one in closings] == closings


@given(moves, moves)
def test_a_day_is_the_fold_of_its_moves(one: list[Move], other: list[Move]) -> None:
    assert plus(fold(one), fold(other)) == fold([*one, *other])
    total = sum(net(row) for row in fold(one).values())
    assert total == sum(x.amount if x.column == "charges" else -x.amount for x in one)


def test_a_day_is_the_shops_day() -> None:
    start, end = bounds("2026-11-21", "America/Mexico_City")
    assert (start, end) == (datetime(2026, 11, 21, 6, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC))
    spring, summer = bounds("2026-03-29", "Europe/Madrid")  # an hour is missing
    assert (summer - spring).total_seconds() == 23 * 3600


def test_only_money_that_moved_counts() -> None:
    at = "2026-11-21T18:00:00.000Z"
    paid = Entry("manual:capture:1", "capture", "on_delivery", "manual", 100, "MXN", "ok", at, "1")
    ledger = (
        paid,
        replace(paid, entry_id="2", status="bounced"),
        replace(paid, entry_id="3", wallet="w-1"),
        replace(paid, entry_id="4", kind="grant"),
        replace(paid, entry_id="5", at="2026-11-22T06:00:00.000Z"),
        replace(paid, entry_id="6", kind="refund", amount=40),
    )
    order = replace(unpaid_order(), ledger=ledger)
    found = moves_of(order, *bounds("2026-11-21", "America/Mexico_City"))
    assert [(one.entry_id, one.column, one.amount) for one in found] == [
        ("manual:capture:1", "charges", 100),
        ("6", "refunds", 40),
    ]
