"""Money: exact shares, rounding half away from zero, no mixing of currencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.money import Money, decimal_text, exponent, fraction_of, share, tax_within

amounts = st.integers(0, 10**12)
rates = st.integers(0, 1_000_000)


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_shares_add_up_and_none_is_a_cent_off_its_due(amount: int, weights: list[int]) -> None:
    parts = share(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        assert all(abs(part * total - amount * w) < total for part, w in zip(parts, weights, strict=True))
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # the tie goes to the earlier part
        (100, [1, 2, 1], [25, 50, 25]),
        (1, [1, 3], [0, 1]),
        (5, [0, 0], [5, 0]),
        (0, [3, 4], [0, 0]),
        (7, [], []),
    ],
)
def test_shares_by_largest_remainder(amount: int, weights: list[int], parts: list[int]) -> None:
    assert share(amount, weights) == parts


@given(amounts, rates)
def test_a_fraction_is_rounded_half_away_from_zero(amount: int, rate: int) -> None:
    exact = amount * rate
    assert abs(2 * (fraction_of(amount, rate) * 1_000_000 - exact)) <= 1_000_000
    assert fraction_of(-amount, rate) == -fraction_of(amount, rate)


@pytest.mark.parametrize(("amount", "tax"), [(1, 1), (-1, -1), (3, 2), (2, 1)])
def test_half_a_cent_rounds_away_from_zero(amount: int, tax: int) -> None:
    assert fraction_of(amount, 500_000) == tax


@given(amounts, rates)
def test_tax_taken_out_of_a_price_is_the_tax_put_on_what_is_left(gross: int, rate: int) -> None:
    """For the net amount that the gross price contains, adding tax again is at most a cent off."""
    tax = tax_within(gross, rate)
    assert 0 <= tax <= gross
    assert abs(fraction_of(gross - tax, rate) - tax) <= 1
    assert tax_within(-gross, rate) == -tax


@pytest.mark.parametrize(("gross", "rate", "tax"), [(11600, 160_000, 1600), (100, 0, 0), (1, 1_000_000, 1)])
def test_tax_within(gross: int, rate: int, tax: int) -> None:
    assert tax_within(gross, rate) == tax


def test_currencies_do_not_mix() -> None:
    assert Money(100, "MXN") + Money(250, "MXN") - Money(50, "MXN") == Money(300, "MXN")
    with pytest.raises(ValueError, match="MXN and USD"):
        Money(1, "MXN") + Money(1, "USD")
    with pytest.raises(ValueError, match="MXN and USD"):
        Money(1, "MXN") - Money(1, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (123450, "MXN", "1234.50"),
        (5, "MXN", "0.05"),
        (-5, "MXN", "-0.05"),
        (0, "EUR", "0.00"),
        (1234, "CLP", "1234"),
        (-7, "JPY", "-7"),
        (1234, "KWD", "1.234"),
    ],
)
def test_decimal_text(amount: int, currency: str, text: str) -> None:
    assert decimal_text(amount, currency) == Money(amount, currency).decimal() == text


def test_exponents() -> None:
    assert {code: exponent(code) for code in ("MXN", "CLP", "KWD", "USD")} == {
        "MXN": 2,
        "CLP": 0,
        "KWD": 3,
        "USD": 2,
    }
    assert Money(7, "MXN").to_dict() == {"amount": 7, "currency": "MXN"}
