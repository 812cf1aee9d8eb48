"""Discount codes and surcharges."""

import pytest

from comanda.errors import Invalid
from comanda.orders.quote import discount_extra, surcharge_extra
from comanda.orders.vocabulary import Method
from comanda.settings.sections import Checkout, DiscountCode, PaymentMethod, Words

CODES = Checkout(
    discount_codes=(
        DiscountCode(code="diez", percent_ppm=100_000),
        DiscountCode(code="FIJO", amount=5_000),
        DiscountCode(code="VIEJO", amount=5_000, active=False),
    )
)


@pytest.mark.parametrize(
    ("code", "subtotal", "amount"),
    [("diez", 10_005, 1_001), (" DIEZ ", 100, 10), ("fijo", 20_000, 5_000), ("fijo", 3_000, 3_000)],
)
@pytest.mark.capability("A20")
def test_a_discount_code_is_found_in_any_spelling(code: str, subtotal: int, amount: int) -> None:
    extra = discount_extra(code, CODES, subtotal)
    assert extra
    assert (extra.kind, extra.code, extra.amount) == ("discount", code.strip().upper(), amount)


@pytest.mark.parametrize("code", ["VIEJO", "nada", "  x"])
def test_an_unknown_code_is_refused_by_name_of_its_field(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        discount_extra(code, CODES, 10_000)
    assert refused.value.extra["errors"] == [{"pointer": "/discount_code", "detail": "not a valid code"}]


def test_no_code_no_discount() -> None:
    assert discount_extra("", CODES, 10_000) is None


@pytest.mark.capability("A20")
def test_a_surcharge_is_a_fixed_part_and_a_fraction() -> None:
    settings = PaymentMethod(surcharge=300, surcharge_ppm=36_000, title=Words(es="Tarjeta", en="Card"))
    extra = surcharge_extra(Method.STRIPE, settings, 10_000, "en")
    assert extra
    assert (extra.kind, extra.code, extra.title, extra.amount) == ("surcharge", "stripe", "Card", 660)
    assert surcharge_extra(Method.STRIPE, PaymentMethod(), 10_000, "en") is None
