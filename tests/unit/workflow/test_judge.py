"""When a waiting execution may go on, and what a deadline does."""

from dataclasses import replace
from typing import Any

import pytest

from comanda.orders.decision import NOTHING
from comanda.orders.derive import derived
from comanda.orders.model import Ending, Order, Terms
from comanda.orders.vocabulary import HoldReason, Lifecycle
from comanda.workflow.judge import NEVER, deadline, outcome, unpaid
from comanda.workflow.timeouts import cancel_unpaid, expire_unverified, judge_deadlines, remind_of_payment
from tests.examples import TOTAL, a_hold, an_entry, an_order, counts, loaded, named

EARLY, VERIFY, REMIND, PAY, LATE = (f"2026-11-2{day}T00:00:00.000Z" for day in range(1, 6))
TERMS = Terms(verify_by=VERIFY, remind_at=REMIND, pay_by=PAY)
PAID = an_entry("capture")
PROCESSING = an_entry("intent", status="processing")
WAITS = ("verification", "approval", "payment", "fulfilment", "delivery")
STORY: list[tuple[Order, str]] = [
    (an_order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False), "verification"),
    (an_order(), "approval"),
    (an_order(approved=True), "payment"),
    (derived(an_order(approved=True, ledger=(PAID,))), "fulfilment"),
    (derived(counts(an_order(approved=True, ledger=(PAID,)), shipped="quantity")), "delivery"),
]
DELIVERED = derived(counts(an_order(approved=True, ledger=(PAID,)), shipped="quantity", delivered="quantity"))


@pytest.mark.parametrize(("order", "waits_for"), STORY)
def test_an_order_waits_at_one_point_of_its_story(order: Order, waits_for: str) -> None:
    passed = WAITS[: WAITS.index(waits_for)]
    assert [outcome(kind, 1, order) for kind in passed] == ["go_on"] * len(passed)
    assert outcome(waits_for, 1, order) == ""


def test_a_delivered_and_paid_order_waits_for_nothing() -> None:
    assert [outcome(kind, 1, DELIVERED) for kind in WAITS] == ["go_on"] * 5
    owed = derived(replace(DELIVERED, ledger=(), terms=Terms(ship_before_payment=True)))
    assert [outcome(kind, 1, owed) for kind in WAITS] == ["go_on"] * 4 + [""]


@pytest.mark.parametrize("lifecycle", [Lifecycle.CANCELLED, Lifecycle.EXPIRED, Lifecycle.CLOSED])
def test_an_ended_order_ends_every_wait(lifecycle: Lifecycle) -> None:
    over = an_order(lifecycle=lifecycle)
    assert [outcome(kind, 1, over) for kind in (*WAITS, "retry")] == ["ended"] * 6


def test_a_later_run_takes_over_every_wait() -> None:
    second = replace(DELIVERED, run=2)
    assert [outcome(kind, 1, second) for kind in (*WAITS, "retry")] == ["next_run"] * 6
    assert outcome("payment", 2, second) == "go_on"


def test_a_failed_step_runs_again_once_its_hold_is_released() -> None:
    held = an_order(
        holds=(a_hold(HoldReason.STEP_FAILED, detail="payment: {}"), a_hold("fraud", hold_id="h2"))
    )
    assert outcome("retry", 1, held) == ""
    released = replace(held, holds=(replace(held.holds[0], closed_at="x"), held.holds[1]))
    assert outcome("retry", 1, released) == "again"
    assert outcome("retry", 1, replace(held, lifecycle=Lifecycle.CANCELLED)) == "ended"


def test_a_closing_that_failed_is_not_tried_again_by_itself() -> None:
    held = an_order(
        lifecycle=Lifecycle.CANCELLED, holds=(a_hold(HoldReason.STEP_FAILED, detail="close: {}"),)
    )
    assert outcome("retry", 1, held) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lifecycle": Lifecycle.AWAITING_VERIFICATION}, VERIFY),
        ({}, REMIND),
        ({"reminded": True}, PAY),
        ({"ledger": (PAID,)}, NEVER),
        ({"ledger": (PROCESSING,)}, NEVER),
        ({"lifecycle": Lifecycle.AWAITING_VERIFICATION, "ledger": (PROCESSING,)}, VERIFY),
        ({"ending": Ending("cancelled", "unpaid", "system")}, NEVER),
        ({"lifecycle": Lifecycle.CANCELLED}, NEVER),
        ({"terms": Terms()}, NEVER),
        ({"terms": Terms(pay_by=PAY)}, PAY),
        ({"terms": replace(TERMS, payable=False)}, NEVER),
    ],
)
def test_the_next_deadline(changes: dict[str, Any], expected: str) -> None:
    assert deadline(derived(an_order(**{"terms": TERMS} | changes))) == expected


def test_what_has_been_shipped_is_reminded_of_but_never_cancelled_by_itself() -> None:
    on_credit = derived(counts(an_order(terms=replace(TERMS, ship_before_payment=True)), shipped=1))
    assert deadline(on_credit) == REMIND
    assert deadline(replace(on_credit, reminded=True)) == NEVER
    assert cancel_unpaid(loaded(on_credit), LATE) == NOTHING
    assert named(remind_of_payment(loaded(on_credit), LATE)) == ["PaymentReminded"]


def test_unpaid_means_alive_and_no_money_in_sight() -> None:
    poor = [(), (an_entry("intent", status="pending"),), (an_entry("intent", status="failed"),)]
    rich = [(PAID,), (PROCESSING,), (an_entry("authorization"),), (an_entry("capture", 1),)]
    assert [unpaid(derived(an_order(ledger=ledger))) for ledger in poor] == [True] * 3
    assert [unpaid(derived(an_order(ledger=ledger))) for ledger in rich] == [False] * 4


WAITING = derived(
    an_order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False, terms=replace(TERMS, pay_by=LATE))
)


@pytest.mark.parametrize(
    ("now", "facts"),
    [(EARLY, []), (VERIFY, ["EndingAsked"]), (LATE, ["EndingAsked"])],
)
@pytest.mark.capability("A06")
def test_an_unconfirmed_order_is_asked_to_end_when_its_time_is_up(now: str, facts: list[str]) -> None:
    assert named(judge_deadlines(loaded(WAITING), now)) == facts


@pytest.mark.parametrize(
    "ledger",
    [(PAID,), (PROCESSING,), (an_entry("authorization"),), (an_entry("capture", 1),)],
    ids=["captured", "processing", "authorised", "part"],
)
@pytest.mark.capability("G02")
def test_an_unconfirmed_order_with_money_never_expires(ledger: Any) -> None:
    rich = derived(replace(WAITING, ledger=ledger))
    assert expire_unverified(loaded(rich), LATE) == NOTHING
    assert judge_deadlines(loaded(rich), LATE) == NOTHING


@pytest.mark.capability("D07", "G02")
def test_an_unpaid_order_is_reminded_once_and_then_cancelled() -> None:
    order = derived(an_order(terms=TERMS))
    assert judge_deadlines(loaded(order), VERIFY) == NOTHING
    reminder = judge_deadlines(loaded(order), REMIND)
    assert named(reminder) == ["PaymentReminded"]
    assert [effect.data["event"] for effect in reminder.effects] == ["payment_reminder"]
    assert judge_deadlines(loaded(replace(order, reminded=True)), REMIND) == NOTHING
    assert named(judge_deadlines(loaded(order), PAY)) == ["PaymentReminded"]  # nobody is cancelled unreminded
    cancelled = judge_deadlines(loaded(replace(order, reminded=True)), PAY)
    assert named(cancelled) == ["EndingAsked"]
    assert cancelled.facts[0].data["ending"] == {
        "kind": "cancelled",
        "reason": "unpaid",
        "asked_by": "system",
    }  # with what there is of store credit given back


@pytest.mark.capability("G02")
def test_a_deadline_judges_the_order_as_it_is_now() -> None:
    for ledger in ((PAID,), (PROCESSING,), (an_entry("authorization", TOTAL),)):
        assert judge_deadlines(loaded(derived(an_order(terms=TERMS, ledger=ledger))), LATE) == NOTHING
    over = an_order(terms=TERMS, lifecycle=Lifecycle.CANCELLED)
    assert judge_deadlines(loaded(over), LATE) == NOTHING
    asked = an_order(terms=TERMS, ending=Ending("cancelled", "unpaid", "system"))
    assert judge_deadlines(loaded(asked), LATE) == NOTHING
