"""PayPal's objects in the port's words: amounts exactly, every status, whose refund it is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.errors import ProviderUnavailable
from comanda.payments.paypal_money import read, told
from comanda.payments.paypal_record import record_of
from comanda.payments.provider import Charge, ProviderRefused
from comanda.payments.stage import paypal_base

UP = [{"rel": "up", "href": "https://api.paypal.com/v2/payments/captures/2GG2"}]


def money(value: str, currency: str = "MXN") -> dict[str, str]:
    return {"currency_code": currency, "value": value}


def order(status: str = "COMPLETED", custom_id: str = "order-1:pay-1", **payments: Any) -> dict[str, Any]:
    unit = {"reference_id": "default", "custom_id": custom_id, "amount": money("232.00")}
    return {
        "id": "5O19",
        "status": status,
        "update_time": "2026-11-22T12:00:00Z",
        "purchase_units": [unit | ({"payments": payments} if payments else {})],
    }


def capture(status: str = "COMPLETED", **more: Any) -> dict[str, Any]:
    return {"id": "2GG2", "status": status, "amount": money("232.00")} | more


@pytest.mark.capability("F25")
@pytest.mark.parametrize(
    ("amount", "currency", "value"),
    [
        (23_200, "MXN", "232.00"),
        (5, "EUR", "0.05"),
        (1, "USD", "0.01"),
        (1_050, "JPY", "1050"),
        (100_000, "HUF", "1000"),
        (999_999_999_999, "MXN", "9999999999.99"),
    ],
)
def test_amounts_are_told_and_read_exactly(amount: int, currency: str, value: str) -> None:
    assert told(amount, currency) == money(value, currency)
    assert read(money(value, currency)) == (amount, currency)


@pytest.mark.parametrize(("amount", "currency"), [(100_050, "HUF"), (1, "TWD")])
def test_what_paypal_cannot_take_is_refused_before_it_is_sent(amount: int, currency: str) -> None:
    with pytest.raises(ProviderRefused, match="DECIMALS_NOT_SUPPORTED"):
        told(amount, currency)


@given(st.integers(0, 10**12), st.sampled_from(["MXN", "EUR", "USD", "JPY"]))
def test_no_amount_is_changed_on_its_way(amount: int, currency: str) -> None:
    assert read(told(amount, currency)) == (amount, currency)


@pytest.mark.parametrize(
    ("found", "status", "failure"),
    [
        (order("CREATED"), "pending", ""),
        (order("PAYER_ACTION_REQUIRED"), "pending", ""),
        (order("SAVED"), "pending", ""),
        (order("APPROVED"), "approved", ""),
        (order("APPROVED", "order-1:pay-1:void"), "void", ""),
        (order("VOIDED"), "void", ""),
        (order(captures=[capture()]), "succeeded", ""),
        (order(custom_id="order-1:pay-1:void", captures=[capture()]), "succeeded", ""),
        (order(captures=[capture("PARTIALLY_REFUNDED")]), "succeeded", ""),
        (order(captures=[capture("REFUNDED")]), "succeeded", ""),
        (order(captures=[capture("PENDING")]), "processing", ""),
        (order(captures=[capture("DECLINED")]), "failed", "DECLINED"),
        (order(captures=[capture("FAILED", processor_response={"response_code": "5120"})]), "failed", "5120"),
        (order(authorizations=[capture("CREATED")]), "authorized", ""),
        (order(authorizations=[capture("PENDING")]), "processing", ""),
        (order(authorizations=[capture("VOIDED")]), "void", ""),
        (order(authorizations=[capture("DENIED")]), "failed", "DENIED"),
        (order(authorizations=[capture("CAPTURED")], captures=[capture()]), "succeeded", ""),
    ],
)
def test_every_status_has_its_word(found: dict[str, Any], status: str, failure: str) -> None:
    record = record_of(found, [])
    assert (record.status, record.failure) == (status, failure)
    assert (record.order_id, record.effect_id) == ("order-1", "pay-1")


def test_only_money_that_came_is_captured() -> None:
    assert record_of(order(captures=[capture()]), []).charges == (Charge("2GG2", 23_200, 23_200, "MXN"),)
    assert record_of(order(captures=[capture("PENDING")]), []).charges == ()
    held = record_of(order(authorizations=[capture("CREATED")]), []).charges
    assert held == (Charge("2GG2", 23_200, 0, "MXN"),)


@pytest.mark.parametrize(
    ("custom_id", "effect_id"),
    [("order-1:refund-1", "refund-1"), ("order-1:pay-1", ""), (None, "")],
)
def test_a_refund_is_ours_by_its_own_reference_only(custom_id: str | None, effect_id: str) -> None:
    """One made in PayPal's pages may carry that of the payment."""
    made = {
        "id": "1JU0",
        "status": "COMPLETED",
        "amount": money("12.50"),
        "custom_id": custom_id,
        "links": UP,
    }
    [refund] = record_of(order(captures=[capture()], refunds=[made]), []).refunds
    assert (refund.effect_id, refund.amount, refund.charge, refund.status) == (effect_id, 1_250, "2GG2", "ok")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("RESOLVED_BUYER_FAVOUR", "lost"),
        ("ACCEPTED", "lost"),
        ("RESOLVED_SELLER_FAVOUR", "won"),
        ("CANCELED_BY_BUYER", "won"),
        ("SOMETHING_NEW", "open"),
    ],
)
def test_a_dispute_ends_as_paypal_says(outcome: str, status: str) -> None:
    dispute = {
        "dispute_id": "PP-D-1",
        "disputed_transactions": [{"seller_transaction_id": "2GG2"}],
        "dispute_amount": money("232.00"),
        "reason": "UNAUTHORISED",
        "status": "RESOLVED",
        "dispute_outcome": {"outcome_code": outcome},
    }
    [found] = record_of(order(captures=[capture()]), [dispute]).disputes
    assert (found.status, found.charge, found.amount, found.reason) == (
        status,
        "2GG2",
        23_200,
        "unauthorised",
    )
    [waiting] = record_of(order(captures=[capture()]), [dispute | {"status": "UNDER_REVIEW"}]).disputes
    assert waiting.status == "open"


LIVE, SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"


@pytest.mark.parametrize(
    ("stage", "base"), [("prod", LIVE), ("dev", SANDBOX), ("local", "http://127.0.0.1:8431")]
)
def test_each_stage_has_its_address(stage: str, base: str) -> None:
    assert paypal_base(stage, f"{base}/") == base


@pytest.mark.parametrize(
    ("stage", "base"), [("dev", LIVE), ("prod", SANDBOX), ("prod", "http://127.0.0.1:1")]
)
def test_a_stage_refuses_the_address_of_another(stage: str, base: str) -> None:
    with pytest.raises(ProviderUnavailable):
        paypal_base(stage, base)
