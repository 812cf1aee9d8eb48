"""How an order ends: open attempts first, then stock and money back; money in time undoes it."""

from dataclasses import replace
from typing import Any

import pytest

from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.ending import ask, open_attempts, over, proceed, refunding
from comanda.orders.model import Ending, Entry, Order
from comanda.orders.refunds import grants, parts_of, summary
from comanda.orders.vocabulary import Lifecycle
from comanda.stock.model import Move
from tests.examples import ORIGIN, TOTAL, a_line, an_entry, an_order, happening, named

UNPAID = Ending("cancelled", "unpaid", "system", refund=False)
EXPIRED = Ending("expired", "expired", "system", refund=False)
BY_STAFF = Ending("cancelled", "customer_request", "staff:1")
INTENT = an_entry("intent", status="pending")
HELD = an_entry("authorization", ref="pi_1")
PAID = an_entry("capture")
TRANSFER = Entry("manual:intent:t-1", "intent", "bank_transfer", "manual", TOTAL, "MXN", "pending", "", "t-1")


def ending(kind: Ending, *ledger: Entry, **changes: Any) -> Order:
    lines = (replace(a_line(), reserved=2), a_line("l2", "TAZA-1", 1, allocated=1))
    return an_order(ending=kind, ledger=ledger, lines=lines, **changes)


def after(order: Order, decision: Decision) -> Order:
    return Course(order, ORIGIN).add(decision).after


def test_asking_voids_each_open_attempt_at_a_provider() -> None:
    other = an_entry("intent", status="failed", ref="pi_2")
    void = an_entry("intent", status="void", ref="pi_3")
    decision = ask(an_order(ledger=(INTENT, other, void, TRANSFER)), UNPAID)
    assert named(decision) == ["EndingAsked"]
    assert [(e.effect_id, e.kind, e.data["ref"]) for e in decision.effects] == [
        ("void-pi_1", "payment.void", "pi_1"),
        ("void-pi_2", "payment.void", "pi_2"),
    ]
    assert over(after(an_order(), decision))


@pytest.mark.parametrize(
    ("ledger", "open_refs"),
    [
        ((INTENT,), ["pi_1"]),
        ((replace(INTENT, status="processing"),), ["pi_1"]),
        ((replace(INTENT, status="failed"),), ["pi_1"]),
        ((replace(INTENT, status="void"),), []),
        ((INTENT, PAID), []),
        ((INTENT, HELD), ["pi_1"]),
        ((replace(INTENT, status="ok"), HELD), ["pi_1"]),
        ((replace(INTENT, status="ok"), HELD, PAID), []),
        ((replace(INTENT, ref=""),), []),
        ((TRANSFER,), ["t-1"]),
    ],
)
def test_what_could_still_turn_into_money(ledger: tuple[Entry, ...], open_refs: list[str]) -> None:
    assert [entry.ref for entry in open_attempts(an_order(ledger=ledger))] == open_refs


def test_nothing_ends_that_nobody_asked_for() -> None:
    assert proceed(an_order(ledger=(PAID,))) == NOTHING


@pytest.mark.parametrize("kind", [UNPAID, EXPIRED, BY_STAFF])
def test_an_open_attempt_at_a_provider_is_waited_for(kind: Ending) -> None:
    assert proceed(ending(kind, INTENT, verified=False)) == NOTHING


@pytest.mark.parametrize("kind", [UNPAID, EXPIRED])
@pytest.mark.parametrize("money", [PAID, HELD, replace(INTENT, status="processing"), replace(PAID, amount=1)])
@pytest.mark.capability("G02")
def test_money_stops_an_end_for_want_of_it(kind: Ending, money: Entry) -> None:
    decision = proceed(ending(kind, money, verified=False))
    assert named(decision) == ["EndingDropped"]
    assert (decision.moves, decision.effects) == ((), ())
    assert after(ending(kind, money, verified=False), decision).ending is None


def test_a_confirmed_address_stops_an_expiry_but_not_a_cancellation() -> None:
    assert named(proceed(ending(EXPIRED, verified=True))) == ["EndingDropped"]
    assert named(proceed(ending(EXPIRED, verified=False))) == ["OrderExpired", "StockReleased"]
    assert named(proceed(ending(UNPAID, verified=True))) == ["OrderCancelled", "StockReleased"]


@pytest.mark.capability("D21", "F12")
def test_the_end_gives_the_stock_back_and_closes_what_waits_for_money() -> None:
    order = ending(UNPAID, TRANSFER)
    decision = proceed(order)
    assert named(decision) == ["PaymentVoided", "OrderCancelled", "StockReleased"]
    assert decision.moves == (
        Move("CAFE-1", "main", reserved=-2),
        Move("TAZA-1", "main", allocated=-1),
    )
    ended = after(order, decision)
    assert (ended.lifecycle, ended.cancel_reason, ended.ending) == (Lifecycle.CANCELLED, "unpaid", None)
    assert [(line.reserved, line.allocated, line.cancelled) for line in ended.lines] == [(0, 0, 2), (0, 0, 1)]
    assert ended.payment == "voided"


@pytest.mark.capability("F12")
def test_without_restock_the_units_are_written_off_and_without_refund_the_money_stays() -> None:
    order = ending(replace(BY_STAFF, restock=False, refund=False), PAID)
    decision = proceed(order)
    assert named(decision) == ["OrderCancelled", "StockWrittenOff"]
    assert decision.moves == (
        Move("CAFE-1", "main", reserved=-2, on_hand=-2),
        Move("TAZA-1", "main", allocated=-1, on_hand=-1),
    )
    assert [move.available for move in decision.moves] == [0, 0]
    assert decision.effects == ()
    assert [(line.reserved, line.allocated) for line in after(order, decision).lines] == [(0, 0), (0, 0)]


@pytest.mark.capability("F06")
def test_a_refund_is_granted_for_each_charge_and_carried_out_by_its_provider() -> None:
    second = an_entry("capture", 5_000, ref="ch_2", parent="pi_2")
    order = ending(BY_STAFF, PAID, second, an_entry("refund", 10_000, ref="re_1", parent="ch_1"))
    decision = proceed(order)
    assert named(decision) == ["OrderCancelled", "StockReleased", "RefundGranted", "RefundStarted"]
    assert [(e.effect_id, e.kind, e.data["charge"], e.data["amount"]) for e in decision.effects] == [
        ("r1-1", "payment.refund", "ch_1", 20_000),
        ("r1-2", "payment.refund", "ch_2", 5_000),
    ]
    granted = after(order, decision)
    assert granted.payment == "partially_refunded"  # granted is not given back yet
    assert [e.status for e in granted.ledger if "grant" in e.entry_id] == ["pending", "pending"]
    assert [summary(grant, parts_of(granted, grant.grant)) for grant in grants(granted)] == [
        {
            "refund_id": "r1",
            "granted": {"amount": 25_000, "currency": "MXN"},
            "executed": {"amount": 0, "currency": "MXN"},
            "status": "pending",
        }
    ]
    assert refunding(granted, "again") == NOTHING


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (an_entry("refund", 10_000, ref="re_1"), 20_000),
        (an_entry("refund", 10_000, "pending", ref="re_1"), 20_000),
        (an_entry("refund", 10_000, "failed", ref="re_1"), 30_000),
        (an_entry("dispute", 30_000, ref="dp_1"), 0),
        (an_entry("dispute", 30_000, "void", ref="dp_1"), 30_000),
    ],
)
def test_only_what_is_left_of_a_charge_is_granted(given: Entry, left: int) -> None:
    granted = sum(e.data["amount"] for e in refunding(an_order(ledger=(PAID, given)), "x").effects)
    assert granted == left


def test_money_taken_by_hand_is_given_back_by_hand() -> None:
    cash = Entry("manual:capture:1", "capture", "bank_transfer", "manual", TOTAL, "MXN", "ok", "", "paid-1")
    decision = refunding(an_order(ledger=(cash,)), "cancelled")
    assert named(decision) == ["RefundGranted"]
    told = happening(decision, "RefundGranted").data
    assert [(part["parent"], part["status"]) for part in told["also"]] == [("paid-1", "granted")]
    assert decision.effects == ()
