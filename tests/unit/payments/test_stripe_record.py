"""What Stripe's objects mean in the port's words: authorisations, partial captures, lapses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comanda.payments.provider import Refund
from comanda.payments.stripe_record import record_of

UNTIL = datetime(2026, 11, 28, 18, tzinfo=UTC)


def charge(**more: Any) -> dict[str, Any]:
    details = {"type": "card", "card": {"capture_before": int(UNTIL.timestamp())}}
    return {
        "id": "ch_1", "amount": 1000, "amount_captured": 0, "amount_refunded": 0, "captured": False,
        "currency": "mxn", "status": "succeeded", "payment_method_details": details,
    } | more  # fmt: skip


def intent(status: str, of: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {
        "id": "pi_1",
        "status": status,
        "amount": 1000,
        "currency": "mxn",
        "latest_charge": of,
    } | more


def refund(ref: str, amount: int, created: int, **more: Any) -> dict[str, Any]:
    return {
        "id": ref, "charge": "ch_1", "amount": amount, "currency": "mxn", "status": "succeeded",
        "created": created,
    } | more  # fmt: skip


def given_back(of: dict[str, Any], *newest_first: dict[str, Any]) -> list[str]:
    found: tuple[Refund, ...] = record_of(intent("succeeded", of), newest_first, []).refunds
    return [one.ref for one in found]


def test_an_authorisation_tells_how_long_it_lasts() -> None:
    held = record_of(intent("requires_capture", charge()), [], [])
    assert (held.status, held.capture_before, held.lapsed) == ("authorized", UNTIL, False)
    taken = record_of(intent("succeeded", charge(captured=True, amount_captured=1000)), [], [])
    assert (taken.status, taken.capture_before) == ("succeeded", None)


def test_a_payment_that_tells_no_such_time_has_none() -> None:
    details = {"type": "klarna", "klarna": {"payment_method_category": "pay_later"}}
    for told in (details, {}, None):
        record = record_of(intent("requires_capture", charge(payment_method_details=told)), [], [])
        assert record.capture_before is None


@pytest.mark.parametrize(
    ("reason", "lapsed"),
    [
        ("automatic", True),
        ("expired", True),
        ("requested_by_customer", False),
        ("abandoned", False),
        (None, False),
    ],
)
def test_a_lapse_is_told_from_what_somebody_gave_up(reason: str | None, lapsed: bool) -> None:
    record = record_of(intent("canceled", charge(), cancellation_reason=reason), [], [])
    assert (record.status, record.lapsed) == ("void", lapsed)


def test_what_a_partial_capture_leaves_with_the_customer_is_no_refund() -> None:
    part = charge(captured=True, amount_captured=600, amount_refunded=400)
    assert given_back(part, refund("re_left", 400, 1)) == []
    assert given_back(part) == []


def test_refunds_after_a_partial_capture_are_refunds() -> None:
    more = charge(captured=True, amount_captured=600, amount_refunded=800)
    left, later = refund("re_left", 400, 1), refund("re_2", 400, 1)
    assert given_back(more, later, left) == ["re_2"]
    assert given_back(more, later) == ["re_2"]  # an account that lists no refund for what is left
    ours = refund("re_3", 400, 2, metadata={"effect_id": "refund-1"})
    assert given_back(more, ours, left) == ["re_3"]
    assert given_back(more, ours) == ["re_3"]


def test_refunds_of_all_that_was_taken_are_refunds() -> None:
    whole = charge(captured=True, amount_captured=1000, amount_refunded=400)
    assert given_back(whole, refund("re_1", 400, 1)) == ["re_1"]
