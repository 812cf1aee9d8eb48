"""What a refund comes to: shares as charged, whatever the parts in which they are given back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.errors import AmbiguousLine, Invalid, WrongState
from comanda.orders.model import Charge, Entry, Line, Order, RefundLine, Totals
from comanda.orders.refunds import Plan, granting
from comanda.payments.refund_plan import Unit, Wish, planned, shipping_left, worth
from tests.examples import AT, ORIGIN, a_line, an_entry, an_order
from tests.payments.made import after

SHIPPING = Charge("shipping", "ship", "Envío", 9_900, 1_366, 160_000)


def paid(*lines: Line, total: int, included: bool = True, **more: Any) -> Order:
    """An order of these lines with shipping, paid in full."""
    totals = Totals(total, 0, 0, SHIPPING.amount, 0, total, tax_included=included)
    ledger = (an_entry("capture", total),)
    return an_order(lines=lines, charges=(SHIPPING,), totals=totals, ledger=ledger, **more)


ORDER = paid(
    a_line("l1", quantity=3, total=10_000, tax=1_379, discount=500),
    a_line("l2", "TAZA-1", 1),
    total=29_900,
)


def granted(order: Order, wish: Wish) -> Order:
    decision, _, _ = granting(order, planned(order, wish), AT, reason="customer")
    return after(order, decision)


def by_line(*units: tuple[str, int], **more: Any) -> Wish:
    return Wish(tuple(Unit(n, line) for line, n in units), **more)


@pytest.mark.capability("F06", "G05")
def test_units_are_worth_their_share_as_charged() -> None:
    plan = planned(ORDER, by_line(("l1", 2)))
    assert plan == Plan(6_667, (RefundLine("l1", 2, 6_667, 920, 334),))
    once = granted(ORDER, by_line(("l1", 2)))
    assert planned(once, by_line(("l1", 1))).lines == (RefundLine("l1", 1, 3_333, 459, 166),)


@given(
    total=st.integers(0, 10**7),
    tax=st.integers(0, 10**6),
    discount=st.integers(0, 10**6),
    parts=st.lists(st.integers(1, 7), min_size=1, max_size=6),
)
@pytest.mark.capability("G05")
def test_in_whatever_parts_the_last_cent_fits(total: int, tax: int, discount: int, parts: list[int]) -> None:
    line = a_line("l1", quantity=sum(parts), total=total, tax=tax, discount=discount)
    order = paid(line, total=total + SHIPPING.amount)
    for units in parts:
        try:
            plan = planned(order, by_line(("l1", units)))
        except Invalid:  # units that cost nothing
            plan = Plan(0, (RefundLine("l1", units, 0, 0, 0),))
        order = after(order, granting(order, plan, AT, reason="customer")[0])
    given = [line for entry in order.ledger for line in entry.lines]
    assert sum(line.amount for line in given) == total
    if total >= sum(parts):
        assert (sum(line.tax for line in given), sum(line.discount for line in given)) == (tax, discount)


@given(total=st.integers(0, 10**9), quantity=st.integers(1, 1000), units=st.integers(0, 1000))
def test_worth_rises_evenly_to_the_whole(total: int, quantity: int, units: int) -> None:
    units = min(units, quantity)
    assert worth(total, quantity, quantity) == total
    if units:
        step = worth(total, quantity, units) - worth(total, quantity, units - 1)
        assert step in (total // quantity, total // quantity + 1)


def test_shipping_is_its_own_wish() -> None:
    assert planned(ORDER, by_line(shipping=True)) == Plan(9_900, (), 9_900)
    assert planned(ORDER, by_line(("l2", 1), shipping=4_000)) == Plan(
        14_000, (RefundLine("l2", 1, 10_000, 0, 0),), 4_000
    )
    assert planned(ORDER, Wish(shipping=True)) == Plan(9_900, (), 9_900)
    assert planned(ORDER, Wish(shipping=4_000)) == Plan(4_000, (), 4_000)
    some = granted(ORDER, by_line(shipping=4_000))
    assert shipping_left(some) == 5_900
    with pytest.raises(WrongState) as refused:
        planned(some, by_line(shipping=5_901))
    assert refused.value.guard == "refund-exceeds-shipping"
    exclusive = replace(ORDER, totals=replace(ORDER.totals, tax_included=False))
    assert shipping_left(exclusive) == 9_900 + 1_366


def test_shipping_that_went_back_does_not_go_back_again() -> None:
    without = granted(ORDER, Wish(shipping=True))
    with pytest.raises(Invalid) as refused:
        planned(without, Wish(shipping=True))
    assert refused.value.extra["errors"][0]["pointer"] == "/shipping"


def test_neither_lines_nor_amount_is_all_that_is_left() -> None:
    everything = planned(ORDER, Wish())
    assert (everything.amount, everything.shipping) == (29_900, 9_900)
    assert [(line.line_id, line.quantity) for line in everything.lines] == [("l1", 3), ("l2", 1)]
    for nothing in (False, 0):
        goods = planned(ORDER, Wish(shipping=nothing))
        assert (goods.amount, goods.shipping) == (20_000, 0)
    rest = planned(granted(ORDER, Wish(amount=20_000)), Wish())
    assert (rest.amount, rest.lines) == (9_900, ())  # by amount: nobody knows for which units


@pytest.mark.parametrize(
    ("wish", "guard"),
    [
        (by_line(("l1", 4)), "refund-exceeds-line"),
        (by_line(("l1", 2), ("l1", 2)), "refund-exceeds-line"),
        (Wish(amount=29_901), "refund-exceeds-payment"),
        (Wish(amount=29_900, shipping=True), "refund-exceeds-payment"),
    ],
)
@pytest.mark.capability("G05")
def test_more_than_there_is_is_refused(wish: Wish, guard: str) -> None:
    with pytest.raises(WrongState) as refused:
        planned(ORDER, wish)
    assert refused.value.guard == guard


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (Wish((Unit(1, "l9"),)), "/lines/0/line_id"),
        (Wish((Unit(1, "", "NO-1"),)), "/lines/0/sku"),
        (by_line(("l1", 1), amount=5), "/amount"),
        (by_line(), "/lines"),
        (by_line(shipping=0), "/lines"),
    ],
)
def test_what_makes_no_sense_is_named(wish: Wish, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        planned(ORDER, wish)
    assert refused.value.extra["errors"][0]["pointer"] == pointer


def test_a_sku_on_two_lines_needs_its_line() -> None:
    twice = paid(a_line("l1"), a_line("l2"), total=40_000)
    with pytest.raises(AmbiguousLine):
        planned(twice, Wish((Unit(1, "", "CAFE-1"),)))


def test_after_an_edit_no_line_gives_back_more_than_it_costs() -> None:
    once = granted(ORDER, by_line(("l1", 2)))
    cheaper = replace(once, lines=(replace(once.lines[0], total=6_000), once.lines[1]))
    assert planned(cheaper, by_line(("l1", 1), ("l2", 1))).lines[0].amount == 0


def test_the_grant_is_split_over_what_was_paid_with() -> None:
    cash = Entry("manual:capture:paid-1", "capture", "cash", "manual", 9_967, "MXN", "ok", AT, "paid-1")
    both = replace(ORDER, ledger=(an_entry("capture", 19_933), cash))
    _, grant, parts = granting(both, planned(both, Wish(amount=10_000)), AT, reason="customer")
    assert grant.amount == 10_000
    assert sorted((part.provider, part.amount) for part in parts) == [("manual", 3_333), ("stripe", 6_667)]
    assert ORIGIN.at == AT
