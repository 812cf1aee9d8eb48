"""Discount codes, surcharges and delivery zones."""

from typing import Any

import pytest

from comanda.errors import Invalid
from comanda.orders.quote import delivery_extra, discount_extra, surcharge_extra, zone_of
from comanda.orders.vocabulary import Method
from comanda.settings.sections import Checkout, Delivery, DiscountCode, PaymentMethod, Shipping, Words, Zone

CODES = Checkout(
    discount_codes=(
        DiscountCode(code="diez", percent_ppm=100_000),
        DiscountCode(code="FIJO", amount=5_000),
        DiscountCode(code="VIEJO", amount=5_000, active=False),
    )
)
LOCAL = Zone(countries=("MX",), postal_prefixes=("06", "03"), price=5_000, free_from=100_000)
COUNTRY = Zone(countries=("MX",), price=12_000)
ABROAD = Zone(countries=("US", "CA"), price=50_000)
SHIP = Delivery(code="ship", title=Words(es="Envío", en="Delivery"), zones=(LOCAL, COUNTRY, ABROAD))
PICKUP = Delivery(code="pickup", needs_address=False, tax_ppm=0)
SHIPPING = Shipping(deliveries=(SHIP, PICKUP))


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


@pytest.mark.parametrize(
    ("country", "postal", "zone"),
    [
        ("MX", "06700", LOCAL),
        ("mx", " 03100", LOCAL),
        ("MX", "64000", COUNTRY),
        ("MX", "", COUNTRY),
        ("CA", "06700", ABROAD),
        ("DE", "06700", None),
        ("", "06700", None),
    ],
)
def test_the_first_zone_that_covers_the_address(country: str, postal: str, zone: Zone | None) -> None:
    assert zone_of(SHIP, {"country": country, "postal_code": postal}) == zone


def test_without_an_address_the_first_zone_is_shown() -> None:
    assert zone_of(SHIP, {}) == LOCAL
    assert zone_of(PICKUP, {"country": "DE"}) == Zone()


@pytest.mark.parametrize(("value", "amount"), [(99_999, 5_000), (100_000, 0)])
def test_delivery_is_free_from_a_value_on(value: int, amount: int) -> None:
    extra = delivery_extra("ship", {"country": "MX", "postal_code": "06700"}, SHIPPING, value, "es")
    assert (extra.kind, extra.code, extra.title, extra.amount, extra.tax_ppm) == (
        "shipping",
        "ship",
        "Envío",
        amount,
        160_000,
    )


@pytest.mark.parametrize(
    ("code", "address", "pointer"),
    [
        ("drone", {}, "/delivery"),
        ("ship", {"country": "DE", "postal_code": "1"}, "/shipping_address/postal_code"),
    ],
)
def test_what_is_not_offered_is_refused(code: str, address: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        delivery_extra(code, address, SHIPPING, 1, "es")
    assert [error["pointer"] for error in refused.value.extra["errors"]] == [pointer]
