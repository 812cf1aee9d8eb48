"""Amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.money import decimal_text
from comanda.screens.house.amounts import minor_units


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1234.50", "MXN", 123450), ("1,234.50", "MXN", 123450), ("1.234,50", "EUR", 123450),
        ("1234,5", "EUR", 123450),
        ("$ 1,234", "MXN", 123400), ("1.234", "EUR", 123400), ("12", "MXN", 1200), ("0.07", "MXN", 7),
        ("1,234", "CLP", 1234), ("1.234", "KWD", 1234), ("1 234,50", "EUR", 123450), ("9 MXN", "MXN", 900),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_either_way_of_writing(text: str, currency: str, amount: int) -> None:
    assert minor_units(text, currency) == amount


@pytest.mark.parametrize(
    "text", ["", "-5", "1.2.3", "12,34,5", "1,23", "ten", "1e3", "٣", "1.234.50", "1234.567", "1'000"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        minor_units(text, "CLP" if text == "1,23" else "MXN")


@given(st.integers(0, 10**12), st.sampled_from(["MXN", "CLP", "KWD"]))
def test_what_a_form_is_filled_with_is_read_back(amount: int, currency: str) -> None:
    assert minor_units(decimal_text(amount, currency), currency) == amount
