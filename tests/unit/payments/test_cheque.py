"""A cheque is deposited, and then cleared or bounced by word of the bank."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.errors import Invalid, Problem, WrongState
from comanda.orders.balance import balance
from comanda.orders.consequences import Consequences
from comanda.orders.course import Course
from comanda.orders.decision import Decision, Loaded
from comanda.orders.derive import amount_due
from comanda.orders.desk import Decide
from comanda.orders.ending import ask
from comanda.orders.model import Ending, Order, Terms
from comanda.orders.reservation import unpaid
from comanda.orders.vocabulary import HoldReason, Method, Payment
from comanda.payments.bounce import Bounce, bouncing
from comanda.payments.cheque import (
    Cheque,
    Returned,
    Word,
    clearing,
    clears_on,
    depositing,
    returning,
    undoing_cheque,
)
from comanda.payments.mark_paid import marking_paid
from comanda.payments.unmark import unmarking
from comanda.settings.sections import PaymentMethod
from tests.payments.made import AT, ORIGIN, TOTAL, after, intent, transfer, unpaid_order

FRIDAY, MONDAY = "2026-11-20", "2026-11-23"
RULES = PaymentMethod(enabled=True, remind_seconds=600, cancel_seconds=1200)
TERMS = Terms(remind_at="2026-11-20T00:00:00.000Z", pay_by="2026-11-21T00:00:00.000Z")


def salt() -> str:
    return "salt"


def by_cheque(**more: Any) -> Order:
    attempt = replace(transfer(), entry_id="manual:intent:cheque-1", ref="cheque-1", method="cheque")
    return unpaid_order(attempt, method=Method.CHEQUE, approved=True, announced=True, terms=TERMS, **more)


def deposit(number: str = "000123", amount: int | None = None, on: str = FRIDAY) -> Decide:
    return depositing(Cheque(number, "BBVA", on, MONDAY, amount), AT, salt)


def clear(cheque_id: str = "", on: str = MONDAY, *, receipt: bool = True) -> Decide:
    return clearing(Word(on, MONDAY, cheque_id, receipt), AT)


def bounce(cheque_id: str = "", *, notify: bool = True) -> Decide:
    why = Returned("no_funds", "dice Ana", notify)
    return returning(Word(MONDAY, MONDAY, cheque_id), why, lambda method: RULES, AT, salt)


def done(order: Order, *commands: Decide) -> Order:
    for decide in commands:
        order = after(order, decide(Loaded(order, {})))
    return order


def followed(order: Order, decision: Decision) -> tuple[list[str], Order]:
    """The mails that follow by themselves, and the order after all that does."""
    course = Consequences(None).follow(Course(order, ORIGIN).add(decision))  # type: ignore[arg-type]
    return [str(one.data["event"]) for one in course.decision.effects if one.kind == "mail"], course.after


@pytest.mark.parametrize(
    ("day", "next_one"), [("2026-11-19", FRIDAY), (FRIDAY, MONDAY), ("2026-11-21", MONDAY)]
)
def test_the_bank_speaks_on_the_next_business_day(day: str, next_one: str) -> None:
    assert clears_on(day) == next_one


@pytest.mark.capability("D06")
def test_a_deposited_cheque_is_no_money_and_keeps_the_order_alive() -> None:
    order = by_cheque()
    decision = deposit()(Loaded(order, {}))
    assert decision.result == {
        "cheque_id": "manual:intent:cheque-1",
        "expected_on": MONDAY,
        "amount": {"amount": TOTAL, "currency": "MXN"},
    }
    (sealed,) = decision.personal.values()
    assert sealed.value == "000123 · BBVA"
    assert "000123" not in str(decision.facts)
    mails, order = followed(order, decision)
    assert mails == []
    assert (order.payment, amount_due(order), order.money) == (Payment.PENDING, TOTAL, "cheque_deposited")
    assert not unpaid(order)  # neither cancelled nor reminded while the bank has it


@pytest.mark.capability("D06", "C18")
def test_only_the_clearing_pays() -> None:
    order = done(by_cheque(), deposit())
    mails, order = followed(order, clear()(Loaded(order, {})))
    assert (order.payment, order.money, mails) == (Payment.PAID, "", ["payment_received"])
    capture, attempt = order.ledger
    assert (capture.entry_id, capture.method, capture.parent, capture.on) == (
        "manual:capture:cheque-1",
        "cheque",
        "cheque-1",
        MONDAY,
    )
    assert (attempt.status, attempt.on, capture.reference) == ("ok", FRIDAY, attempt.reference)
    with pytest.raises(WrongState, match="no cheque"):
        clear()(Loaded(order, {}))
    quiet = followed(
        done(by_cheque(), deposit()), clear(receipt=False)(Loaded(done(by_cheque(), deposit()), {}))
    )
    assert quiet[0] == []


@pytest.mark.capability("D06", "F05")
def test_one_that_bounces_is_asked_for_again_and_holds_the_order() -> None:
    order = replace(done(by_cheque(), deposit()), reminded=True)
    mails, order = followed(order, bounce()(Loaded(order, {})))
    assert (order.payment, order.money, mails) == (Payment.FAILED, "cheque_bounced", ["payment_failed"])
    assert (order.terms.pay_by, order.reminded) == ("2026-11-21T18:20:00.000Z", False)
    (hold,) = order.open_holds
    assert (hold.reason, hold.detail) == (HoldReason.PAYMENT_BOUNCED, "manual:intent:cheque-1: no_funds")
    assert (
        followed(
            done(by_cheque(), deposit()), bounce(notify=False)(Loaded(done(by_cheque(), deposit()), {}))
        )[0]
        == []
    )
    _, order = followed(order, marking_paid(ORIGIN, salt)(Loaded(order, {})))
    assert (order.payment, order.open_holds, order.money) == (Payment.PAID, (), "")


@pytest.mark.capability("D06")
def test_entries_are_taken_back_one_by_one() -> None:
    begun = by_cheque()
    order = done(begun, deposit(), undoing_cheque("", AT))
    assert (order.ledger, order.payment) == (begun.ledger, begun.payment)
    order = done(begun, deposit(), bounce())
    _, order = followed(order, undoing_cheque("", AT)(Loaded(order, {})))
    assert (order.money, order.open_holds, order.payment) == ("cheque_deposited", (), Payment.PENDING)
    order = done(order, clear())
    stands = lambda order_id, effect_id: lambda tx: None  # noqa: E731
    order = done(order, unmarking("", AT, stands))
    assert (order.money, order.payment) == ("cheque_deposited", Payment.PENDING)
    with pytest.raises(WrongState, match="no cheque"):
        undoing_cheque("", AT)(Loaded(begun, {}))


def test_a_cleared_cheque_comes_back_as_any_payment() -> None:
    order = done(by_cheque(), deposit(), clear())
    order = done(order, bouncing(Bounce("stopped"), lambda method: RULES, AT, salt))
    assert (order.payment, order.money) == (Payment.FAILED, "cheque_bounced")
    with pytest.raises(WrongState, match="no cheque"):
        undoing_cheque("", AT)(Loaded(order, {}))
    order = done(order, deposit("000124"), clear())
    assert (order.payment, order.money) == (Payment.PAID, "")


def test_days_numbers_and_amounts_are_judged() -> None:
    order = by_cheque()
    refused = (
        (deposit(on="2026-11-24"), "/on"),
        (deposit(amount=0), "/amount/amount"),
    )
    for decide, pointer in refused:
        with pytest.raises(Invalid) as error:
            decide(Loaded(order, {}))
        assert error.value.extra["errors"][0]["pointer"] == pointer
    order = done(order, deposit())
    known = {order.ledger[0].reference: "000123 · BBVA"}
    for decide, pointer in (
        (deposit(), "/number"),
        (clear(on="2026-11-19"), "/on"),
        (clear("x"), "/payment_id"),
    ):
        with pytest.raises(Invalid) as error:
            decide(Loaded(order, known))
        assert error.value.extra["errors"][0]["pointer"] == pointer
    paid = done(order, clear())
    with pytest.raises(WrongState, match="nothing left to pay"):
        deposit()(Loaded(paid, {}))


def test_two_cheques_pay_in_parts() -> None:
    order = done(by_cheque(), deposit("1", 20_000), deposit("2", 3_200))
    first, second = (e.entry_id for e in order.ledger if e.ref.startswith("deposit-"))
    with pytest.raises(Invalid) as error:
        clear()(Loaded(order, {}))
    assert "name one of" in str(error.value.extra)
    order = done(order, clear(first))
    assert (order.payment, order.money) == (Payment.PARTIALLY_PAID, "cheque_deposited")
    assert done(order, clear(second)).payment == Payment.PAID
    order = done(order, undoing_cheque(second, AT))
    assert (order.money, amount_due(order)) == ("", 3_200)


def test_a_cheque_pays_an_order_of_another_method() -> None:
    order = unpaid_order(intent(), approved=True)
    order = done(order, deposit())
    assert [(e.method, e.status) for e in order.ledger if e.on] == [("cheque", "processing")]
    assert done(order, clear()).payment == Payment.PAID


def test_an_order_that_ends_by_command_lets_go_of_its_cheque() -> None:
    order = done(by_cheque(), deposit())
    order = after(order, ask(order, Ending("cancelled", "customer", "staff:1")))
    with pytest.raises(WrongState):
        deposit("2")(Loaded(order, {}))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["deposit", "clear", "bounce", "undo", "mark", "unmark", "return"]),
        st.sampled_from([None, 1, 777, TOTAL]),
        st.integers(0, 3),
    ),
    max_size=14,
)


@pytest.mark.capability("D06", "G05")
@given(steps=STEPS)
def test_no_cheque_is_ever_counted_twice(steps: list[tuple[str, int | None, int]]) -> None:
    """Whatever is entered in whatever order: money is what cleared or was marked, and did not come back."""
    order = by_cheque()
    stands = lambda order_id, effect_id: lambda tx: None  # noqa: E731
    for place, (step, amount, which) in enumerate(steps):
        cheques = [e.entry_id for e in order.ledger if e.kind == "intent" and e.on]
        money = [e.entry_id for e in order.ledger if e.kind == "capture"]
        named = cheques[which % len(cheques)] if cheques else ""
        paid = money[which % len(money)] if money else ""
        commands: dict[str, Decide] = {
            "deposit": deposit(f"{place}", amount),
            "clear": clear(named),
            "bounce": bounce(named),
            "undo": undoing_cheque(named, AT),
            "mark": marking_paid(ORIGIN, salt, amount=amount),
            "unmark": unmarking(paid, AT, stands),
            "return": bouncing(Bounce("no_funds", paid), lambda method: RULES, AT, salt),
        }
        kept = balance(order.ledger).kept
        before = {e.entry_id: e for e in order.ledger}
        try:
            decision = commands[step](Loaded(order, {}))
        except Problem:
            continue
        order = after(order, decision)
        counted = [e for e in order.ledger if (e.kind, e.status) == ("capture", "ok")]
        parents = [e.parent for e in counted if e.parent]
        assert len(parents) == len(set(parents))  # one payment for one cheque
        if step == "clear":
            assert balance(order.ledger).kept - kept == before[named].amount
        if step in ("deposit", "bounce", "undo"):
            assert balance(order.ledger).kept == kept
        assert balance(order.ledger).kept == sum(e.amount for e in counted)
