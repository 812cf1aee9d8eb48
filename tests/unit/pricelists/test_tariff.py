"""What a buyer pays by the lists, and which quantities can be ordered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.pricelists.model import Entry, Rule, Tariff

OWN = Entry("mayoreo", "CAFE", ((1, 9_000), (12, 8_000)))
COMMON = Entry("everyone", "CAFE", ((6, 9_500),), units_per_box=6, minimum_quantity=6)
TARIFF = Tariff({"CAFE": (OWN, COMMON), "TE": (Entry("mayoreo", "TE", minimum_quantity=2),)}, 100_000)


@pytest.mark.parametrize(
    ("tariff", "sku", "quantity", "amount"),
    [
        (TARIFF, "CAFE", 1, 9_000),
        (TARIFF, "CAFE", 11, 9_000),
        (TARIFF, "CAFE", 12, 8_000),
        (TARIFF, "TE", 5, 9_000),
        (TARIFF, "AGUA", 1, 9_000),
        (Tariff({"CAFE": (COMMON,)}), "CAFE", 5, 10_000),
        (Tariff({"CAFE": (COMMON,)}), "CAFE", 6, 9_500),
        (Tariff({"CAFE": (Entry("mayoreo", "CAFE", ((50, 5_000),)), COMMON)}), "CAFE", 49, 9_500),
        (Tariff(), "CAFE", 1_000, 10_000),
    ],
)
@pytest.mark.capability("F21")
def test_the_buyers_own_list_goes_before_everyones_and_that_before_a_percentage(
    tariff: Tariff, sku: str, quantity: int, amount: int
) -> None:
    assert tariff.unit_price(sku, 10_000, quantity) == amount


def test_the_steps_of_a_price() -> None:
    assert TARIFF.breaks("CAFE", 10_000) == [(1, 9_000), (12, 8_000)]
    assert Tariff({"CAFE": (COMMON,)}).breaks("CAFE", 10_000) == [(1, 10_000), (6, 9_500)]
    assert Tariff().breaks("CAFE", 10_000) == [(1, 10_000)]


def test_a_list_that_leaves_a_rule_open_takes_everyones() -> None:
    assert TARIFF.rule("CAFE") == Rule(6, 6)
    assert TARIFF.rule("TE") == Rule(1, 2)
    assert TARIFF.rule("AGUA") == Rule()


@pytest.mark.parametrize(
    ("rule", "quantity", "told", "near"),
    [
        (Rule(6), 8, "CAFE comes in boxes of 6: order 6 or 12 instead of 8", [6, 12]),
        (Rule(6), 1, "CAFE comes in boxes of 6: order 6 instead of 1", [6]),
        (Rule(1, 10), 3, "CAFE takes 10 at least: order 10 instead of 3", [10]),
        (Rule(6, 10), 7, "CAFE comes in boxes of 6 and takes 10 at least: order 12 instead of 7", [12]),
    ],
)
@pytest.mark.capability("F21")
def test_a_refused_quantity_names_the_next_that_fit(
    rule: Rule, quantity: int, told: str, near: list[int]
) -> None:
    assert not rule.fits(quantity)
    assert rule.refusal("CAFE", quantity) == {"detail": told, "quantities": near}


@given(st.integers(1, 100), st.integers(1, 1_000), st.integers(1, 5_000))
def test_the_nearest_quantities_fit_and_nothing_fits_between(box: int, minimum: int, quantity: int) -> None:
    rule = Rule(box, minimum)
    fitting = [n for n in range(1, quantity + minimum + 2 * box) if n % box == 0 and n >= minimum]
    assert rule.fits(quantity) == (quantity in fitting)
    assert rule.smallest == fitting[0]
    if not rule.fits(quantity):
        below = [n for n in fitting if n < quantity][-1:]
        assert rule.nearest(quantity) == below + [n for n in fitting if n > quantity][:1]


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10_000)), unique_by=lambda one: one[0]).map(sorted),
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10_000)), unique_by=lambda one: one[0]).map(sorted),
    st.integers(0, 1_000_000),
    st.integers(1, 60),
)
def test_the_steps_say_what_each_quantity_costs(
    own: list[tuple[int, int]], common: list[tuple[int, int]], ppm: int, quantity: int
) -> None:
    entries = (Entry("g", "S", tuple(own)), Entry("everyone", "S", tuple(common)))
    tariff = Tariff({"S": entries}, ppm)
    steps = tariff.breaks("S", 7_777)
    assert steps[0][0] == 1
    assert [start for start, _ in steps] == sorted({start for start, _ in steps})
    assert [amount for start, amount in steps if start <= quantity][-1] == tariff.unit_price(
        "S", 7_777, quantity
    )
