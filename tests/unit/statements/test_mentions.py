"""Numbers of orders as customers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.statements.mentions import Strength, mentions, named

NUMBER = "P-000123"


def strength(*fields: str, number: str = NUMBER) -> Strength:
    return named(mentions(fields), number)


@pytest.mark.capability("G15")
@pytest.mark.parametrize(
    "text",
    [
        "P-000123",
        "p000123",
        "P 000123",
        "p-123",
        "P_000-123",
        "pago P.000 123 gracias",
        "TRANSF DE ANA MUÑOZ CONCEPTO P-000123 12/11/2026",
        "Pedido 123",
        "pedido nº 123",
        "PEDIDO: 000123",
        "order #123",
        "su ref. 000123",
        "000123",
        "123",
        "abono 000123 ana",
        "000000000123",
        "pedido-000123",
    ],
)
def test_the_order_is_named(text: str) -> None:
    assert strength(text) is Strength.STRONG


@pytest.mark.parametrize(
    "text",
    [
        "calle mayor 123",
        "22/11/123",
        "F-000123",
        "nif 000123X",
        "000123/2026",
        "abono 123 ana",
        "123.45 euros",
    ],
)
def test_the_number_may_be_anything(text: str) -> None:
    assert strength(text) is Strength.WEAK


@pytest.mark.parametrize("text", ["", "P-000124", "P-1234", "1230", "tel 55 1230 5678", "P-0001230", "000"])
def test_it_is_not_there(text: str) -> None:
    assert strength(text) is Strength.NONE


def test_numbers_without_a_prefix_and_with_a_long_one() -> None:
    assert strength("abono 1234567", number="1234567") is Strength.STRONG
    assert strength("web/mx 2026-12", number="WEB-MX-12") is Strength.WEAK
    assert strength("web-mx-12", number="WEB-MX-000012") is Strength.STRONG
    assert strength("mx 12", number="WEB-MX-000012") is Strength.WEAK


def test_each_field_is_for_itself() -> None:
    assert strength("P-", "000123", "gracias") is Strength.STRONG
    assert strength("calle 123", "P-") is Strength.WEAK


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Nd", "No", "Nl", "Cs")), max_size=20)


@given(
    st.integers(1, 9_999_999),
    WORDS,
    WORDS,
    st.sampled_from(["-", " ", "", ".", "_", "#", ": "]),
    st.booleans(),
)
def test_a_whole_number_among_any_words_is_found(
    count: int, before: str, after: str, between: str, lower: bool
) -> None:
    number = f"P-{count:06d}"
    said = f"P{between}{count:06d}"
    text = f"{before} {said.lower() if lower else said} {after}"
    assert strength(text, number=number) is Strength.STRONG


@given(st.text(max_size=80), st.integers(1, 999_999))
def test_no_number_is_found_that_is_not_there(text: str, count: int) -> None:
    digits = "".join(c for c in text if c.isdigit())
    if str(count) not in digits:
        ascii_only = text.encode("ascii", "ignore").decode()
        assert strength(ascii_only, number=f"P-{count:06d}") is Strength.NONE
