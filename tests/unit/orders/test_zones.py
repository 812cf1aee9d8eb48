"""Zones by country, state and postal code, prices by weight, free from a value on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from comanda.errors import Invalid
from comanda.orders.quote import delivery_extra, judge_slot
from comanda.orders.zones import Parcel, cost, delivery_cost, offered, zone_of
from comanda.settings.sections import Delivery, PostalRange, Shipping, WeightBand, Words, Zone

LOCAL = Zone(countries=("MX",), postal_prefixes=("06", "03"), price=5_000, free_from=100_000)
NORTH = Zone(countries=("MX",), states=("Nuevo León", "Coahuila"), price=9_000)
BAJA = Zone(countries=("MX",), postal_ranges=(PostalRange(first="21000", last="22999"),), excluded=True)
COUNTRY = Zone(countries=("MX",), price=12_000)
ABROAD = Zone(countries=("US", "CA"), price=50_000)
SHIP = Delivery(
    code="ship", title=Words(es="Envío", en="Delivery"), zones=(LOCAL, NORTH, BAJA, COUNTRY, ABROAD)
)
PICKUP = Delivery(code="pickup", needs_address=False, tax_ppm=0)
SHIPPING = Shipping(deliveries=(SHIP, PICKUP))
BANDS = Zone(
    weight_bands=(WeightBand(up_to_grams=1_000, price=7_000), WeightBand(up_to_grams=30_000, price=19_000)),
    free_from=200_000,
)
FREIGHT = Shipping(deliveries=(Delivery(code="box", zones=(BANDS,)), Delivery(code="freight")))


def address(country: str, postal: str = "", state: str = "") -> dict[str, Any]:
    return {"country": country, "postal_code": postal, "state": state}


@pytest.mark.parametrize(
    ("country", "postal", "state", "zone"),
    [
        ("MX", "06700", "", LOCAL),
        ("mx", " 03 100", "", LOCAL),
        ("MX", "64000", "nuevo leon", NORTH),
        ("MX", "64000", "NUEVO LEÓN.", NORTH),
        ("MX", "20999", "", COUNTRY),
        ("MX", "21000", "", None),
        ("MX", "22999", "Baja California", None),
        ("MX", "23000", "", COUNTRY),
        ("MX", "", "", COUNTRY),
        ("CA", "06700", "", ABROAD),
        ("DE", "06700", "", None),
        ("", "06700", "", None),
    ],
)
@pytest.mark.capability("F22")
def test_the_first_zone_that_covers_the_address(
    country: str, postal: str, state: str, zone: Zone | None
) -> None:
    assert zone_of(SHIP, address(country, postal, state)) == zone


def test_without_an_address_the_first_zone_is_shown() -> None:
    assert zone_of(SHIP, {}) == LOCAL
    assert zone_of(PICKUP, {"country": "DE"}) == Zone()


def test_a_longer_postal_code_counts_by_its_beginning() -> None:
    zone = Zone(countries=("US",), postal_ranges=(PostalRange(first="90000", last="90999"),))
    delivery = Delivery(code="ship", zones=(zone,))
    assert zone_of(delivery, address("US", "90210-1234")) == zone
    assert zone_of(delivery, address("US", "9021")) is None
    assert zone_of(delivery, address("US", "91000")) is None


@pytest.mark.parametrize(("value", "amount"), [(99_999, 5_000), (100_000, 0)])
@pytest.mark.capability("F22")
def test_delivery_is_free_from_a_value_on(value: int, amount: int) -> None:
    extra = delivery_extra("ship", address("MX", "06700"), SHIPPING, Parcel(value), "es")
    assert (extra.kind, extra.code, extra.title, extra.amount, extra.tax_ppm) == (
        "shipping",
        "ship",
        "Envío",
        amount,
        160_000,
    )


@pytest.mark.parametrize(
    ("parcel", "price"),
    [
        (Parcel(100, 0), 7_000),
        (Parcel(100, 1_000), 7_000),
        (Parcel(100, 1_001), 19_000),
        (Parcel(100, 30_000), 19_000),
        (Parcel(200_000, 30_000), 0),
        (Parcel(200_000, 30_001), None),
    ],
)
def test_the_weight_decides_the_price(parcel: Parcel, price: int | None) -> None:
    assert cost(BANDS, parcel) == price


@pytest.mark.parametrize(
    ("code", "where", "pointer", "detail", "open_ways"),
    [
        ("drone", address("MX", "06700"), "/delivery", "one of: ship, pickup", ["ship", "pickup"]),
        (
            "ship",
            address("DE", "1"),
            "/shipping_address/country",
            "ship is not offered in DE; it goes to CA, MX, US",
            ["pickup"],
        ),
        (
            "ship",
            address("MX", "22000"),
            "/shipping_address/postal_code",
            "ship is not offered at 22000",
            ["pickup"],
        ),
    ],
)
@pytest.mark.capability("F22")
def test_what_is_not_offered_is_refused_with_what_is(
    code: str, where: dict[str, Any], pointer: str, detail: str, open_ways: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        delivery_cost(code, where, SHIPPING, Parcel(1))
    assert refused.value.extra == {
        "errors": [{"pointer": pointer, "detail": detail}],
        "deliveries": open_ways,
    }


def test_another_state_is_named_and_a_heavy_parcel_weighed() -> None:
    north = Shipping(deliveries=(Delivery(code="van", zones=(NORTH,)),))
    with pytest.raises(Invalid) as refused:
        delivery_cost("van", address("MX", "06700", "CDMX"), north, Parcel())
    told = {"pointer": "/shipping_address/state", "detail": "van goes to Nuevo León, Coahuila"}
    assert refused.value.extra["errors"] == [told]
    with pytest.raises(Invalid) as refused:
        delivery_cost("box", address("MX", "06700"), FREIGHT, Parcel(5, 31_000))
    detail = "box takes at most 30000 g to this address, and this is 31000 g"
    assert refused.value.extra == {
        "errors": [{"pointer": "/delivery", "detail": detail}],
        "deliveries": ["freight"],
    }


@given(
    st.sampled_from(["MX", "US", "DE", ""]),
    st.sampled_from(["06700", "64000", "22000", ""]),
    st.sampled_from(["Coahuila", "CDMX", ""]),
    st.integers(0, 300_000),
    st.integers(0, 60_000),
)
def test_what_is_offered_is_what_can_be_ordered_at_that_price(
    country: str, postal: str, state: str, value: int, grams: int
) -> None:
    where, parcel = address(country, postal, state), Parcel(value, grams)
    shipping = Shipping(deliveries=(*SHIPPING.deliveries, *FREIGHT.deliveries))
    prices = {delivery.code: price for delivery, _, price in offered(where, shipping, parcel)}
    for delivery in shipping.deliveries:
        if delivery.code in prices:
            assert delivery_cost(delivery.code, where, shipping, parcel) == prices[delivery.code] >= 0
        else:
            with pytest.raises(Invalid):
                delivery_cost(delivery.code, where, shipping, parcel)


FETCH = Delivery(code="fetch", needs_address=False, slots=("9–13 h", "13–18 h"), slot_required=True)


@pytest.mark.parametrize(
    ("code", "slot", "detail"),
    [
        ("fetch", "", "one of: 9–13 h, 13–18 h"),
        ("fetch", "night", "one of: 9–13 h, 13–18 h"),
        ("pickup", "9–13 h", "pickup has no times to choose"),
    ],
)
def test_a_time_that_cannot_be_chosen_is_refused(code: str, slot: str, detail: str) -> None:
    shipping = Shipping(deliveries=(FETCH, PICKUP))
    with pytest.raises(Invalid) as refused:
        judge_slot(code, slot, shipping)
    assert refused.value.extra["errors"] == [{"pointer": "/delivery_slot", "detail": detail}]
    judge_slot("fetch", "9–13 h", shipping)
    judge_slot("pickup", "", shipping)


@pytest.mark.parametrize(
    "section",
    [
        {"postal_ranges": [{"first": "200", "last": "100"}]},
        {"postal_ranges": [{"first": "0100", "last": "100"}]},
        {"weight_bands": [{"up_to_grams": 2_000}, {"up_to_grams": 1_000}]},
        {"weight_bands": [{"up_to_grams": 0}]},
        {"price": -1},
    ],
)
def test_zones_that_make_no_sense_are_not_saved(section: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Zone.model_validate(section)


def test_a_required_time_needs_times() -> None:
    with pytest.raises(ValidationError):
        Delivery(code="fetch", slot_required=True)
