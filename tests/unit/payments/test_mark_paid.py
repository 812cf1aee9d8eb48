"""Staff confirm money that no provider reports."""

import pytest

from comanda.errors import Invalid, WrongState
from comanda.orders.decision import Decision, Loaded
from comanda.orders.facts import Happened
from comanda.orders.model import Order
from comanda.orders.vocabulary import Method, Payment
from comanda.payments.mark_paid import marking_paid
from tests.payments.made import ORIGIN, TOTAL, after, intent, transfer, unpaid_order


def salt() -> str:
    return "salt"


def marked(order: Order, **asked: object) -> tuple[Decision, Order]:
    decision = marking_paid(ORIGIN, salt, **asked)(Loaded(order, {}))  # type: ignore[arg-type]
    return decision, after(order, decision)


def waiting() -> Order:
    return unpaid_order(transfer(), method=Method.BANK_TRANSFER)


@pytest.mark.capability("C18")
def test_all_that_is_due_by_default() -> None:
    decision, order = marked(waiting(), reference="SPEI 123 de Ana")
    assert order.payment == Payment.PAID
    assert [(e.entry_id, e.amount, e.status, e.parent, e.reference) for e in order.ledger] == [
        ("manual:capture:paid-1", TOTAL, "ok", "bank_transfer-1", "note:paid-1"),
        ("manual:intent:bank_transfer-1", TOTAL, "ok", "", ""),
    ]
    assert decision.personal["note:paid-1"].value == "SPEI 123 de Ana"
    assert order.personal["note:paid-1"] == decision.personal["note:paid-1"].digest
    assert "SPEI" not in str(decision.facts)
    assert [(fact.type, fact.visibility) for fact in decision.facts] == [("PaymentCaptured", "customer")]
    assert decision.result == {
        "payment_id": "manual:capture:paid-1",
        "amount": {"amount": TOTAL, "currency": "MXN"},
    }


def test_in_two_parts_and_then_too_much() -> None:
    _, order = marked(waiting(), amount=20_000, currency="MXN")
    assert order.payment == Payment.PARTIALLY_PAID
    assert [e.status for e in order.ledger if e.kind == "intent"] == ["pending"]
    _, order = marked(order)
    assert order.payment == Payment.PAID
    assert [e.amount for e in order.ledger if e.kind == "capture"] == [20_000, 3_200]
    assert [e.status for e in order.ledger if e.kind == "intent"] == ["ok"]
    _, order = marked(order, amount=100)
    assert order.payment == Payment.OVERPAID


def test_confirmed_again_is_noted_and_changes_no_money() -> None:
    _, order = marked(waiting())
    decision, again = marked(order, reference="SPEI 123 de Ana")
    assert [fact.type for fact in decision.facts] == ["PaymentConfirmedAgain"]
    assert (again.ledger, again.payment) == (order.ledger, Payment.PAID)
    assert decision.personal[f"note:confirmed-{order.facts + 1}"].value == "SPEI 123 de Ana"


def test_cash_for_an_order_with_an_open_card_payment_lets_go_of_the_card() -> None:
    decision, order = marked(unpaid_order(intent()))
    assert order.payment == Payment.PAID
    assert [(e.effect_id, e.data["why"]) for e in decision.effects] == [("void-pi_0001", "paid")]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"amount": 0}, "/amount/amount"),
        ({"amount": -5}, "/amount/amount"),
        ({"amount": 5, "currency": "USD"}, "/amount/currency"),
    ],
)
def test_no_such_money(asked: dict[str, object], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        marked(waiting(), **asked)
    assert refused.value.extra["errors"][0]["pointer"] == pointer


def test_a_closed_order_that_owes_nothing_takes_no_money() -> None:
    _, paid = marked(waiting())
    closed = after(paid, Decision(facts=(Happened("OrderClosed", {}),)))
    with pytest.raises(WrongState):
        marked(closed)
