"""Granted and executed: whatever is asked, in whatever order, no more goes back than came in."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comanda.errors import NotFound, Problem
from comanda.orders.balance import balance
from comanda.orders.decision import Decision, Loaded
from comanda.orders.derive import payment_axis
from comanda.orders.evolve import replay
from comanda.orders.facts import Happened, Origin, chain
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import grants, parts_of, refundable, standing
from comanda.payments.book import Book
from comanda.payments.grant_refund import Terms, executing, refunding, withdrawing
from comanda.payments.ledger import recording
from comanda.payments.provider import Charge, ProviderRecord, Refund
from comanda.payments.refund_plan import Unit, Wish
from comanda.payments.reversals import fail_refund
from tests.examples import AT, TOTAL, a_line, an_entry, an_order, loaded, named
from tests.payments.made import after

CARD = an_entry("capture", 20_001)
CASH = Entry("manual:capture:paid-1", "capture", "bank_transfer", "manual", 9_999, "MXN", "ok", AT, "paid-1")
CHARGE = Charge("ch_1", 20_001, 20_001, "MXN")
NOW = Terms("customer", execute=True)
LATER = Terms("customer", execute=False)


def paid() -> Order:
    return an_order(lines=(a_line(quantity=3, total=TOTAL),), ledger=(CARD, CASH))


def wanting(amount: int | None) -> Wish:
    return Wish(amount=amount)


type Decide = Callable[[Loaded], Decision]


def run(order: Order, decide: Decide) -> tuple[Order, dict[str, object]]:
    decision = decide(loaded(order))
    return after(order, decision), decision.result


def refund(order: Order, amount: int | None, terms: Terms = NOW) -> tuple[Order, dict[str, object]]:
    return run(order, refunding(lambda _: wanting(amount), terms, AT, lambda: "salt"))


@pytest.mark.capability("F06")
def test_granting_moves_nothing() -> None:
    order, result = refund(paid(), 10_000, LATER)
    assert result == {
        "refund_id": "r1",
        "granted": {"amount": 10_000, "currency": "MXN"},
        "executed": {"amount": 0, "currency": "MXN"},
        "status": "granted",
    }
    assert (order.payment, balance(order.ledger).refunded, refundable(order)) == ("paid", 0, TOTAL - 10_000)
    order, result = run(order, withdrawing("r1", AT))
    assert (result["status"], refundable(order)) == ("withdrawn", TOTAL)


@pytest.mark.capability("F06")
def test_executing_moves_what_people_pay_back_and_wants_the_rest_of_the_provider() -> None:
    order, result = refund(paid(), 10_000)
    assert result["executed"] == {"amount": 3_333, "currency": "MXN"}
    assert result["status"] == "pending"
    (part,) = [p for p in parts_of(order, "r1") if p.status == "pending"]
    assert (part.provider, part.amount, order.payment) == ("stripe", 6_667, "partially_refunded")


def test_elsewhere_has_happened_by_the_word_of_staff() -> None:
    elsewhere = Terms("customer", execute=True, destination="elsewhere")
    order, result = refund(paid(), None, elsewhere)
    assert (result["status"], order.payment) == ("executed", "refunded")


@pytest.mark.parametrize("unknown", [executing("r9", AT), withdrawing("r9", AT)])
def test_what_was_not_granted_is_not_found(unknown: Decide) -> None:
    with pytest.raises(NotFound):
        run(paid(), unknown)


def test_a_failed_part_stays_granted_until_it_is_withdrawn() -> None:
    order, _ = refund(paid(), None)
    (part,) = [p for p in parts_of(order, "r1") if p.status == "pending"]
    book = Book(order, AT)
    fail_refund(book, part, "card_gone")
    failed = after(order, book.decision())
    assert (standing(grants(failed)[0], parts_of(failed, "r1")), refundable(failed)) == ("failed", 0)
    left, result = run(failed, withdrawing("r1", AT))
    assert (result["status"], result["granted"]) == ("executed", {"amount": 9_999, "currency": "MXN"})
    assert refundable(left) == 20_001
    again = executing("r1", AT)(loaded(failed))
    assert [(e.effect_id, e.data["amount"]) for e in again.effects] == [("r1-1", 20_001)]


def test_what_was_made_and_came_back_is_made_under_a_new_name() -> None:
    order, _ = refund(paid(), None)
    made = Refund("re_1", "ch_1", 20_001, "MXN", "ok", "r1-1")
    record = ProviderRecord(
        "stripe",
        "pi_1",
        "succeeded",
        20_001,
        "MXN",
        "o1",
        "",
        (Charge("ch_1", 20_001, 20_001, "MXN"),),
        (made,),
    )
    done = after(order, recording(order, record, AT))
    assert done.payment == "refunded"
    came_back = Refund("re_1", "ch_1", 20_001, "MXN", "failed", "r1-1", "account_closed")
    back = after(done, recording(done, _with(record, came_back), AT))
    assert (back.payment, standing(grants(back)[0], parts_of(back, "r1"))) == ("partially_refunded", "failed")
    decision = executing("r1", AT)(loaded(back))
    assert named(decision) == ["RefundStarted"]
    assert [e.effect_id for e in decision.effects] == ["r1-1-again"]
    again = after(back, decision)
    second = Refund("re_2", "ch_1", 20_001, "MXN", "ok", "r1-1-again")
    end = after(again, recording(again, _with(record, came_back, second), AT))
    assert (end.payment, balance(end.ledger).refunded) == ("refunded", TOTAL)


def _with(record: ProviderRecord, *refunds: Refund) -> ProviderRecord:
    return replace(record, refunds=refunds)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "refund", "lines", "execute", "withdraw", "bank", "bank fails", "outside"]),
        st.integers(0, 12_000),
    ),
    max_size=14,
)


class Bank:
    """A provider that carries out what is wanted, refuses what it has not, and may take a refund back."""

    def __init__(self) -> None:
        self.refunds: list[Refund] = []

    def record(self) -> ProviderRecord:
        return ProviderRecord(
            "stripe", "pi_1", "succeeded", 20_001, "MXN", "o1", "", (CHARGE,), tuple(self.refunds)
        )

    def give(self, amount: int, effect_id: str) -> bool:
        here = 20_001 - sum(one.amount for one in self.refunds)
        if 0 < amount <= here:
            self.refunds.append(Refund(f"re_{len(self.refunds)}", "ch_1", amount, "MXN", "ok", effect_id))
        return 0 < amount <= here


@given(steps=STEPS)
@settings(max_examples=200, deadline=None)
@pytest.mark.capability("G05", "F06")
def test_refunded_and_granted_never_exceed_what_was_captured(steps: list[tuple[str, int]]) -> None:
    order, bank = paid(), Bank()
    for what, number in steps:
        try:
            order = _step(order, bank, what, number)
        except Problem:
            continue
        sums = balance(order.ledger)
        assert sums.captured == TOTAL
        assert sums.refunded <= sums.captured
        standing_grants = [
            p.amount for g in grants(order) for p in parts_of(order, g.grant) if p.status != "failed"
        ]
        assert sum(standing_grants) <= TOTAL
        assert sum(one.amount for one in bank.refunds) <= 20_001


def _step(order: Order, bank: Bank, what: str, number: int) -> Order:
    known = [grant.grant for grant in grants(order)]
    chosen = known[number % len(known)] if known else "r0"
    if what in ("grant", "refund"):
        return refund(order, number or None, LATER if what == "grant" else NOW)[0]
    if what == "lines":
        wish = Wish((Unit(1 + number % 3, "l1"),))
        return run(order, refunding(lambda _: wish, NOW, AT, lambda: "salt"))[0]
    if what in ("execute", "withdraw"):
        return run(order, (executing if what == "execute" else withdrawing)(chosen, AT))[0]
    if what == "outside":
        bank.give(number, "")
        return after_if(order, recording(order, bank.record(), AT))
    for part in [p for g in known for p in parts_of(order, g) if p.status == "pending"]:
        if what == "bank" and bank.give(part.amount, part.entry_id.partition(":grant:")[2]):
            order = after_if(order, recording(order, bank.record(), AT))
        else:
            book = Book(order, AT)
            fail_refund(book, part, "refused")
            order = after(order, book.decision())
    return order


def after_if(order: Order, decision: Decision) -> Order:
    return after(order, decision) if decision.facts else order


LEDGERS = st.lists(
    st.builds(
        lambda kind, status, amount, n: an_entry(
            kind, amount, status, ref=f"{kind}_{n}", parent=f"p_{n % 3}"
        ),
        st.sampled_from(["intent", "authorization", "capture", "refund", "dispute", "fee"]),
        st.sampled_from(["granted", "pending", "processing", "ok", "foreign", "failed", "void"]),
        st.integers(1, 2 * TOTAL),
        st.integers(0, 5),
    ),
    max_size=8,
    unique_by=lambda entry: entry.entry_id,
)


@given(ledger=LEDGERS, data=st.data())
@settings(max_examples=300, deadline=None)
@pytest.mark.capability("G05", "F01")
def test_the_status_is_the_same_in_whatever_order_the_entries_came(
    ledger: list[Entry], data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations(ledger))
    assert balance(mixed) == balance(ledger)
    assert payment_axis(TOTAL, True, mixed) == payment_axis(TOTAL, True, ledger)


def test_the_history_of_a_refund_rebuilds_the_order() -> None:
    start = paid()
    placed = Happened("OrderPlaced", {"order": start.to_dict()})
    decision = refunding(lambda _: wanting(10_000), NOW, AT, lambda: "salt")(loaded(start))
    facts = chain((placed, *decision.facts), Origin("staff:1", "t", AT), after=0, prev_hash="")
    again = replay(facts)
    assert again.ledger == tuple(sorted(after(start, decision).ledger, key=lambda e: e.entry_id))
