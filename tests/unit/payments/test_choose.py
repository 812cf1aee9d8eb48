"""Paying again or by another method: what goes on, what is given up, what begins."""

from dataclasses import replace
from typing import Any

import pytest

from comanda.errors import Invalid, WrongState
from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing
from comanda.orders.facts import Happened
from comanda.orders.model import Entry, Order, Terms
from comanda.orders.vocabulary import Method, Payment
from comanda.payments.choose import choosing, current_start, start_wanted
from comanda.settings.sections import PaymentMethod
from tests.payments.made import AT, TOTAL, after, intent, transfer, unpaid_order

RULES = PaymentMethod(enabled=True, remind_seconds=60, cancel_seconds=3600, ship_before_payment=False)


def start(number: int = 1, state: str = "done", ref: str = "pi_0001", **more: Any) -> Outgoing:
    data = {"method": "stripe", "amount": TOTAL} | more
    return Outgoing(f"pay-{number}", "payment.start", state, data, AT, result={"ref": ref})


def chosen(loaded: Loaded, method: Method) -> tuple[Decision, Order]:
    decision = choosing(method, RULES, AT)(loaded)
    return decision, after(loaded.order, decision)


def types(decision: Decision) -> list[str]:
    return [fact.type for fact in decision.facts]


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_an_open_attempt_goes_on(status: str) -> None:
    order = unpaid_order(replace(intent(), status=status))
    assert choosing(Method.STRIPE, RULES, AT)(Loaded(order, {}, (start(),))) == NOTHING
    waiting = unpaid_order(transfer(), method=Method.BANK_TRANSFER)
    assert choosing(Method.BANK_TRANSFER, RULES, AT)(Loaded(waiting, {})) == NOTHING


@pytest.mark.parametrize("state", ["wanted", "claimed"])
def test_an_attempt_that_is_about_to_begin_goes_on(state: str) -> None:
    loaded = Loaded(unpaid_order(), {}, (start(state=state),))
    assert choosing(Method.STRIPE, RULES, AT)(loaded) == NOTHING


@pytest.mark.parametrize(
    ("entry", "effect"),
    [
        (replace(intent(), status="void"), start()),
        (intent(), start(state="failed")),
        (intent(amount=TOTAL - 1), start(amount=TOTAL - 1)),
        (intent("pi_other"), start()),
    ],
)
def test_what_cannot_go_on_begins_anew(entry: Entry, effect: Outgoing) -> None:
    decision, _ = chosen(Loaded(unpaid_order(entry), {}, (effect,)), Method.STRIPE)
    assert types(decision) == ["PaymentMethodChosen"]
    begun = [e for e in decision.effects if e.kind == "payment.start"]
    assert [(e.effect_id, e.data, e.claimed_until) for e in begun] == [
        ("pay-2", {"method": "stripe", "amount": TOTAL}, "2026-11-21T18:00:30.000Z")
    ]
    voided = [e.effect_id for e in decision.effects if e.kind == "payment.void"]
    assert voided == ([] if entry.status == "void" else [f"void-{entry.ref}"])


def test_from_card_to_transfer() -> None:
    order = replace(unpaid_order(intent(), terms=Terms(remind_at="r", pay_by="p")), reminded=True)
    decision, order = chosen(Loaded(order, {}, (start(),)), Method.BANK_TRANSFER)
    assert types(decision) == ["PaymentMethodChosen", "PaymentStarted"]
    assert (order.method, order.payment, order.reminded) == (Method.BANK_TRANSFER, Payment.PENDING, False)
    assert order.terms.remind_at == "2026-11-21T18:01:00.000Z"
    assert order.terms.pay_by == "2026-11-21T19:00:00.000Z"
    assert order.totals.total == TOTAL
    assert [(e.effect_id, e.data.get("why")) for e in decision.effects] == [
        ("void-pi_0001", "replaced"),
        ("mail-payment_instructions-2", None),
    ]
    assert [(e.entry_id, e.status) for e in order.ledger] == [
        ("manual:intent:bank_transfer-2", "pending"),
        ("stripe:intent:pi_0001", "pending"),
    ]


def test_from_transfer_to_card_and_back() -> None:
    order = unpaid_order(transfer(), method=Method.BANK_TRANSFER)
    decision, order = chosen(Loaded(order, {}), Method.STRIPE)
    assert types(decision) == ["PaymentVoided", "PaymentMethodChosen"]
    assert [e.effect_id for e in decision.effects] == ["pay-2"]
    assert order.method == Method.STRIPE
    decision, order = chosen(Loaded(order, {}, (start(2, "wanted"),)), Method.BANK_TRANSFER)
    assert [(e.entry_id, e.status) for e in order.ledger] == [
        ("manual:intent:bank_transfer-1", "void"),
        ("manual:intent:bank_transfer-3", "pending"),
    ]
    assert not start_wanted(Loaded(order, {}, (start(2, "wanted"),)), "pay-2")


def test_only_what_is_still_due_is_asked_for() -> None:
    order = unpaid_order(transfer(), method=Method.BANK_TRANSFER)
    half = Entry(
        "manual:capture:paid-1", "capture", "bank_transfer", "manual", 200, "MXN", "ok", AT, "paid-1"
    )
    order = after(order, Decision(facts=(Happened("PaymentCaptured", {"entry": half.to_dict()}),)))
    decision, _ = chosen(Loaded(order, {}), Method.STRIPE)
    assert decision.effects[0].data["amount"] == TOTAL - 200


@pytest.mark.parametrize(
    ("status", "guard"), [("processing", "payment-under-way"), ("ok", "payment-authorized")]
)
def test_nobody_pays_twice(status: str, guard: str) -> None:
    held = Entry("stripe:authorization:pi_0001", "authorization", "stripe", "stripe", TOTAL, "MXN", "ok", AT)
    entries = [replace(intent(), status=status)] + ([held] if status == "ok" else [])
    loaded = Loaded(unpaid_order(*entries), {}, (start(),))
    with pytest.raises(WrongState) as refused:
        choosing(Method.BANK_TRANSFER, RULES, AT)(loaded)
    assert refused.value.guard == guard


def test_an_order_is_not_turned_into_a_request() -> None:
    with pytest.raises(Invalid):
        choosing(Method.REQUEST, RULES, AT)(Loaded(unpaid_order(intent()), {}, (start(),)))


def test_the_newest_start_counts() -> None:
    effects = tuple(start(number, "done") for number in (2, 10, 9))
    newest = current_start(Loaded(unpaid_order(), {}, effects))
    assert newest
    assert newest.effect_id == "pay-10"
    assert current_start(Loaded(unpaid_order(), {})) is None
