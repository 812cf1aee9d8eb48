"""Charged lines keep their price; what changes is worked out, and all still adds up to the cent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.bill import Extra, Item, Kept, Price, TaxRule, Wanted
from comanda.orders.model import Line, Order, Terms
from comanda.orders.price import price
from comanda.orders.reprice import extras_of, reprice
from comanda.orders.vocabulary import Channel, Lifecycle, Method
from comanda.stock.model import Product

RATES = (0, 80_000, 160_000, 210_000)
amounts = st.integers(0, 3_000_000)


@st.composite
def wanted_lines(draw: st.DrawFn) -> list[Wanted]:
    count = draw(st.integers(1, 8))
    return [
        Wanted(
            Product(
                f"S-{draw(st.integers(1, 5))}", {"es": "algo"}, draw(amounts), draw(st.sampled_from(RATES))
            ),
            draw(st.integers(1, 500)),
            draw(st.none() | amounts),
        )
        for _ in range(count)
    ]


@st.composite
def asked_extras(draw: st.DrawFn) -> list[Extra]:
    lines = st.lists(st.integers(1, 8).map(lambda n: f"l{n}"), max_size=3, unique=True).map(tuple)
    kinds = {
        "discount": st.builds(lambda n, only: Extra("discount", "D", "D", n, lines=only), amounts, lines),
        "surcharge": st.builds(lambda n: Extra("surcharge", "s", "S", n), amounts),
        "shipping": st.builds(
            lambda n, rate: Extra("shipping", "ship", "Envío", n, rate), amounts, st.sampled_from(RATES)
        ),
    }
    return draw(st.lists(st.sampled_from(sorted(kinds)).flatmap(lambda kind: kinds[kind]), max_size=5))


rules = st.builds(TaxRule, st.booleans(), st.booleans())


def order_of(priced: Price, rule: TaxRule) -> Order:
    return Order(
        "o1",
        "P-1",
        "MXN",
        Channel.WEB,
        "es",
        Lifecycle.PLACED,
        Method.BANK_TRANSFER,
        "ship",
        "2026-11-22T00:00:00.000Z",
        "2026-11-22T00:00:00.000Z",
        priced.lines,
        priced.charges,
        priced.tax_lines,
        priced.totals,
        Terms(rounding="line" if rule.per_line else "total"),
    )


def adds_up(priced: Price) -> None:
    sums, added = priced.totals, 0 if priced.totals.tax_included else 1
    for line in priced.lines:
        assert line.subtotal == line.unit_price * line.quantity
        assert 0 <= line.discount <= line.subtotal
        assert line.total == line.subtotal - line.discount + added * line.tax
    by_kind = {kind: [c for c in priced.charges if c.kind == kind] for kind in KINDS}
    assert sums.subtotal == sum(line.subtotal for line in priced.lines)
    assert sums.discount == sum(line.discount for line in priced.lines)
    assert [sums.discount, sums.surcharge, sums.shipping] == [
        sum(charge.amount for charge in by_kind[kind]) for kind in KINDS
    ]
    charged = by_kind["surcharge"] + by_kind["shipping"]
    assert sums.tax == sum(line.tax for line in priced.lines) + sum(charge.tax for charge in charged)
    assert sums.tax == sum(line.amount for line in priced.tax_lines)
    assert sum(line.base for line in priced.tax_lines) == sums.total - added * sums.tax
    assert sums.total == sum(line.total for line in priced.lines) + sum(
        charge.amount + added * charge.tax for charge in charged
    )
    assert len({line.line_id for line in priced.lines}) == len(priced.lines)


KINDS = ("discount", "surcharge", "shipping")


@given(wanted_lines(), asked_extras(), rules)
@pytest.mark.capability("A20", "F14")
def test_nothing_changed_costs_exactly_what_was_charged(
    lines: list[Wanted], extras: list[Extra], rule: TaxRule
) -> None:
    charged = price(lines, extras, rule, "es", "main")
    adds_up(charged)
    order = order_of(charged, rule)
    again = reprice(order, [Kept(line) for line in order.lines], extras_of(order), "other")
    assert again == charged


@given(wanted_lines(), asked_extras(), rules, wanted_lines(), asked_extras(), st.data())
@pytest.mark.capability("A20")
def test_any_change_of_an_order_adds_up(
    lines: list[Wanted],
    extras: list[Extra],
    rule: TaxRule,
    added: list[Wanted],
    more: list[Extra],
    data: st.DataObject,
) -> None:
    order = order_of(price(lines, extras, rule, "es", "main"), rule)
    staying = data.draw(st.lists(st.sampled_from(order.lines), unique_by=lambda line: line.line_id))
    kept = [
        Kept(line, data.draw(st.none() | st.integers(0, 500)), data.draw(st.none() | amounts))
        for line in staying
    ]
    items: list[Item] = [*kept, *added]
    priced = reprice(order, items, [*extras_of(order), *more], "main")
    adds_up(priced)
    for item, line in zip(kept, priced.lines, strict=False):
        assert (line.line_id, line.tax_ppm, line.name) == (
            item.line.line_id,
            item.line.tax_ppm,
            item.line.name,
        )
        assert line.unit_price == (item.line.unit_price if item.unit_price is None else item.unit_price)
    discounts = [charge for charge in priced.charges if charge.kind == "discount"]
    asked = [extra for extra in [*extras_of(order), *more] if extra.kind == "discount"]
    assert all(charge.amount <= extra.amount for charge, extra in zip(discounts, asked, strict=True))


COFFEE = Product("CAFE", {"es": "Café", "en": "Coffee"}, 10_000, 160_000)
RULE = TaxRule(included=True, per_line=True)


def test_a_charged_line_keeps_its_price_and_counters_whatever_the_product_costs_now() -> None:
    order = order_of(price([Wanted(COFFEE, 3)], [], RULE, "es", "main"), RULE)
    shipped = replace(order.lines[0], shipped=1, allocated=2)
    dearer = replace(COFFEE, price=99_000, names={"es": "Otro"}, tax_ppm=0)
    priced = reprice(order, [Kept(shipped, 2), Wanted(dearer, 1)], [], "main")
    first, second = priced.lines
    assert (first.unit_price, first.quantity, first.total, first.shipped) == (10_000, 2, 20_000, 1)
    assert (first.name, first.tax) == ("Café", 2_759)
    assert (second.line_id, second.unit_price, second.tax) == ("l2", 99_000, 0)


def test_a_manual_price_and_a_discount_on_one_line() -> None:
    lines = price([Wanted(COFFEE, 1), Wanted(COFFEE, 1)], [], RULE, "es", "main")
    order = order_of(lines, RULE)
    off = Extra("discount", "", "Golpe en la caja", 500, lines=("l2",))
    priced = reprice(order, [Kept(order.lines[0], unit_price=8_000), Kept(order.lines[1])], [off], "main")
    assert [(line.unit_price, line.discount, line.total) for line in priced.lines] == [
        (8_000, 0, 8_000),
        (10_000, 500, 9_500),
    ]
    assert priced.charges[0].lines == ("l2",)


def test_a_surcharge_keeps_the_rate_it_was_taxed_at() -> None:
    food = Product("PAN", {"es": "Pan"}, 5_000, 0)
    fee = Extra("surcharge", "on_delivery", "Contra entrega", 1_160)
    order = order_of(price([Wanted(COFFEE, 1), Wanted(food, 1)], [fee], RULE, "es", "main"), RULE)
    bread: Line = order.lines[1]
    priced = reprice(order, [Kept(bread)], extras_of(order), "main")
    assert (priced.charges[0].tax, priced.charges[0].tax_ppm) == (160, 160_000)


def test_a_discount_for_lines_that_are_gone_takes_nothing() -> None:
    off = Extra("discount", "D", "D", 500, lines=("l1",))
    order = order_of(price([Wanted(COFFEE, 1), Wanted(COFFEE, 2)], [off], RULE, "es", "main"), RULE)
    priced = reprice(order, [Kept(order.lines[1])], extras_of(order), "main")
    assert (priced.totals.discount, priced.totals.total) == (0, 20_000)
