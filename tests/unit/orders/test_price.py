"""What an order costs: every sum holds to the cent, for any products, discounts and tax rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.money import fraction_of, tax_within
from comanda.orders.bill import Extra, Price, TaxRule, Wanted
from comanda.orders.model import Charge, TaxLine, Totals
from comanda.orders.price import price
from comanda.stock.model import Product

RATES = (0, 80_000, 160_000, 210_000)

wanteds = st.lists(
    st.builds(
        lambda number, cents, rate, quantity: Wanted(
            Product(f"S-{number}", {"es": "algo"}, cents, rate), quantity
        ),
        st.integers(1, 9),
        st.integers(0, 5_000_000),
        st.sampled_from(RATES),
        st.integers(1, 1000),
    ),
    min_size=1,
    max_size=12,
)
extras = st.tuples(
    st.none() | st.builds(lambda n: Extra("discount", "OFF", "OFF", n), st.integers(0, 10**9)),
    st.none() | st.builds(lambda n: Extra("surcharge", "s", "s", n), st.integers(0, 10**6)),
    st.builds(
        lambda n, r: Extra("shipping", "ship", "s", n, r), st.integers(0, 10**6), st.sampled_from(RATES)
    ),
).map(lambda three: [one for one in three if one])
rules = st.builds(TaxRule, st.booleans(), st.booleans())


@given(wanteds, extras, rules)
def test_lines_and_charges_add_up_to_the_totals(
    wanted: list[Wanted], asked: list[Extra], rule: TaxRule
) -> None:
    priced = price(wanted, asked, rule, "es", "main")
    sums = priced.totals
    charged = {kind: sum(c.amount for c in priced.charges if c.kind == kind) for kind in KINDS}
    assert sums.subtotal == sum(line.subtotal for line in priced.lines)
    assert sums.discount == sum(line.discount for line in priced.lines) == charged["discount"]
    assert (sums.surcharge, sums.shipping) == (charged["surcharge"], charged["shipping"])
    taxes = [line.tax for line in priced.lines] + [c.tax for c in priced.charges]
    assert sums.tax == sum(taxes) == sum(line.amount for line in priced.tax_lines)
    net = sums.subtotal - sums.discount + sums.surcharge + sums.shipping
    assert sums.total == net + (0 if rule.included else sums.tax)
    assert sums.tax_included is rule.included
    lines_and_charges = sum(line.total for line in priced.lines) + sum(
        c.amount + (0 if rule.included else c.tax) for c in priced.charges if c.kind != "discount"
    )
    assert sums.total == lines_and_charges
    assert min(sums.subtotal, sums.discount, sums.surcharge, sums.shipping, sums.tax, sums.total) >= 0


KINDS = ("discount", "surcharge", "shipping")


@given(wanteds, extras, rules)
def test_each_line_gets_its_share_of_the_discount_within_a_cent(
    wanted: list[Wanted], asked: list[Extra], rule: TaxRule
) -> None:
    priced = price(wanted, asked, rule, "es", "main")
    subtotal, discount = priced.totals.subtotal, priced.totals.discount
    for line in priced.lines:
        assert 0 <= line.discount <= line.subtotal
        if subtotal:
            assert abs(line.discount * subtotal - discount * line.subtotal) < subtotal


@given(wanteds, extras, st.booleans())
def test_tax_per_rate_is_rounded_once_over_the_whole_order(
    wanted: list[Wanted], asked: list[Extra], included: bool
) -> None:
    priced = price(wanted, asked, TaxRule(included, per_line=False), "es", "main")
    for rate in {line.tax_ppm for line in priced.lines}:
        base = sum(line.subtotal - line.discount for line in priced.lines if line.tax_ppm == rate)
        whole = tax_within(base, rate) if included else fraction_of(base, rate)
        assert sum(line.tax for line in priced.lines if line.tax_ppm == rate) == whole


@given(wanteds, extras, rules)
def test_tax_lines_hold_each_rate_once_with_its_base(
    wanted: list[Wanted], asked: list[Extra], rule: TaxRule
) -> None:
    priced = price(wanted, asked, rule, "es", "main")
    rates = [line.rate_ppm for line in priced.tax_lines]
    assert rates == sorted(set(rates))
    net = priced.totals.subtotal - priced.totals.discount + priced.totals.surcharge + priced.totals.shipping
    assert sum(line.base for line in priced.tax_lines) == net


def coffee_and_cup(rule: TaxRule, *asked: Extra) -> Price:
    coffee = Wanted(Product("CAFE", {"es": "Café", "en": "Coffee"}, 3333, 160_000), 3)
    cup = Wanted(Product("TAZA", {"es": "Taza"}, 5001, 80_000, tracked=False), 1)
    return price([coffee, cup], asked, rule, "en", "main")


def test_prices_with_tax_inside() -> None:
    priced = coffee_and_cup(
        TaxRule(True, True),
        Extra("discount", "D", "D", 1000),
        Extra("shipping", "ship", "Envío", 9900, 160_000),
    )
    assert [(line.subtotal, line.discount, line.tax, line.total) for line in priced.lines] == [
        (9999, 667, 1287, 9332),
        (5001, 333, 346, 4668),
    ]
    assert priced.totals == Totals(15000, 1000, 0, 9900, 2999, 23900, tax_included=True)
    assert priced.tax_lines == (TaxLine(80_000, 4668, 346), TaxLine(160_000, 19232, 2653))
    assert [line.name for line in priced.lines] == ["Coffee", "Taza"]  # the other language fills in
    assert [line.tracked for line in priced.lines] == [True, False]


def test_prices_without_tax_and_a_taxed_surcharge() -> None:
    priced = coffee_and_cup(TaxRule(False, True), Extra("surcharge", "stripe", "Tarjeta", 500))
    assert [(line.tax, line.total) for line in priced.lines] == [(1600, 11599), (400, 5401)]
    assert priced.charges == (Charge("surcharge", "stripe", "Tarjeta", 500, 80, 160_000),)
    assert priced.totals == Totals(15000, 0, 500, 0, 2080, 17580, tax_included=False)


def test_per_line_and_per_order_rounding_differ_where_they_must() -> None:
    three = [Wanted(Product(f"S{i}", {}, 103, 160_000), 1) for i in range(3)]
    per_line = price(three, [], TaxRule(False, True), "es", "main")
    per_order = price(three, [], TaxRule(False, False), "es", "main")
    assert [line.tax for line in per_line.lines] == [16, 16, 16]
    assert [line.tax for line in per_order.lines] == [17, 16, 16]


def test_a_discount_never_exceeds_what_is_bought() -> None:
    priced = coffee_and_cup(TaxRule(True, True), Extra("discount", "D", "D", 99_999))
    assert priced.totals == Totals(15000, 15000, 0, 0, 0, 0, tax_included=True)
    assert priced.charges == (Charge("discount", "D", "D", 15000),)


@pytest.mark.parametrize("included", [True, False])
def test_free_goods_cost_nothing(included: bool) -> None:
    free = [Wanted(Product("S", {}, 0, 160_000), 2)]
    assert (
        price(free, [Extra("discount", "D", "D", 10)], TaxRule(included, True), "es", "m").totals.total == 0
    )
