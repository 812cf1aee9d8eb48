"""What a provider's record adds to an order: the same in any order, and no money lost or doubled."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.balance import balance
from comanda.orders.decision import Decision, Loaded
from comanda.orders.derive import amount_due
from comanda.orders.ending import ask
from comanda.orders.facts import Happened
from comanda.orders.model import Ending, Entry, Order
from comanda.orders.refunds import ELSEWHERE
from comanda.orders.vocabulary import Payment
from comanda.payments.fee import Fee, recording_fee
from comanda.payments.grant_refund import Terms, refunding
from comanda.payments.ledger import recording
from comanda.payments.mark_paid import marking_paid
from comanda.payments.provider import Charge, Dispute, ProviderRecord, Refund, Wanted
from comanda.payments.refund_plan import Wish
from tests.payments.fake import FakeProvider
from tests.payments.made import AT, ORIGIN, TOTAL, after, intent, unpaid_order

ACTS = ("decline", "process", "pay", "cancel", "refund", "fail", "dispute", "won", "lost")


def live(acts: list[tuple[str, int]]) -> tuple[FakeProvider, list[ProviderRecord]]:
    """Let a payment live through `acts`, then end; its record after each step."""
    bank = FakeProvider()
    ref = bank.start(Wanted("order-1", "pay-1", "P-1", TOTAL, "MXN")).ref
    seen = [bank.payments[ref]]
    for name, amount in [*acts, ("pay", 0)]:
        act(bank, ref, name, amount)
        seen.append(bank.payments[ref])
    return bank, seen


def act(bank: FakeProvider, ref: str, name: str, amount: int) -> None:
    record = bank.payments[ref]
    if name in ("decline", "process", "pay", "cancel"):
        getattr(bank, name)(ref)
    elif record.status != "succeeded":
        return
    elif name == "refund":
        back = [refund.amount for refund in record.refunds if refund.status == "ok"]
        left = TOTAL - sum(back) - sum(d.amount for d in record.disputes)
        if left > 0:
            bank.refund_outside(ref, min(amount, left))
    elif name == "fail" and record.refunds:
        bank.fail_refund(ref, record.refunds[amount % len(record.refunds)].ref)
    elif name == "dispute" and not record.disputes:
        back = [refund.amount for refund in record.refunds if refund.status == "ok"]
        if sum(back) < TOTAL:
            bank.dispute(ref, TOTAL - sum(back))
    elif name in ("won", "lost") and [d for d in record.disputes if d.status == "open"]:
        bank.close_dispute(ref, record.disputes[0].ref, name)


def recorded(order: Order, records: list[ProviderRecord]) -> Order:
    for record in records:
        decision = recording(order, record, AT)
        order = after(order, decision) if decision.facts else order
    return order


def money(order: Order) -> list[Entry]:
    return [entry for entry in order.ledger if entry.kind != "authorization"]


lives = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, TOTAL)), max_size=9)


@pytest.mark.capability("C20", "D05")
@given(lives, st.randoms(use_true_random=False), st.booleans())
def test_records_in_any_order_and_number_end_in_the_same_ledger(
    acts: list[tuple[str, int]], chance: random.Random, known: bool
) -> None:
    _, seen = live(acts)
    fresh = unpaid_order(intent()) if known else unpaid_order()
    in_order = recorded(fresh, seen)
    shuffled = [record for record in seen for _ in range(chance.randint(1, 5))]
    chance.shuffle(shuffled)
    mixed = recorded(fresh, shuffled)
    assert money(mixed) == money(in_order)
    assert mixed.payment == in_order.payment
    assert sorted(h.reason for h in mixed.holds) == sorted(h.reason for h in in_order.holds)
    assert recording(mixed, seen[-1], AT).facts == ()


@given(lives, st.randoms(use_true_random=False))
def test_no_money_is_lost_or_made(acts: list[tuple[str, int]], chance: random.Random) -> None:
    bank, seen = live(acts)
    chance.shuffle(seen)
    sums = balance(recorded(unpaid_order(intent()), seen).ledger)
    (theirs,) = bank.payments.values()
    lost = sum(d.amount for d in theirs.disputes if d.status == "lost")
    given_back = sum(r.amount for r in theirs.refunds if r.status == "ok")
    assert sums.captured == sum(charge.captured for charge in theirs.charges)
    assert sums.refunded == given_back + lost
    assert sums.disputed == lost


@given(lives)
def test_each_identity_is_claimed_once(acts: list[tuple[str, int]]) -> None:
    _, seen = live(acts)
    order, identities = unpaid_order(intent()), []
    for record in [*seen, *seen]:
        decision = recording(order, record, AT)
        identities += decision.identities
        order = after(order, decision) if decision.facts else order
    assert len(identities) == len(set(identities))


def record(status: str = "pending", **more: object) -> ProviderRecord:
    bank = FakeProvider()
    ref = bank.start(Wanted("order-1", "pay-1", "P-1", TOTAL, "MXN")).ref
    if status == "succeeded":
        bank.pay(ref)
    return replace(bank.payments[ref], status=status, **more)  # type: ignore[arg-type]


def types(decision: Decision) -> list[str]:
    return [fact.type for fact in decision.facts]


@pytest.mark.parametrize(
    ("status", "fact", "axis", "visibility"),
    [
        ("processing", "PaymentProcessing", Payment.PENDING, "customer"),
        ("failed", "PaymentFailed", Payment.FAILED, "customer"),
        ("authorized", "PaymentAuthorized", Payment.AUTHORIZED, "customer"),
        ("succeeded", "PaymentCaptured", Payment.PAID, "customer"),
        ("void", "PaymentVoided", Payment.VOIDED, "internal"),
    ],
)
def test_each_turn_is_one_fact(status: str, fact: str, axis: Payment, visibility: str) -> None:
    order = unpaid_order(intent())
    decision = recording(order, record(status), AT)
    assert [(one.type, one.visibility) for one in decision.facts] == [(fact, visibility)]
    assert decision.outside
    assert after(order, decision).payment == axis


def test_an_open_attempt_is_no_news() -> None:
    assert recording(unpaid_order(intent()), record(), AT) == Decision(outside=True)


def test_a_customer_who_tries_again_is_not_failed_any_more() -> None:
    order = after(unpaid_order(intent()), recording(unpaid_order(intent()), record("failed"), AT))
    decision = recording(order, record("pending"), AT)
    assert types(decision) == ["PaymentStarted"]
    assert after(order, decision).payment == Payment.PENDING


@pytest.mark.capability("C17")
@pytest.mark.parametrize(
    ("captured", "currency", "axis", "detail"),
    [
        (20_000, "MXN", Payment.PARTIALLY_PAID, "asked for 23200 MXN, got 20000 MXN"),
        (25_000, "MXN", Payment.OVERPAID, "asked for 23200 MXN, got 25000 MXN"),
        (23_200, "USD", Payment.PENDING, "asked for 23200 MXN, got 23200 USD"),
    ],
)
def test_money_other_than_asked_for_is_recorded_and_held(
    captured: int, currency: str, axis: Payment, detail: str
) -> None:
    order = unpaid_order(intent())
    bank = FakeProvider()
    ref = bank.start(Wanted("order-1", "pay-1", "P-1", TOTAL, "MXN")).ref
    bank.pay(ref, captured, currency)
    decision = recording(order, bank.payments[ref], AT)
    assert types(decision) == ["PaymentCaptured", "HoldOpened"]
    paid = after(order, decision)
    assert paid.payment == axis
    assert [(hold.hold_id, hold.reason, hold.detail) for hold in paid.open_holds] == [
        (f"h{paid.facts}", "payment_mismatch", detail)
    ]
    assert balance(paid.ledger).has_money
    assert recording(paid, bank.payments[ref], AT).facts == ()


def test_foreign_money_that_went_back_does_not_count_any_more() -> None:
    bank = FakeProvider()
    ref = bank.start(Wanted("order-1", "pay-1", "P-1", TOTAL, "MXN")).ref
    bank.pay(ref, 1_000, "USD")
    charge = bank.payments[ref].charges[0].ref
    back = Refund("re_1", charge, 1_000, "USD", "ok")
    order = unpaid_order(intent())
    paid = after(order, recording(order, bank.payments[ref], AT))
    assert balance(paid.ledger).processing == 1
    refunded = after(paid, recording(paid, replace(bank.payments[ref], refunds=(back,)), AT))
    sums = balance(refunded.ledger)
    assert (sums.captured, sums.refunded, sums.processing, sums.has_money) == (0, 0, 0, False)


def test_money_that_goes_back_by_hand_and_again_at_the_provider_is_held_for_a_person() -> None:
    bank = FakeProvider()
    ref = bank.start(Wanted("order-1", "pay-1", "P-1", TOTAL, "MXN")).ref
    order = unpaid_order(intent(ref))
    bank.pay(ref)
    paid = after(order, recording(order, bank.payments[ref], AT))
    by_hand = Terms("customer_request", execute=True, destination=ELSEWHERE)
    decide = refunding(lambda order: Wish(), by_hand, AT, lambda: "salt")
    returned = after(paid, decide(Loaded(paid, {})))
    assert (returned.payment, returned.open_holds) == (Payment.REFUNDED, ())
    charge = bank.payments[ref].charges[0].ref
    again = replace(bank.payments[ref], refunds=(Refund("re_1", charge, 300, "MXN", "ok"),))
    held = after(returned, recording(returned, again, AT))
    assert balance(held.ledger).refunded == TOTAL + 300
    assert [(hold.reason, hold.detail) for hold in held.open_holds] == [
        ("payment_mismatch", "300 MXN more went back than came in")
    ]
    assert recording(held, again, AT).facts == ()


def test_an_order_paid_twice_is_held() -> None:
    bank = FakeProvider()
    one, two = (bank.start(Wanted("order-1", f"pay-{n}", "P-1", TOTAL, "MXN")).ref for n in (1, 2))
    order = unpaid_order(intent(one), intent(two))
    bank.pay(one)
    decision = recording(order, bank.payments[one], AT)
    assert [(e.effect_id, e.data["why"]) for e in decision.effects] == [(f"void-{two}", "paid")]
    order = after(order, decision)
    bank.pay(two)
    decision = recording(order, bank.payments[two], AT)
    assert types(decision) == ["PaymentCaptured", "HoldOpened"]
    paid = after(order, decision)
    assert paid.payment == Payment.OVERPAID
    assert paid.open_holds[0].detail == "paid 23200 MXN more than what was owed"


def test_an_attempt_that_turns_up_on_an_ending_order_is_voided() -> None:
    order = unpaid_order()
    over = after(order, ask(order, Ending("cancelled", "customer", "staff:1")))
    decision = recording(over, record(), AT)
    assert types(decision) == ["PaymentStarted"]
    assert [effect.effect_id for effect in decision.effects] == ["void-pi_0001"]


def test_what_staff_confirmed_before_is_the_same_money() -> None:
    """Marked as paid by hand, then reported by the provider: paid once, and the history has both."""
    order = unpaid_order(intent())
    by_hand = marking_paid(ORIGIN, str)(Loaded(order, {}))
    order = after(order, by_hand)
    decision = recording(order, record("succeeded"), AT)
    assert types(decision) == ["PaymentCaptured"]
    paid = after(order, decision)
    assert (paid.payment, balance(paid.ledger).captured) == (Payment.PAID, TOTAL)
    assert [(e.entry_id, e.status) for e in paid.ledger] == [
        ("manual:capture:paid-1", "void"),
        ("stripe:capture:ch_0002", "ok"),
        ("stripe:intent:pi_0001", "ok"),
    ]


def granted(order: Order, charge: str, amount: int) -> Order:
    entry = Entry(
        "stripe:grant:refund-1", "refund", "stripe", "stripe", amount, "MXN", "pending", AT, parent=charge
    )
    return after(order, Decision(facts=(Happened("RefundGranted", {"entry": entry.to_dict()}),)))


def test_a_granted_refund_is_counted_once() -> None:
    order, paid = unpaid_order(intent()), record("succeeded")
    charge = paid.charges[0].ref
    order = granted(after(order, recording(order, paid, AT)), charge, 5_000)
    assert order.payment == Payment.PAID
    made = replace(paid, refunds=(Refund("re_1", charge, 5_000, "MXN", "ok", "refund-1"),))
    order = after(order, recording(order, made, AT))
    refunds = [(e.entry_id, e.status, e.ref) for e in order.ledger if e.kind == "refund"]
    assert refunds == [("stripe:grant:refund-1", "ok", "re_1")]
    assert (order.payment, balance(order.ledger).kept) == (Payment.PARTIALLY_REFUNDED, TOTAL - 5_000)
    assert recording(order, made, AT).facts == ()


def test_a_refund_that_fails_and_is_made_again() -> None:
    order, paid = unpaid_order(intent()), record("succeeded")
    charge = paid.charges[0].ref
    order = granted(after(order, recording(order, paid, AT)), charge, 5_000)
    failed = Refund("re_1", charge, 5_000, "MXN", "failed", "refund-1", "expired_card")
    order = after(order, recording(order, replace(paid, refunds=(failed,)), AT))
    assert order.payment == Payment.PAID
    assert [hold.detail for hold in order.open_holds] == ["refund of 5000 MXN: expired_card"]
    again = Refund("re_2", charge, 5_000, "MXN", "ok", "refund-1")
    both = replace(paid, refunds=(again, failed))
    order = after(order, recording(order, both, AT))
    assert order.payment == Payment.PARTIALLY_REFUNDED
    assert recording(order, both, AT).facts == ()
    assert recording(order, replace(paid, refunds=(failed,)), AT).facts == ()  # a stale look


def test_a_pending_refund_is_no_news_yet() -> None:
    order, paid = unpaid_order(intent()), record("succeeded")
    charge = paid.charges[0].ref
    order = granted(after(order, recording(order, paid, AT)), charge, 5_000)
    waiting = replace(paid, refunds=(Refund("re_1", charge, 5_000, "MXN", "pending", "refund-1"),))
    assert recording(order, waiting, AT).facts == ()


@pytest.mark.parametrize(
    ("end", "axis", "disputed"), [("won", Payment.PAID, 0), ("lost", Payment.REFUNDED, TOTAL)]
)
def test_a_dispute_holds_the_order_and_only_a_lost_one_takes_the_money(
    end: str, axis: Payment, disputed: int
) -> None:
    order, paid = unpaid_order(intent()), record("succeeded")
    order = after(order, recording(order, paid, AT))
    dispute = Dispute("du_1", paid.charges[0].ref, TOTAL, "MXN", "open", "fraudulent")
    opened = recording(order, replace(paid, disputes=(dispute,)), AT)
    assert types(opened) == ["DisputeOpened", "HoldOpened"]
    order = after(order, opened)
    assert (order.payment, order.open_holds[0].reason) == (Payment.PAID, "dispute")
    closed = recording(order, replace(paid, disputes=(replace(dispute, status=end),)), AT)
    assert types(closed) == ["DisputeClosed"]
    order = after(order, closed)
    assert (order.payment, balance(order.ledger).disputed) == (axis, disputed)


def refunded_then_edited() -> Order:
    """Paid in full by card, 5,000 given back out of goodwill, then 1,500 added: those alone are due."""
    order, paid = unpaid_order(intent()), record("succeeded")
    order = after(order, recording(order, paid, AT))
    given = refunding(lambda order: Wish(amount=5_000), Terms("goodwill", True, ELSEWHERE), AT, lambda: "s")
    order = after(order, given(Loaded(order, {})))
    more = recording_fee(Fee(1_500, "other", "Envoltura"), AT, lambda: "s")
    order = after(order, more(Loaded(order, {})))
    assert (amount_due(order), order.payment) == (1_500, Payment.PARTIALLY_PAID)
    return order


def again(ref: str, amount: int = 1_500) -> ProviderRecord:
    """Another payment for the same order."""
    charge = Charge(f"ch_{ref}", amount, amount, "MXN")
    return ProviderRecord("stripe", ref, "succeeded", amount, "MXN", order_id="order-1", charges=(charge,))


def test_what_was_given_back_before_an_edit_is_not_missing_when_the_rest_is_paid() -> None:
    order = refunded_then_edited()
    for ref in ("pi_2", "pi_3"):
        attempt = Happened("PaymentStarted", {"entry": intent(ref, 1_500).to_dict()})
        order = after(order, Decision(facts=(attempt,)))
    first = recording(order, again("pi_2"), AT)
    assert [effect.data["ref"] for effect in first.effects] == ["pi_3"]  # nobody pays it twice
    order = after(order, first)
    assert (amount_due(order), order.payment) == (0, Payment.PARTIALLY_REFUNDED)
    order = after(order, recording(order, again("pi_3"), AT))  # the customer was faster than the void
    assert (amount_due(order), order.payment) == (-1_500, Payment.OVERPAID)
    assert [hold.detail for hold in order.open_holds] == ["paid 1500 MXN more than what was owed"]


def test_the_rest_that_staff_confirmed_and_its_provider_reports_is_one_payment() -> None:
    order = refunded_then_edited()
    attempt = Happened("PaymentStarted", {"entry": intent("pi_2", 1_500).to_dict()})
    order = after(order, Decision(facts=(attempt,)))
    order = after(order, marking_paid(ORIGIN, lambda: "s")(Loaded(order, {})))
    order = after(order, recording(order, again("pi_2"), AT))
    assert (amount_due(order), order.payment) == (0, Payment.PARTIALLY_REFUNDED)
    assert balance(order.ledger).kept == TOTAL - 5_000 + 1_500
    assert not order.open_holds
