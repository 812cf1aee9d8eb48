"""Reminders of a payment: when they are due, and that none comes twice."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from comanda.orders.asking import anew, deadlines, next_reminder
from comanda.orders.course import Course
from comanda.orders.decision import Loaded
from comanda.orders.facts import Origin
from comanda.orders.model import Order, Terms
from comanda.orders.vocabulary import Method
from comanda.payments.bounce import Bounce, bouncing
from comanda.payments.choose import choosing
from comanda.payments.mark_paid import marking_paid
from comanda.settings.sections import PaymentMethod
from comanda.times import later
from comanda.workflow.judge import deadline
from comanda.workflow.timeouts import judge_deadlines, remind_of_payment
from tests.payments.made import AT, ORIGIN, after, transfer, unpaid_order

DAY = 86_400
RULES = PaymentMethod(enabled=True, remind_seconds=DAY, cancel_seconds=7 * DAY, reminders=(3 * DAY, 6 * DAY))


def waiting(rules: PaymentMethod = RULES) -> Order:
    told = deadlines(rules, AT)
    terms = Terms(**(told | {"reminders": tuple(told.get("reminders", ()))}))
    return unpaid_order(transfer(), method=Method.BANK_TRANSFER, approved=True, announced=True, terms=terms)


def judged(order: Order, at: str) -> tuple[Order, list[dict[str, Any]]]:
    """What the sweep makes of the order at `at`, and the reminders that it has sent."""
    decision = judge_deadlines(Loaded(order, {}), at)
    if not decision.facts:
        return order, []
    course = Course(order, Origin("system", "sweep", at)).add(decision)
    mails = [one.data for one in decision.effects if one.data.get("event") == "payment_reminder"]
    return course.after, mails


@pytest.mark.parametrize(
    "wrong",
    [
        {"remind_seconds": 60, "reminders": [60]},
        {"remind_seconds": 60, "reminders": [120, 90]},
        {"remind_seconds": 60, "cancel_seconds": 600, "reminders": [600]},
        {"reminders": [0]},
        {"reminders": [1, 2, 3, 4, 5, 6]},
    ],
)
def test_reminders_come_in_turn_and_before_the_end(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        PaymentMethod.model_validate({"remind_seconds": None, "cancel_seconds": None} | wrong)
    assert {str(found["loc"][0]) for found in error.value.errors()} == {"reminders"}


def test_without_further_ones_terms_and_facts_are_as_they_were() -> None:
    told = deadlines(PaymentMethod(remind_seconds=60, cancel_seconds=120), AT)
    assert told == {"remind_at": later(AT, 60), "pay_by": later(AT, 120)}
    order = waiting(PaymentMethod(remind_seconds=60))
    reminded, mails = judged(order, later(AT, 61))
    assert (mails, reminded.reminded, reminded.terms) == ([{"event": "payment_reminder"}], True, order.terms)


@pytest.mark.capability("D07", "G02")
def test_each_comes_at_its_time_and_the_last_says_so() -> None:
    order, sent = waiting(), []
    for days in (0.5, 1, 1.5, 3, 4, 6, 6.5):
        order, mails = judged(order, later(AT, int(days * DAY)))
        sent += [(days, bool(mail.get("last"))) for mail in mails]
    assert sent == [(1, False), (3, False), (6, True)]
    assert (order.reminded, deadline(order)) == (True, later(AT, 7 * DAY))


def test_what_was_missed_is_not_made_up_for() -> None:
    """The sweep stood still for days: one mail, not three at once."""
    order, first = judged(waiting(), later(AT, 5 * DAY))
    assert len(first) == 1
    assert judged(order, later(AT, 5 * DAY + 60)) == (order, [])
    order, last = judged(order, later(AT, 6 * DAY))
    assert [mail["last"] for mail in last] == [True]


def test_no_reminder_once_it_is_paid() -> None:
    order, _ = judged(waiting(), later(AT, DAY))
    order = after(order, marking_paid(ORIGIN, lambda: "salt")(Loaded(order, {})))
    assert not remind_of_payment(Loaded(order, {}), later(AT, 30 * DAY)).facts


def test_another_method_asks_by_its_own_rules() -> None:
    order = waiting()
    rules = PaymentMethod(enabled=True, remind_seconds=60, cancel_seconds=600)
    decision = choosing(Method.CHEQUE, rules, AT)(Loaded(order, {}))
    chosen = after(order, decision)
    assert (chosen.terms.remind_at, chosen.terms.reminders) == (later(AT, 60), ())
    back = after(chosen, choosing(Method.BANK_TRANSFER, RULES, AT)(Loaded(chosen, {})))
    assert back.terms.reminders == (later(AT, 3 * DAY), later(AT, 6 * DAY))
    assert Order.from_parts(back.snapshot(), [], []).terms == back.terms


def test_after_a_bounce_they_begin_anew() -> None:
    order = after(waiting(), marking_paid(ORIGIN, lambda: "salt")(Loaded(waiting(), {})))
    order = after(
        order, bouncing(Bounce("no_funds"), lambda _: RULES, later(AT, DAY), lambda: "s")(Loaded(order, {}))
    )
    assert order.terms.reminders == (later(AT, 4 * DAY), later(AT, 7 * DAY))
    assert anew(order, PaymentMethod(), AT)["reminders"] == []


LOOKS = st.lists(st.integers(1, 10 * DAY), max_size=30).map(sorted)
TURNS = st.lists(st.integers(1, 6 * DAY), max_size=6, unique=True).map(sorted)


@pytest.mark.capability("D07", "G02")
@given(looks=LOOKS, turns=TURNS)
def test_however_often_the_sweep_looks_each_time_reminds_once(looks: list[int], turns: list[int]) -> None:
    first, further = (turns[0], tuple(turns[1:])) if turns else (None, ())
    order = waiting(PaymentMethod(remind_seconds=first, reminders=further, cancel_seconds=7 * DAY))
    sent: list[int] = []
    for seconds in looks:
        for _ in range(2):  # two sweeps at the same moment, one after the other
            order, mails = judged(order, later(AT, seconds))
            sent += [seconds] * len(mails)
    due = [max((look for look in turns if look <= at), default=0) for at in sent]
    assert len(set(due)) == len(due)  # no time is answered by two mails
    assert all(at < 7 * DAY for at in sent[1:])  # who was reminded before is not asked at the end
    assert order.terms.reminders == tuple(later(AT, one) for one in further)
    assert next_reminder(order.terms, later(AT, 10 * DAY)) == ""
