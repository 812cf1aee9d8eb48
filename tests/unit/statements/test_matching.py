"""Which order a movement pays."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.decision import Loaded
from comanda.orders.derive import amount_due
from comanda.orders.model import Ending, Order
from comanda.orders.vocabulary import Lifecycle, Method
from comanda.payments.mark_paid import marking_paid
from comanda.statements.matching import Candidate, Outcome, Proposal, propose, standing, without_doubles
from comanda.statements.mentions import Strength, mentions, named
from comanda.statements.model import StatementEntry
from tests.payments.made import ORIGIN, TOTAL, after, intent, transfer, unpaid_order

ANA = {"name": "Ana Muñoz", "company": ""}


def waiting(count: int = 1, **more: Any) -> Order:
    order = unpaid_order(transfer(), method=Method.BANK_TRANSFER)
    return replace(order, order_id=f"order-{count}", number=f"P-{count:06d}", **more)


def paid(order: Order, amount: int | None = None) -> Order:
    return after(order, marking_paid(ORIGIN, lambda: "salt", amount=amount)(Loaded(order, {})))


def entry(text: str = "P-000001", amount: int = TOTAL, **more: Any) -> StatementEntry:
    return StatementEntry(
        **{
            "account": "ES91",
            "kind": "credit",
            "amount": amount,
            "currency": "MXN",
            "booked_on": "2026-11-20",
            "text": text,
            "entry_id": "e1",
        }
        | more
    )


def proposed(one: StatementEntry, *orders: Order, contact: dict[str, str] | None = None) -> Proposal:
    return propose(one, [Loaded(order, {"contact": contact or {}}) for order in orders])


@pytest.mark.capability("G15", "D06")
def test_one_order_and_just_what_is_due() -> None:
    found = proposed(entry(), waiting())
    assert found.outcome == Outcome.EXACT
    assert found.order == Candidate(
        "order-1", "P-000001", Outcome.EXACT, TOTAL, "MXN", "reference", waits=True
    )


@pytest.mark.capability("G15")
@pytest.mark.parametrize(
    ("order", "amount", "outcome"),
    [
        (waiting(), TOTAL - 1, Outcome.UNDER),
        (waiting(), TOTAL + 1, Outcome.OVER),
        (paid(waiting(), 20_000), 3_200, Outcome.EXACT),
        (paid(waiting(), 20_000), TOTAL, Outcome.OVER),
        (paid(waiting()), TOTAL, Outcome.DUPLICATE),
        (waiting(lifecycle=Lifecycle.CANCELLED), TOTAL, Outcome.LATE),
        (waiting(lifecycle=Lifecycle.EXPIRED), TOTAL, Outcome.LATE),
        (waiting(ending=Ending("cancelled", "unpaid", "system")), TOTAL, Outcome.LATE),
        (waiting(currency="EUR"), TOTAL, Outcome.CURRENCY),
        (waiting(lifecycle=Lifecycle.QUOTED), TOTAL, Outcome.UNKNOWN),
        (replace(unpaid_order(intent()), number="P-000001"), TOTAL, Outcome.AMBIGUOUS),
    ],
)
def test_what_does_not_fit_says_how(order: Order, amount: int, outcome: Outcome) -> None:
    assert proposed(entry(amount=amount), order).outcome == outcome


def test_two_orders_in_one_transfer_are_for_a_person() -> None:
    found = proposed(entry("P-000001 y P-000002"), waiting(1), waiting(2))
    assert (found.outcome, found.order) == (Outcome.AMBIGUOUS, None)
    assert [one.number for one in found.candidates] == ["P-000001", "P-000002"]


def test_amount_and_name_alone_are_never_enough() -> None:
    said = entry("TRANSFERENCIA DE MUNOZ ANA", payer="")
    found = proposed(said, waiting(), contact=ANA)
    assert (found.outcome, found.order) == (Outcome.AMBIGUOUS, None)
    assert [(one.number, one.why) for one in found.candidates] == [("P-000001", "name")]
    assert proposed(said, waiting()).outcome == Outcome.UNKNOWN
    assert proposed(replace(said, amount=TOTAL - 1), waiting(), contact=ANA).outcome == Outcome.UNKNOWN
    assert proposed(replace(said, text="ANA LOPEZ"), waiting(), contact=ANA).outcome == Outcome.UNKNOWN


def test_a_number_that_may_be_anything_is_never_enough() -> None:
    found = proposed(entry("calle mayor 1"), waiting())
    assert (found.outcome, [one.why for one in found.candidates]) == (Outcome.AMBIGUOUS, ["number"])


def test_money_that_went_out() -> None:
    assert proposed(entry(kind="debit"), paid(waiting())).outcome == Outcome.OUTGOING
    assert proposed(entry(kind="reversed"), waiting()).outcome == Outcome.UNKNOWN
    back = proposed(entry(kind="returned"), paid(waiting()))
    assert (back.outcome, back.order and back.order.order_id) == (Outcome.RETURNED, "order-1")
    assert proposed(entry(kind="returned", amount=1), paid(waiting())).order is None
    assert proposed(entry(kind="returned"), waiting()).order is None


def test_the_same_transfer_twice() -> None:
    later = proposed(entry(booked_on="2026-11-21", entry_id="e2"), waiting())
    first = proposed(entry(), waiting())
    other = proposed(entry("P-000002"), waiting(2))
    judged = without_doubles([later, first, other])
    assert [one.outcome for one in judged] == [Outcome.DUPLICATE, Outcome.EXACT, Outcome.EXACT]


TEXTS = st.one_of(
    st.sampled_from(
        ["P-000001", "p2", "pedido 3", "P-000001 P-000002", "calle 2", "", "ana muñoz", "000003"]
    ),
    st.text(max_size=30),
)
ORDERS = st.lists(
    st.builds(
        lambda count, state, part: paid(waiting(count), part) if part else waiting(count, **state),
        st.integers(1, 4),
        st.sampled_from(
            [{}, {"lifecycle": Lifecycle.CANCELLED}, {"method": Method.STRIPE}, {"currency": "EUR"}]
        ),
        st.sampled_from([0, 0, 200, TOTAL]),
    ),
    max_size=4,
    unique_by=lambda order: order.order_id,
)


@pytest.mark.capability("G15")
@given(TEXTS, st.sampled_from([TOTAL, TOTAL - 200, TOTAL - 1, 1]), ORDERS, st.sampled_from(["MXN", "EUR"]))
def test_exact_only_where_amount_and_reference_fit_one_order(
    text: str, amount: int, orders: list[Order], currency: str
) -> None:
    said = entry(text, amount, currency=currency)
    found = proposed(said, *orders, contact=ANA)
    if found.outcome != Outcome.EXACT:
        return
    assert found.order is not None
    sure = [one for one in orders if named(mentions([text]), one.number) is Strength.STRONG]
    (only,) = sure
    assert only.order_id == found.order.order_id
    assert (amount_due(only), only.currency, only.lifecycle) == (amount, currency, Lifecycle.PLACED)
    assert only.method in (Method.BANK_TRANSFER, Method.CHEQUE)
    assert standing(said, only) == Outcome.EXACT


@pytest.mark.capability("G15")
@pytest.mark.parametrize(
    ("amount", "second", "outcome"),
    [
        (2 * TOTAL, waiting(2), Outcome.SPLIT),
        (2 * TOTAL - 20_000, paid(waiting(2), 20_000), Outcome.SPLIT),
        (2 * TOTAL - 1, waiting(2), Outcome.AMBIGUOUS),
        (TOTAL, waiting(2), Outcome.AMBIGUOUS),
        (TOTAL, paid(waiting(2)), Outcome.AMBIGUOUS),
        (2 * TOTAL, waiting(2, lifecycle=Lifecycle.CANCELLED), Outcome.AMBIGUOUS),
        (2 * TOTAL, waiting(2, method=Method.STRIPE), Outcome.AMBIGUOUS),
        (2 * TOTAL, waiting(2, currency="EUR"), Outcome.AMBIGUOUS),
    ],
)
def test_the_sum_of_what_several_orders_owe_is_a_split(amount: int, second: Order, outcome: Outcome) -> None:
    found = proposed(entry("pedidos P-000001 y P-000002", amount), waiting(), second)
    assert (found.outcome, found.order, len(found.candidates)) == (outcome, None, 2)
