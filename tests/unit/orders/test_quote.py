"""Discount codes and surcharges."""

import pytest

from comanda.discounts.model import Basket, DiscountCode, Item, redeem
from comanda.errors import Invalid
from comanda.orders.quote import known_code, surcharge_extra
from comanda.orders.vocabulary import Method
from comanda.settings.sections import Checkout, PaymentMethod, Words
from comanda.settings.sections import DiscountCode as PlainCode

CODES = Checkout(
    discount_codes=(
        PlainCode(code="diez", percent_ppm=100_000),
        PlainCode(code="FIJO", amount=5_000),
        PlainCode(code="VIEJO", amount=5_000, active=False),
    )
)


@pytest.mark.parametrize(
    ("code", "subtotal", "amount"),
    [("diez", 10_005, 1_001), (" DIEZ ", 100, 10), ("fijo", 20_000, 5_000), ("fijo", 3_000, 3_000)],
)
@pytest.mark.capability("A20")
def test_a_discount_code_of_the_settings_is_found_in_any_spelling(
    code: str, subtotal: int, amount: int
) -> None:
    found = known_code(code, CODES, None)
    assert found
    basket = Basket([Item("l1", "A", subtotal)], "MXN", "2026-11-22T00:00:00.000Z")
    assert (found.code, redeem(found, basket).amount) == (code.strip().upper(), amount)
    assert not found.counted


@pytest.mark.parametrize("code", ["VIEJO", "nada", "  x"])
def test_an_unknown_code_is_refused_by_name_of_its_field(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        known_code(code, CODES, None)
    assert refused.value.extra["errors"] == [{"pointer": "/discount_code", "detail": "not a valid code"}]
    assert refused.value.extra["reason"] == "unknown"


def test_no_code_no_discount() -> None:
    assert known_code("", CODES, None) is None
    assert known_code("  ", CODES, None) is None


def test_a_code_of_its_own_goes_before_one_of_the_settings() -> None:
    own = DiscountCode("DIEZ", amount=1)
    assert known_code("diez", CODES, own) is own


@pytest.mark.capability("A20")
def test_a_surcharge_is_a_fixed_part_and_a_fraction() -> None:
    settings = PaymentMethod(surcharge=300, surcharge_ppm=36_000, title=Words(es="Tarjeta", en="Card"))
    extra = surcharge_extra(Method.STRIPE, settings, 10_000, "en")
    assert extra
    assert (extra.kind, extra.code, extra.title, extra.amount) == ("surcharge", "stripe", "Card", 660)
    assert surcharge_extra(Method.STRIPE, PaymentMethod(), 10_000, "en") is None
