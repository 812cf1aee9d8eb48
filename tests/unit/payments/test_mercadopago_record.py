"""Mercado Pago's objects in the port's words: each status, decimals, tries of the same customer."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.money import decimal_text
from comanda.payments.mercadopago_http import fixed, written
from comanda.payments.mercadopago_record import minor, record_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PREFERENCE = {
    "id": "446566691-abc",
    "items": [{"title": "P-1", "quantity": 1, "unit_price": Decimal("232.00"), "currency_id": "MXN"}],
    "metadata": {"order_id": "order-1", "effect_id": "pay-1"},
    "expires": True,
    "expiration_date_to": "2026-11-29T12:00:00.000+00:00",
}
CLOSED = PREFERENCE | {"expiration_date_to": "2026-11-22T05:59:59.000-06:00"}


def payment(status: str, detail: str = "", number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "status": status,
        "status_detail": detail,
        "transaction_amount": Decimal("232.0"),
        "currency_id": "MXN",
        "date_created": f"2026-11-22T10:00:0{number}.000-04:00",
    } | more


@pytest.mark.capability("D05", "G05")
@pytest.mark.parametrize(
    ("tries", "status", "failure", "captured"),
    [
        ([], "pending", "", None),
        ([payment("pending", "pending_waiting_payment")], "pending", "", None),
        ([payment("in_process", "pending_review_manual")], "processing", "", None),
        ([payment("rejected", "cc_rejected_bad_filled_date")], "failed", "cc_rejected_bad_filled_date", None),
        ([payment("cancelled", "expired")], "failed", "expired", None),
        ([payment("authorized", "pending_capture")], "authorized", "", [0]),
        ([payment("approved", "accredited")], "succeeded", "", [23_200]),
        ([payment("approved", "partially_refunded")], "succeeded", "", [23_200]),
        ([payment("in_mediation", "pending")], "succeeded", "", [23_200]),
        ([payment("refunded", "refunded")], "succeeded", "", [23_200]),
        ([payment("charged_back", "in_process")], "succeeded", "", [23_200]),
        ([payment("rejected", "x"), payment("pending", number=2)], "pending", "", None),
        ([payment("pending"), payment("rejected", "x", 2)], "pending", "", None),
        ([payment("cancelled", "expired"), payment("rejected", "x", 2)], "failed", "x", None),
        ([payment("rejected", "x"), payment("approved", number=2)], "succeeded", "", [23_200]),
        ([payment("approved"), payment("rejected", "x", 2)], "succeeded", "", [23_200]),
        ([payment("approved"), payment("approved", number=2)], "succeeded", "", [23_200, 23_200]),
        ([payment("something new", "y")], "failed", "y", None),
    ],
)
def test_each_status(
    tries: list[dict[str, Any]], status: str, failure: str, captured: list[int] | None
) -> None:
    for order in (tries, tries[::-1]):
        record = record_of("446566691-abc", PREFERENCE, order, {}, NOW)
        assert (record.status, record.failure) == (status, failure)
        assert [charge.captured for charge in record.charges] == (captured or [])
        assert (record.order_id, record.effect_id, record.ref) == ("order-1", "pay-1", "446566691-abc")
        assert (record.amount, record.currency, record.names_refunds) == (23_200, "MXN", False)


@pytest.mark.parametrize(
    ("tries", "status"),
    [
        ([], "void"),
        ([payment("rejected", "x")], "void"),
        ([payment("cancelled", "by_collector")], "void"),
        ([payment("pending")], "pending"),
        ([payment("in_process")], "processing"),
        ([payment("approved")], "succeeded"),
    ],
)
def test_a_closed_page_is_void_unless_something_is_still_on_its_way(
    tries: list[dict[str, Any]], status: str
) -> None:
    assert record_of("p", CLOSED, tries, {}, NOW).status == status


@pytest.mark.parametrize(
    ("detail", "status"), [("in_process", "open"), ("settled", "lost"), ("reimbursed", "won")]
)
def test_a_chargeback_is_what_the_customer_had_not_got_back(detail: str, status: str) -> None:
    refund = {"id": 9, "amount": Decimal("32"), "status": "approved"}
    failed = {"id": 8, "amount": Decimal("50"), "status": "rejected"}
    record = record_of("p", PREFERENCE, [payment("charged_back", detail)], {"1": [refund, failed]}, NOW)
    assert [(one.amount, one.status, one.charge) for one in record.disputes] == [(20_000, status, "1")]
    assert [(one.ref, one.status) for one in record.refunds] == [("9", "ok"), ("8", "failed")]


def test_a_payment_without_a_page_speaks_for_itself() -> None:
    alone = payment("cancelled", "by_collector", metadata={"order_id": "order-1"})
    record = record_of("1", None, [alone], {}, NOW)
    assert (record.status, record.amount, record.order_id) == ("void", 23_200, "order-1")
    assert record_of("1", None, [payment("rejected", "x")], {}, NOW).status == "failed"


@given(st.integers(0, 10**13), st.sampled_from(["MXN", "CLP", "KWD", "COP"]))
def test_amounts_come_back_as_they_went_out(amount: int, currency: str) -> None:
    """As a decimal text, as JSON writes it, and as a binary number that somebody on the way made of it."""
    text = decimal_text(amount, currency)
    assert minor(Decimal(text), currency) == amount
    told = json.loads(written({"unit_price": Decimal(text)}), parse_float=Decimal)["unit_price"]
    assert minor(told, currency) == amount
    assert minor(float(text), currency) == amount


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "MXN"), ("19.9", "CLP")])
def test_more_decimals_than_the_currency_has_are_no_amount(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="no amount of"):
        minor(Decimal(amount), currency)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_written_is_json(value: Any) -> None:
    assert json.loads(written(value)) == value


def test_a_key_is_short_and_always_the_same() -> None:
    assert fixed("order-1:refund-1") == fixed("order-1:refund-1") != fixed("order-1:refund-2")
    assert len(fixed("o" * 500)) == 64
