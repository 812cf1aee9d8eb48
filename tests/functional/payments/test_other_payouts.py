"""Payouts of PayPal and Mercado Pago by the whole round: their peers, our handlers, the staff's view."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from comanda import wiring
from functions.reconcile_payments.app import lambda_handler
from tests.functional.payments.paypal_world import PayPalWorld
from tests.functional.payments.test_with_the_mercadopago_peer import Market, market, receiver
from tests.functional.payments.test_with_the_paypal_peer import paid, paypal
from tests.functional.staff import ask

pytestmark = pytest.mark.enable_socket

__all__ = ["market", "paypal", "receiver"]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the shop's clock on by hours; what keeps the clock is made anew."""
    real, moved = wiring.now, [timedelta()]
    monkeypatch.setattr(wiring, "now", lambda: real() + moved[0])

    def on(hours: float) -> None:
        moved[0] += timedelta(hours=hours)
        for made in (wiring.fetching, wiring.reconciling):
            made.cache_clear()

    return on


def look(provider: str) -> dict[str, Any]:
    found: dict[str, Any] = lambda_handler({}, None)["payouts"][provider]
    return found


def read(call: Any, path: str, **query: str) -> dict[str, Any]:
    answer = ask(call, "GET", path, query=query)
    assert answer.status == 200, answer.text
    body: dict[str, Any] = answer.body
    return body


def amounts(told: dict[str, Any]) -> dict[str, int]:
    return {name: value["amount"] for name, value in told.items()}


@pytest.mark.capability("F25", "C28")
def test_a_withdrawal_from_paypal_is_tied_to_its_orders(call: Any, paypal: PayPalWorld, later: Any):
    order_id, _ = paid(paypal)
    paypal.hear(paypal.came("PAYMENT.CAPTURE.COMPLETED"))
    (capture,) = paypal.at_paypal()
    paypal.peer.control("POST", "/withdrawals", {"value": "200.00"})
    later(1)
    assert look("paypal")["differences"] == 0
    (head,) = read(call, "/admin/payouts", provider="paypal")["items"]
    assert (head["listed"], head["amount"]["amount"], head["differences"]) == ("not_yet", 20_000, 0)
    later(4)
    assert look("paypal")["written"] == 1
    (head,) = read(call, "/admin/payouts", provider="paypal")["items"]
    assert (head["listed"], head["missing"]["amount"], head["differences"]) == ("yes", 0, 0)
    assert amounts(head["totals"]) == {
        "charges": 23_200, "refunds": 0, "disputes": 0, "other": -2_272, "fees": 928, "net": 20_000,
    }  # fmt: skip
    whole = read(call, f"/admin/payouts/paypal/{head['ref']}")
    assert [(one["kind"], one["tie"]) for one in whole["lines"]] == [("charge", "tied"), ("left", "none")]
    (order,) = whole["orders"]
    assert (order["order_id"], order["fees"]["amount"], order["net"]["amount"]) == (order_id, 928, 22_272)
    (of_order,) = read(call, f"/admin/orders/{order_id}/payouts")["items"]
    assert (of_order["provider_id"], of_order["fee"]["amount"]) == (capture["id"], 928)
    later(1.1)
    assert look("paypal")["written"] == 0


@pytest.mark.capability("F25", "C28")
def test_disputes_of_paypal_come_with_the_day_to_answer(call: Any, paypal: PayPalWorld, later: Any):
    order_id, _ = paid(paypal)
    (capture,) = paypal.at_paypal()
    opened = paypal.peer.control("POST", "/disputes", {"capture": capture["id"]})["dispute_id"]
    paypal.hear(paypal.came("PAYMENT.CAPTURE.COMPLETED", "CUSTOMER.DISPUTE.CREATED"))
    later(1)
    assert look("paypal")["disputes"] == 1
    (one,) = read(call, "/admin/disputes")["items"]
    assert (one["ref"], one["status"], one["order_id"]) == (opened, "open", order_id)
    assert datetime.fromisoformat(one["due_at"]) > wiring.now()


@pytest.mark.capability("F25", "C28")
def test_a_payout_of_mercado_pago_is_read_once_its_report_is_there(call: Any, market: Market, later: Any):
    order_id, ref = market.place()
    payment = market.peer.attempt(ref, "pay")
    market.pump(1)
    market.peer.act("payouts", {})
    later(1)
    assert look("mercadopago")["done"] is False
    assert look("mercadopago")["skipped"] is True  # the report is asked for once an hour, not at each look
    assert read(call, "/admin/payouts")["items"] == []
    later(1.1)
    assert look("mercadopago")["written"] == 1
    (head,) = read(call, "/admin/payouts", provider="mercadopago")["items"]
    assert amounts(head["totals"]) == {
        "charges": 23_200, "refunds": 0, "disputes": 0, "other": 0, "fees": 1_210, "net": 21_990,
    }  # fmt: skip
    assert (head["missing"]["amount"], head["differences"]) == (0, 0)
    (line,) = read(call, f"/admin/payouts/mercadopago/{head['ref']}")["lines"]
    assert (line["tie"], line["order_id"], line["provider_id"]) == ("tied", order_id, str(payment["id"]))
    later(7)
    assert look("mercadopago")["done"] is True  # from the old report; the next one is asked for
    later(1.1)
    assert look("mercadopago")["written"] == 0
    assert len(read(call, "/admin/payouts")["items"]) == 1
