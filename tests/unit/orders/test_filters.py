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
        ({"not.label": ["delivered"], "verified": ["true"]}, True),
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


@pytest.mark.parametrize(
    "given", [{"month": "2999-12"}, {"created_from": "0001-01-01"}, {"created_to": "-9999d"}]
)
def test_far_away_days_are_days(given: dict[str, str]) -> None:
    assert understand(given, NOW, ZONE).created_from <= understand(given, NOW, ZONE).created_until


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01T00:00:00+14:00", "-99999d", "soon"])
def test_days_beyond_the_calendar_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        understand({"created_to": text}, NOW, ZONE)
    assert refused.value.extra["errors"][0]["pointer"] == "/created_to"


@pytest.mark.parametrize(
    ("given", "held", "free"),
    [
        ({"hold": "true"}, True, False),
        ({"hold": "false"}, False, True),
        ({"not.hold": "true"}, False, True),
        ({"not.hold": "false"}, True, False),
        ({"hold": "any"}, True, False),
    ],
)
def test_orders_on_hold_are_told_from_the_others(given: dict[str, str], held: bool, free: bool) -> None:
    wanted = understand(given, "2026-11-21T18:00:00.000Z", ZoneInfo("America/Mexico_City"))
    on_hold, at_large = an_order(holds=(a_hold(),)), an_order()
    assert wanted.accepts(traits(row(on_hold)), on_hold.created_at) is held
    assert wanted.accepts(traits(row(at_large)), at_large.created_at) is free
