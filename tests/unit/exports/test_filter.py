"""A staff filter, judged on orders."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comanda.errors import Invalid
from comanda.exports.filter import understood
from comanda.orders.model import Hold
from comanda.orders.vocabulary import HoldReason, Lifecycle, Payment
from tests.unit.exports.made import AT, order

NOW = "2026-11-22T03:00:00.000Z"  # still the 21st in Mexico
ZONE = ZoneInfo("America/Mexico_City")
ONE = order(
    payment=Payment.PAID, verified=True, holds=(Hold("h1", HoldReason.FRAUD, AT, "staff:1"),), approved=True
)

pytestmark = pytest.mark.capability("A18")


@pytest.mark.parametrize(
    ("filter", "accepted"),
    [
        ({}, True),
        ({"lifecycle": "placed"}, True),
        ({"lifecycle": ["closed", "cancelled"]}, False),
        ({"not.lifecycle": "closed"}, True),
        ({"not.payment": ["paid", "overpaid"]}, False),
        ({"payment": "paid", "method": "bank_transfer", "channel": "web"}, True),
        ({"payment": "paid", "method": "stripe"}, False),
        ({"verified": True}, True),
        ({"verified": "false"}, False),
        ({"label": "to_review"}, True),
        ({"hold": "fraud"}, True),
        ({"not.hold": "fraud"}, False),
        ({"month": "2026-11"}, True),
        ({"month": "2026-12"}, False),
        ({"created_from": "2026-11-21", "created_to": "2026-11-21"}, True),
        ({"created_from": "2026-11-22"}, False),
        ({"created_to": "2026-11-20"}, False),
        ({"created_from": "today"}, True),
        ({"created_from": "-1d", "created_to": "-1d"}, False),
        ({"created_from": "2026-11-21T18:04:06Z"}, False),
        ({"created_from": "2026-11-21T12:04:05"}, True),
    ],
)
def test_filters(filter: dict[str, Any], accepted: bool) -> None:
    assert understood(filter, NOW, ZONE).accepts(ONE) is accepted


def test_a_month_is_the_shops() -> None:
    found = understood({"month": "2026-12"}, NOW, ZONE)
    assert (found.created_from, found.created_until) == (
        "2026-12-01T06:00:00.000Z",
        "2027-01-01T06:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("filter", "pointer"),
    [
        ({"colour": "red"}, "/filter/colour"),
        ({"not.colour": "red"}, "/filter/not.colour"),
        ({"payment": "golden"}, "/filter/payment"),
        ({"payment": []}, "/filter/payment"),
        ({"month": "2026-13"}, "/filter/month"),
        ({"created_from": "yesterday"}, "/filter/created_from"),
        ({"created_to": "2026-02-30"}, "/filter/created_to"),
    ],
)
def test_what_is_not_understood_is_named(filter: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        understood(filter, NOW, ZONE)
    assert refused.value.extra["errors"][0]["pointer"] == pointer


def test_orders_of_other_states_are_judged_too() -> None:
    closed = order(lifecycle=Lifecycle.CLOSED)
    assert understood({"lifecycle": "closed"}, NOW, ZONE).accepts(closed)
