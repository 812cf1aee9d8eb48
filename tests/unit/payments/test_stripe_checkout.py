"""What a Checkout Session says of a payment, and what it is asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.payments.provider import Charge, ProviderRecord, Wanted
from comanda.payments.stripe_checkout import LONGEST, SHORTEST, _asked, is_session, record_on_page

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
NAMES = {"order_id": "order-1", "effect_id": "pay-1", "number": "P-000001"}
WANTED = Wanted(
    "order-1", "pay-1", "P-000001", 23_200, "MXN", "https://shop.example/o/1?access=t", hosted=True
)
SESSION: dict[str, Any] = {
    "id": "cs_1", "status": "open", "amount_total": 23_200, "currency": "mxn", "metadata": NAMES,
}  # fmt: skip
INTENT = ProviderRecord("stripe", "pi_1", "pending", 23_200, "MXN", "order-1", "pay-1")
MONEY = ("succeeded", "authorized", "processing")


@pytest.mark.parametrize(
    ("page", "intent", "status"),
    [
        ("open", "", "pending"),
        ("open", "pending", "pending"),
        ("open", "failed", "failed"),
        ("open", "void", "pending"),
        ("expired", "", "void"),
        ("expired", "failed", "void"),
        ("complete", "failed", "failed"),
        ("complete", "void", "void"),
        *((page, money, money) for page in ("open", "complete", "expired") for money in MONEY),
    ],
)
def test_money_counts_whatever_became_of_the_page(page: str, intent: str, status: str) -> None:
    charge = Charge("ch_1", 23_200, 23_200, "MXN")
    paid = replace(INTENT, status=intent, charges=(charge,) if intent in MONEY else ()) if intent else None
    record = record_on_page(SESSION | {"status": page}, paid)
    assert (record.ref, record.status) == ("cs_1", status)
    assert (record.order_id, record.effect_id) == ("order-1", "pay-1")
    assert record.charges == (paid.charges if paid else ())


def test_a_session_of_somebody_elses_names_no_order() -> None:
    """A merchant's own, to save a card: nothing is paid by it."""
    theirs = {"id": "cs_2", "status": "open", "amount_total": None, "currency": None, "metadata": None}
    record = record_on_page(theirs, None)
    assert (record.order_id, record.amount, record.currency) == ("", 0, "")


def test_what_was_given_up_is_void_though_it_says_complete() -> None:
    session = SESSION | {"status": "complete", "metadata": NAMES | {"given_up": "yes"}}
    assert record_on_page(session, replace(INTENT, status="failed")).status == "void"
    assert record_on_page(session, replace(INTENT, status="succeeded")).status == "succeeded"


@given(st.integers(-10_000, 400_000))
def test_it_never_ends_at_a_time_that_stripe_refuses(seconds: int) -> None:
    until = NOW + timedelta(seconds=seconds)
    asked = _asked(replace(WANTED, until=until), NAMES, {}, NOW)
    if "expires_at" in asked:
        left = timedelta(seconds=asked["expires_at"] - NOW.timestamp())
        assert SHORTEST - timedelta(seconds=1) < left <= LONGEST
        assert left <= max(until - NOW, SHORTEST)
    else:
        assert until - NOW >= LONGEST, "a day is what Stripe gives by itself"


def test_without_an_address_of_mail_it_is_asked_for_on_the_page() -> None:
    assert "customer_email" not in _asked(WANTED, NAMES, {}, NOW)
    told = _asked(replace(WANTED, email="ana@example.com", locale="en"), NAMES, {}, NOW)
    assert (told["customer_email"], told["locale"]) == ("ana@example.com", "en")


def test_the_intent_is_told_whose_it_is_and_how_it_is_captured() -> None:
    asked = _asked(WANTED, NAMES, {"capture_method": "manual"}, NOW)
    assert asked["payment_intent_data"] == {
        "capture_method": "manual",
        "metadata": NAMES | {"paid_on": "checkout_session"},
    }
    assert (asked["success_url"], asked["cancel_url"]) == (
        "https://shop.example/o/1?access=t&redirect_status=succeeded",
        "https://shop.example/o/1?access=t",
    )


def test_sessions_are_told_from_intents_by_their_ids() -> None:
    assert (is_session("cs_test_1"), is_session("cs_live_1"), is_session("pi_1")) == (True, True, False)
