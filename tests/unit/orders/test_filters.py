"""Staff's filters: what is understood, and what is said of the rest."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comanda.errors import Invalid
from comanda.orders.filters import understand
from comanda.orders.index import row, traits
from comanda.orders.vocabulary import HoldReason, Lifecycle, Payment
from tests.examples import a_hold, an_order

NOW = "2026-11-22T03:00:00.000Z"  # still the 21st in Mexico
ZONE = ZoneInfo("America/Mexico_City")
UNPAID = an_order(payment=Payment.PENDING, lifecycle=Lifecycle.PLACED, holds=(a_hold(HoldReason.FRAUD),))


def accepts(given: dict[str, Any]) -> bool:
    return understand(given, NOW, ZONE).accepts(traits(row(UNPAID)), UNPAID.created_at)


@pytest.mark.capability("C29", "D24")
@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ({"not.payment": ["paid"], "not.lifecycle": ["cancelled"]}, True),  # unpaid and not cancelled
        ({"payment": ["paid", "pending"], "not.hold": ["dispute"]}, True),
        ({"payment": ["pending"], "not.payment": ["pending"]}, False),
        ({"hold": ["any"]}, True),
        ({"not.hold": ["any"]}, False),
        ({"not.label": ["delivered"], "verified": ["false"]}, True),
    ],
)
def test_conditions_are_combined_and_negated(given: dict[str, Any], accepted: bool) -> None:
    assert accepts(given) is accepted


def test_everything_that_is_not_understood_is_told_at_once() -> None:
    asked = {"payment": ["gold"], "colour": ["red"], "month": ["2026-13"], "created_to": ["today", "-1d"]}
    with pytest.raises(Invalid) as refused:
        understand(asked, NOW, ZONE)
    pointers = [error["pointer"] for error in refused.value.extra["errors"]]
    assert pointers == ["/payment", "/colour", "/created_to", "/month"]


@pytest.mark.capability("D23", "C30")
@pytest.mark.parametrize(
    ("given", "created_from", "created_until"),
    [
        (
            {"created_from": "-1d", "created_to": "today"},
            "2026-11-20T06:00:00.000Z",
            "2026-11-22T06:00:00.000Z",
        ),
        ({"month": "2026-12"}, "2026-12-01T06:00:00.000Z", "2027-01-01T06:00:00.000Z"),
        (
            {"month": "2026-11", "created_from": "2026-11-20"},
            "2026-11-20T06:00:00.000Z",
            "2026-12-01T06:00:00.000Z",
        ),
        ({"created_to": "2026-11-21T10:00:00+02:00"}, "", "2026-11-21T08:00:00.000Z"),
    ],
)
def test_days_are_the_shops_days(given: dict[str, str], created_from: str, created_until: str) -> None:
    asked = understand(given, NOW, ZONE)
    assert (asked.created_from, asked.created_until) == (created_from, created_until)


@pytest.mark.parametrize("text", ["9999-12", "0001-01-01", "9999-12-31", "-9999d"])
def test_the_ends_of_time_do_not_break_it(text: str) -> None:
    name = "month" if len(text) == 7 else "created_to"
    try:
        understand({name: text}, NOW, ZONE)
    except Invalid as refusal:
        assert refusal.extra["errors"][0]["pointer"] == f"/{name}"
