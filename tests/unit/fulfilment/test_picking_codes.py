"""Codes as phones read them, against codes as catalogues write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.picking.codes import fits, normal

pytestmark = pytest.mark.capability("D10")
DIGITS = st.text("0123456789", min_size=8, max_size=14)


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("036000291452", "0036000291452"),  # UPC-A and the same as an EAN-13
        ("00036000291452", "036000291452"),  # as a GTIN-14
        ("96385074", "00000096385074"),  # a GTIN-8
        (" 7501234567893\n", "7501234567893"),
        ("taza-azul", "TAZA-AZUL"),
    ],
)
def test_one_code_in_several_writings(read: str, written: str) -> None:
    assert fits(read, [written])
    assert fits(written, ["", read.strip()])


@pytest.mark.parametrize(
    ("read", "written"),
    [("036000291452", "036000291453"), ("0123", "123"), ("", ""), ("A-1", "A1"), ("12345678", "X12345678")],
)
def test_other_codes_stay_others(read: str, written: str) -> None:
    assert not fits(read, [written])


@given(DIGITS, DIGITS)
def test_two_gtins_are_one_only_when_zeros_part_them(one: str, other: str) -> None:
    if normal(one) == normal(other):
        assert one.lstrip("0") == other.lstrip("0")
