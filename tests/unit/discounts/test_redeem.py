"""Who may have a discount code, when, for what, and what it gives."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.discounts.edit_codes import judge
from comanda.discounts.model import Basket, DiscountCode, Given, Item, redeem, shard_of, spelt
from comanda.errors import Invalid
from comanda.orders.bill import Extra, TaxRule, Wanted
from comanda.orders.price import price
from comanda.stock.model import Product

NOW = "2026-11-22T12:00:00.000Z"
BASKET = Basket([Item("l1", "CAFE", 20_000), Item("l2", "TAZA", 5_005)], "MXN", NOW)


def why(code: DiscountCode, basket: Basket = BASKET) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        redeem(code, basket)
    assert [error["pointer"] for error in refused.value.extra["errors"]] == ["/discount_code"]
    return refused.value.extra["reason"], refused.value.detail


@pytest.mark.parametrize(
    ("code", "given_"),
    [
        (DiscountCode("X", percent_ppm=100_000), Given(2_501)),
        (DiscountCode("X", amount=3_000), Given(3_000)),
        (DiscountCode("X", amount=30_000), Given(25_005)),
        (DiscountCode("X", percent_ppm=100_000, amount=1_000), Given(3_501)),
        (DiscountCode("X", free_shipping=True), Given(0, (), free_shipping=True)),
        (DiscountCode("X", percent_ppm=200_000, skus=("TAZA",)), Given(1_001, ("l2",))),
        (DiscountCode("X", amount=9_999, skus=("TAZA", "OTRO")), Given(5_005, ("l2",))),
    ],
)
@pytest.mark.capability("F21")
def test_what_a_code_gives(code: DiscountCode, given_: Given) -> None:
    assert redeem(code, BASKET) == given_


@pytest.mark.parametrize(
    ("code", "basket", "reason", "detail"),
    [
        (DiscountCode("X", amount=1, active=False), BASKET, "inactive", "the code is not in use any more"),
        (
            DiscountCode("X", amount=1, valid_from="2026-12-01T06:00:00.000Z"),
            BASKET,
            "too-early",
            "the code is valid from 2026-12-01T06:00:00.000Z",
        ),
        (DiscountCode("X", amount=1, valid_to=NOW), BASKET, "expired", f"the code was valid until {NOW}"),
        (
            DiscountCode("X", amount=1, minimum_subtotal=30_000),
            BASKET,
            "minimum",
            "the code needs goods for 300.00 MXN at least; these are 250.05 MXN",
        ),
        (
            DiscountCode("X", amount=1, groups=("mayoreo",)),
            BASKET,
            "group",
            "the code is for some customers: sign in first",
        ),
        (
            DiscountCode("X", amount=1, groups=("mayoreo",)),
            replace(BASKET, known=True, group="otros"),
            "group",
            "the code is not for your group of customers",
        ),
        (
            DiscountCode("X", amount=1, skus=("TE", "AGUA")),
            BASKET,
            "products",
            "the code is for TE, AGUA, and none of these is here",
        ),
    ],
)
@pytest.mark.capability("F21")
def test_a_refusal_says_why(code: DiscountCode, basket: Basket, reason: str, detail: str) -> None:
    assert why(code, basket) == (reason, detail)


def test_the_first_and_the_last_moment() -> None:
    code = DiscountCode("X", amount=1, valid_from=NOW, valid_to="2026-11-22T12:00:00.001Z")
    assert redeem(code, BASKET).amount == 1


def test_its_group_may_have_it() -> None:
    code = DiscountCode("X", amount=1, groups=("mayoreo", "socios"))
    assert redeem(code, replace(BASKET, known=True, group="socios")).amount == 1


def test_a_code_is_spelt_one_way() -> None:
    assert {spelt(text) for text in ("verano-10", " VERANO-10 ", "Verano -10")} == {"VERANO-10"}


def test_a_limit_is_counted_in_one_place_all_else_is_spread() -> None:
    orders = [f"order{number}" for number in range(200)]
    assert {shard_of(DiscountCode("X", max_uses=5), order) for order in orders} == {0}
    spread = {shard_of(DiscountCode("X"), order) for order in orders}
    assert min(spread) >= 1
    assert len(spread) > 8


@pytest.mark.parametrize(
    ("code", "pointer"),
    [
        (DiscountCode("X"), "/percent_ppm"),
        (DiscountCode("X", amount=1, valid_from="2026-02", valid_to="2026-01"), "/valid_to"),
    ],
)
def test_a_code_that_never_gives_anything_is_not_made(code: DiscountCode, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        judge(code)
    assert [error["pointer"] for error in refused.value.extra["errors"]] == [pointer]


prices = st.integers(0, 1_000_000)


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), prices, st.integers(1, 50), st.sampled_from([0, 160_000])),
        min_size=1,
    ),
    st.integers(0, 1_000_000),
    prices,
    st.lists(st.sampled_from("ABCD"), unique=True),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["MXN", "JPY", "KWD"]),
)
@pytest.mark.capability("F21", "F14")
def test_a_code_takes_its_amount_from_its_lines_and_from_no_other(
    bought: list[tuple[str, int, int, int]],
    ppm: int,
    amount: int,
    skus: list[str],
    included: bool,
    per_line: bool,
    currency: str,
) -> None:
    wanted = [
        Wanted(Product(sku, {}, cents, tax), quantity, line_id=f"l{number + 1}")
        for number, (sku, cents, quantity, tax) in enumerate(bought)
    ]
    items = [Item(one.line_id, one.product.sku, one.each * one.quantity) for one in wanted]
    code = DiscountCode("X", ppm, amount, skus=tuple(skus))
    try:
        gift = redeem(code, Basket(items, currency, NOW))
    except Invalid:
        assert skus
        assert not set(skus) & {sku for sku, *_ in bought}
        return
    extra = Extra("discount", "X", "X", gift.amount, lines=gift.lines)
    priced = price(wanted, [extra], TaxRule(included, per_line), "es", "main")
    base = sum(item.subtotal for item in items if not skus or item.sku in skus)
    exact = amount + base * ppm / 1_000_000
    assert priced.totals.discount == gift.amount == sum(line.discount for line in priced.lines)
    assert abs(gift.amount - min(exact, base)) <= 1
    for line in priced.lines:
        assert line.discount == 0 or not skus or line.sku in skus
        assert 0 <= line.discount <= line.subtotal
