"""A movement of a bank statement that pays several orders: proposed, confirmed by a person as one, undone."""

from itertools import count as counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import crash, wiring
from tests.functional.conftest import Call
from tests.functional.payments.world import Crash
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, ask, command
from tests.functional.statements_world import (
    TOTAL,
    captures,
    confirm,
    line,
    proposals,
    results,
    split,
    statement,
    waiting,
    wish,
)
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("G15")
DAY = "2026-11-20"


@pytest.fixture
def both(call: Call) -> tuple[str, dict[str, Any], list[str]]:
    """A transfer that names two orders and is what is due for both."""
    one, two = waiting(call, 2)
    statement_id = statement(call, line(f"pedidos {one['number']} y {two['number']}", 2 * TOTAL))
    (row,) = proposals(call, statement_id)
    return statement_id, row, [one["order_id"], two["order_id"]]


def test_a_sum_of_what_is_due_is_proposed_and_never_confirmed_by_itself(
    call: Call, both: tuple[str, dict[str, Any], list[str]]
) -> None:
    statement_id, row, ids = both
    assert (row["outcome"], row["preselected"], row["order"]) == ("split", False, None)
    assert sorted(one["order_id"] for one in row["candidates"]) == sorted(ids)
    assert [one["due"]["amount"] for one in row["candidates"]] == [TOTAL, TOTAL]
    assert [captures(one) for one in ids] == [[], []]
    answer = split(call, statement_id, row["entry_id"], [(one, TOTAL) for one in ids])
    assert answer.status == 200, answer.text
    assert answer.body["state"] == "confirmed"
    assert [(x["order_id"], x["amount"]["amount"]) for x in answer.body["decided"]["parts"]] == [
        (one, TOTAL) for one in ids
    ]
    assert [captures(one) for one in ids] == [[(TOTAL, "ok", DAY)]] * 2
    then = contents()
    again = split(call, statement_id, row["entry_id"], [(one, TOTAL) for one in ids])
    assert again.headers["idempotent-replay"] == "true"
    assert split(call, statement_id, row["entry_id"], [(one, TOTAL) for one in ids], key="k2").status == 200
    assert {name: rows for name, rows in contents().items() if name == "OrdersTable"} == {
        "OrdersTable": then["OrdersTable"]
    }


def test_another_sum_is_not_sure_and_staff_choose_orders_and_amounts(call: Call) -> None:
    one, two = waiting(call, 2)
    statement_id = statement(call, line(f"pedidos {one['number']} y {two['number']}", 2 * TOTAL - 1_000))
    (row,) = proposals(call, statement_id)
    assert row["outcome"] == "ambiguous"
    shares = [(two["order_id"], TOTAL), (one["order_id"], TOTAL - 1_000)]
    assert split(call, statement_id, row["entry_id"], shares).status == 200
    assert captures(one["order_id"]) == [(TOTAL - 1_000, "ok", DAY)]
    assert wiring.desk().load(one["order_id"]).order.payment == "partially_paid"
    assert wiring.desk().load(two["order_id"]).order.payment == "paid"


def test_what_is_not_just_the_movement_changes_nothing(
    call: Call, both: tuple[str, dict[str, Any], list[str]]
) -> None:
    statement_id, row, (one, two) = both
    before = contents()
    wrong: list[tuple[list[tuple[str, int]], int, str]] = [
        ([(one, TOTAL), (two, TOTAL - 1)], 422, "/parts"),
        ([(one, TOTAL), (two, TOTAL + 1)], 422, "/parts"),
        ([(one, TOTAL), (one, TOTAL)], 422, "/parts/1/order_id"),
        ([(one, 2 * TOTAL), (two, 0)], 422, "/parts/1/amount"),
        ([(one, 2 * TOTAL)], 422, "/parts"),
        ([(one, TOTAL + 1), (two, TOTAL - 1)], 409, ""),
        ([(one, TOTAL), ("06hnosuchorder", TOTAL)], 404, ""),
    ]
    for shares, status, pointer in wrong:
        answer = split(call, statement_id, row["entry_id"], shares, key=str(shares)[-40:])
        assert answer.status == status, answer.text
        if pointer:
            assert answer.body["errors"][0]["pointer"] == pointer
    assert contents() == before


def test_a_split_and_a_single_confirmation_exclude_each_other(
    call: Call, both: tuple[str, dict[str, Any], list[str]]
) -> None:
    statement_id, row, (one, two) = both
    assert split(call, statement_id, row["entry_id"], [(one, TOTAL), (two, TOTAL)]).status == 200
    assert results(confirm(call, statement_id, wish(row, one, "over"))) == ["refused movement-decided"]
    other = split(call, statement_id, row["entry_id"], [(two, TOTAL), (one, TOTAL)], key="other")
    assert (other.status, other.body["guard"]) == (409, "movement-decided")
    assert [captures(name) for name in (one, two)] == [[(TOTAL, "ok", DAY)]] * 2


def test_it_is_undone_order_by_order_and_confirmed_anew(
    call: Call, both: tuple[str, dict[str, Any], list[str]]
) -> None:
    statement_id, row, ids = both
    for one in ids:
        approved(call, one)
    shares = [(one, TOTAL) for one in ids]
    assert split(call, statement_id, row["entry_id"], shares, notify=False).status == 200
    path = f"/admin/statements/{statement_id}/entries/{row['entry_id']}/reopen"
    assert command(call, ids[0], "undo-paid", {}).status == 200
    assert proposals(call, statement_id)[0]["taken_back"] is True
    stands = ask(call, "POST", path)
    assert (stands.status, stands.body["guard"]) == (409, "payment-stands")
    assert command(call, ids[1], "undo-paid", {}).status == 200
    assert ask(call, "POST", path).body["outcome"] == "split"
    assert split(call, statement_id, row["entry_id"], shares, key="anew", notify=False).status == 200
    for one in ids:
        assert sorted(status for _, status, _ in captures(one)) == ["bounced", "ok"]


SHARES = st.tuples(st.integers(-1, TOTAL + 1), st.integers(-1, TOTAL + 1), st.integers(-2, 2))
POINTS = st.sampled_from(["", "statement.claimed", "statement.paid"])
serial = counter()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SHARES, POINTS, st.integers(1, 2))
def test_a_split_books_the_movement_or_nothing(
    call: Call, monkeypatch: pytest.MonkeyPatch, wanted: tuple[int, int, int], point: str, turn: int
) -> None:
    """Whatever the parts are and wherever it breaks off: never more than the line, in the end all or none."""
    first, second, off = wanted
    amount = max(first + second + off, 1)
    stamp = next(serial)
    stock_product(units=100)
    set_section("limits", per_address=100_000, per_email=100_000)
    ids = [str(place(call, f"h{stamp}-{number}")["order_id"]) for number in range(2)]
    statement_id = statement(call, line(f"nada {stamp}", amount, payer=f"Nadie {stamp}"))
    (row,) = proposals(call, statement_id)
    shares = list(zip(ids, (first, second), strict=True))
    passed = counter(1)

    def breaks(name: str) -> None:
        if name == point and next(passed) == turn:
            raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(crash, "hook", breaks, raising=False)
        try:
            split(call, statement_id, row["entry_id"], shares, key=f"a{stamp}")
        except Crash:
            booked = sum(paid for name in ids for paid, *_ in captures(name))
            assert booked <= amount
    answer = split(call, statement_id, row["entry_id"], shares, key=f"b{stamp}")
    booked = [sum(paid for paid, *_ in captures(name)) for name in ids]
    assert booked == ([first, second] if answer.status == 200 else [0, 0])
    assert sum(booked) in (0, amount)


def test_it_is_split_on_a_page(call: Call, both: tuple[str, dict[str, Any], list[str]]) -> None:
    statement_id, row, ids = both
    staff = staff_at("staff", language="es")
    listed = staff.get(f"/money/statements/{statement_id}")
    assert listed.says("Paga varios pedidos exactamente")
    page = staff.get(f"/money/statements/{statement_id}/entries/{row['entry_id']}")
    assert page.text.count('value="232.00"') == 2
    wrong = staff.submit(page, "/split", **{"parts.0.amount": "231.00"})
    assert wrong.says("las partes no suman el movimiento")
    assert [captures(one) for one in ids] == [[], []]
    done = staff.follow(staff.submit(page, "/split"))
    assert done.says("El movimiento está confirmado para 2 pedidos.")
    assert [captures(one) for one in ids] == [[(TOTAL, "ok", DAY)]] * 2
    for one in ids:
        assert f"/back-office/orders/{one}" in staff.get(f"/money/statements/{statement_id}").text
