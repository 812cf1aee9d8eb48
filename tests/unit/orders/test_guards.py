"""Which command is allowed in which state, and that the page in docs/ says so."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from comanda.documents import kinds
from comanda.errors import WrongState
from comanda.orders.derive import amount_due, derived
from comanda.orders.guards import GUARDS, allowed, check, failures
from comanda.orders.label import BEYOND
from comanda.orders.model import Ending, Order, Terms
from comanda.orders.vocabulary import HoldReason, Lifecycle
from local.asked_guards import ASKED
from local.docs_tables import PAGE, guards_page, refusal, states
from tests.examples import TOTAL, a_hold, an_entry, an_order

STATES = states()


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text() == guards_page(), "run python -m local.docs_tables"


def test_the_page_names_every_guard_that_a_caller_may_meet() -> None:
    """Those of `GUARDS`, and all that is raised by name elsewhere in the product."""
    known = {guard.name for guards in GUARDS.values() for guard in guards}
    raised = set[str]()
    for file in (Path(__file__).parents[3] / "layers" / "shared" / "comanda").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            if named and node.func.id == "WrongState" and isinstance(node.args[0], ast.Constant):
                raised.add(node.args[0].value)
    put_together = {"refund-executed", "refund-withdrawn", *(name for name, _ in BEYOND.values())}
    put_together |= {one.name for guards in kinds.GUARDS.values() for one in guards} | {kinds.SENT.name}
    assert (raised | put_together) - known == set(ASKED), "tell it in local/asked_guards.py"


def test_every_guard_forbids_something_in_some_state() -> None:
    """A guard that none of the states on the page meets would be a rule that nobody has seen at work."""
    met = {refusal(command, order) for command in GUARDS for order in STATES.values()}
    assert met - {""} == {guard.name for guards in GUARDS.values() for guard in guards}


def test_a_refusal_names_the_first_guard_and_says_why() -> None:
    closed = an_order(lifecycle=Lifecycle.CLOSED, approved=True)
    with pytest.raises(WrongState) as refused:
        check("approve", closed)
    assert (refused.value.guard, refused.value.status) == ("order-ended", 409)
    assert refused.value.detail == "the order is closed, cancelled or expired"
    assert not allowed("approve", closed)


@pytest.mark.parametrize(
    ("state", "command", "guard"),
    [
        ("placed, not approved", "ship", "not-approved"),
        ("approved, not paid", "ship", "not-paid"),
        ("approved, not paid, ships before payment", "ship", ""),
        ("approved and paid", "ship", ""),
        ("approved and paid, on hold", "ship", "on-hold"),
        ("partly shipped", "cancel", "something-shipped"),
        ("partly shipped", "ship", ""),
        ("awaiting verification", "expire", ""),
        ("awaiting verification, payment being processed", "expire", "payment-in-progress"),
        ("placed by money, address not confirmed", "expire", "not-awaiting-verification"),
        ("awaiting verification", "approve", "awaiting-verification"),
        ("placed by money, address not confirmed", "approve", ""),
        ("cancelled", "mark-paid", ""),  # late money is recorded
        ("closed", "mark-paid", "order-closed"),
        ("approved, its payment came back", "ship", "on-hold"),
        ("approved, its payment came back", "pay", ""),
        ("approved, its payment came back", "undo-bounce", ""),
        ("approved and paid by hand, disputed", "bounce", ""),
        ("approved and paid", "bounce", "nothing-to-bounce"),  # a card: its bank disputes
        ("being cancelled, payment being voided", "mark-paid", ""),
        ("being cancelled, payment being voided", "ship", "ending"),
        ("approved and paid, on hold", "cancel", ""),  # a hold stops shipping and nothing else
        ("a step failed", "retry", ""),
        ("approved and paid", "retry", "nothing-failed"),
        ("approved and paid, an edit open", "edit", "edit-open"),
        ("an edit open that the order has left behind", "edit", ""),
        ("partly shipped", "edit", ""),
        ("delivered", "edit", "all-shipped"),
    ],
)
@pytest.mark.capability("F02")
def test_the_rules_that_matter(state: str, command: str, guard: str) -> None:
    assert refusal(command, STATES[state]) == guard


@pytest.mark.parametrize("lifecycle", [Lifecycle.CLOSED, Lifecycle.CANCELLED, Lifecycle.EXPIRED])
def test_what_is_over_takes_only_late_money_and_the_end_of_holds(lifecycle: Lifecycle) -> None:
    over = an_order(lifecycle=lifecycle, approved=True, holds=(a_hold(HoldReason.STEP_FAILED),))
    open_commands = {command for command in GUARDS if allowed(command, over)}
    by_mistake = {"undo-cancel"} if lifecycle == Lifecycle.CANCELLED else set()
    always = {"release-hold", "retry", "purge", "mark-paid", "fee", "resend-mail"}
    assert open_commands == always | by_mistake
    paid = derived(replace(over, ledger=(an_entry("capture"),)))
    assert allowed("refund", paid)  # money may go back at any time
    assert allowed("dispute", paid)  # and banks take it whenever they like
    assert allowed("mark-paid", paid) == (lifecycle != Lifecycle.CLOSED)  # nothing is due any more


@pytest.mark.parametrize("reason", list(HoldReason))
@pytest.mark.capability("F02")
def test_any_open_hold_stops_what_leaves_the_shelf_and_nothing_else(reason: HoldReason) -> None:
    free: Order = STATES["approved and paid"]
    held = replace(free, holds=(a_hold(reason),))
    shelf, counter = ("ship", "buy-label", "pick", "pack", "short-pick"), ("ready-for-pickup", "hand-over")
    assert {refusal(command, held) for command in shelf} == {"on-hold"}
    if reason != HoldReason.NOT_COLLECTED:  # which is about what waits at the counter
        assert {refusal(command, held) for command in counter} == {"on-hold"}
    assert refusal("ship", replace(free, holds=(a_hold(reason, closed_at="x"),))) == ""
    others = [command for command in GUARDS if command not in (*shelf, *counter, "retry")]
    assert [refusal(c, held) for c in others] == [refusal(c, free) for c in others]


def test_only_failures_are_retried() -> None:
    holds = tuple(
        a_hold(reason, hold_id=f"h-{reason}", closed_at="x" if reason == HoldReason.EFFECT_FAILED else "")
        for reason in HoldReason
    )
    assert failures(an_order(holds=holds)) == ["h-unknown_effect", "h-step_failed"]


def test_what_is_due() -> None:
    assert amount_due(an_order()) == TOTAL
    assert amount_due(an_order(ledger=(an_entry("capture", 10_000),))) == TOTAL - 10_000
    assert amount_due(an_order(ledger=(an_entry("capture", TOTAL + 1),))) == -1
    assert amount_due(an_order(terms=Terms(payable=False))) == 0


def test_an_order_that_is_about_to_end_takes_no_more_decisions() -> None:
    about_to = an_order(approved=True, ending=Ending("cancelled", "unpaid", "system"))
    assert {c for c in GUARDS if refusal(c, about_to) == "ending"} == {"pay", "ship", "cancel", "expire"} | {
        "buy-label",
        "pick",
        "pack",
        "short-pick",
        "undo-short-pick",
        "ready-for-pickup",
        "not-ready",
        "hand-over",
        "approve",
        "reject",
        "promise",
        "edit",
        "charge-fee",
        "deposit-cheque",
        "capture",
    }
