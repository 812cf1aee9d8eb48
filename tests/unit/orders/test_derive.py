"""The derived axes: one table each, and no order of events that changes them."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.balance import Balance, balance
from comanda.orders.derive import (
    derived,
    fulfilment_axis,
    fulfilment_told,
    label,
    may_allocate,
    payment_allows_shipping,
    payment_axis,
)
from comanda.orders.model import Entry, Shipment, Terms
from comanda.orders.vocabulary import (
    ERROR_HOLDS,
    Fulfilment,
    HoldReason,
    Label,
    Lifecycle,
    Payment,
)
from tests.examples import TOTAL, a_hold, a_line, a_shipment, an_entry, an_order

INTENT = an_entry("intent", status="pending")
PROCESSING = an_entry("intent", status="processing")
FAILED = an_entry("intent", status="failed")
VOID = an_entry("intent", status="void")
HELD = an_entry("authorization")
PAID = an_entry("capture")
HALF = an_entry("capture", TOTAL // 2)
OTHER_HALF = an_entry("capture", TOTAL // 2, ref="ch_2", parent="pi_2")
REFUND_ALL = an_entry("refund", ref="re_1")
REFUND_HALF = an_entry("refund", TOTAL // 2, ref="re_2")
GRANTED = an_entry("refund", status="pending", ref="re_3")
DISPUTED = an_entry("dispute", ref="dp_1")
FOREIGN = an_entry("capture", status="foreign", currency="USD")

PAYMENT_TABLE: list[tuple[list[Entry], Payment]] = [
    ([], Payment.PENDING),
    ([INTENT], Payment.PENDING),
    ([PROCESSING], Payment.PENDING),
    ([FAILED], Payment.FAILED),
    ([FAILED, an_entry("intent", status="pending", ref="pi_2")], Payment.PENDING),
    ([VOID], Payment.VOIDED),
    ([VOID, FAILED], Payment.FAILED),
    ([INTENT, HELD], Payment.AUTHORIZED),
    ([INTENT, an_entry("authorization", TOTAL - 1)], Payment.PENDING),
    ([INTENT, HELD, PAID], Payment.PAID),
    ([INTENT, PAID], Payment.PAID),
    ([HALF], Payment.PARTIALLY_PAID),
    ([HALF, OTHER_HALF], Payment.PAID),
    ([HALF, an_entry("authorization", TOTAL // 2, ref="au_2", parent="pi_2")], Payment.PARTIALLY_PAID),
    ([PAID, OTHER_HALF], Payment.OVERPAID),
    ([PAID, OTHER_HALF, REFUND_HALF], Payment.PAID),  # what was too much went back
    ([HALF, an_entry("refund", TOTAL // 2), an_entry("capture", ref="ch_3", parent="pi_3")], Payment.PAID),
    ([PAID, GRANTED], Payment.PAID),  # granted is not given back
    ([PAID, an_entry("refund", status="failed", ref="re_4")], Payment.PAID),
    ([PAID, REFUND_HALF], Payment.PARTIALLY_REFUNDED),
    ([PAID, REFUND_ALL], Payment.REFUNDED),
    ([PAID, DISPUTED], Payment.REFUNDED),
    ([PAID, an_entry("fee", 900)], Payment.PAID),
    ([FOREIGN], Payment.PENDING),
    ([an_entry("capture", status="failed")], Payment.PENDING),
]


@pytest.mark.parametrize(("ledger", "payment"), PAYMENT_TABLE)
@pytest.mark.capability("F01", "F05", "F06")
def test_the_payment_axis(ledger: list[Entry], payment: Payment) -> None:
    assert payment_axis(TOTAL, True, ledger) == payment


def test_without_a_debt_nothing_is_pending() -> None:
    assert payment_axis(0, True, []) == Payment.PAID
    assert payment_axis(TOTAL, False, []) == Payment.NONE
    assert payment_axis(TOTAL, False, [PAID]) == Payment.PAID  # money that came all the same is seen


entries = st.lists(
    st.builds(
        lambda kind, amount, status, number: an_entry(
            kind, amount, status, ref=f"{kind[:2]}_{number}", parent=f"pi_{number % 3}"
        ),
        st.sampled_from(["intent", "authorization", "capture", "refund", "dispute", "fee"]),
        st.integers(1, 50_000),
        st.sampled_from(["pending", "processing", "ok", "failed", "void"]),
        st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda entry: entry.entry_id,
)


@given(entries, st.randoms(use_true_random=False), st.integers(0, 100_000))
@pytest.mark.capability("G05")
def test_the_order_of_the_ledger_does_not_matter(ledger: list[Entry], random: Random, total: int) -> None:
    shuffled = random.sample(ledger, len(ledger))
    assert balance(shuffled) == balance(ledger)
    assert payment_axis(total, True, shuffled) == payment_axis(total, True, ledger)


@given(entries, st.integers(0, 100_000))
def test_the_payment_axis_says_what_the_sums_say(ledger: list[Entry], total: int) -> None:
    sums, payment = balance(ledger), payment_axis(total, True, ledger)
    assert (payment == Payment.OVERPAID) == (sums.kept > total and sums.captured > sums.refunded)
    if payment in (Payment.PARTIALLY_PAID, Payment.PARTIALLY_REFUNDED):
        assert 0 < sums.kept < total or sums.refunded
    if payment in (Payment.FAILED, Payment.VOIDED):
        assert not sums.has_money


def test_money_is_what_is_here_promised_or_under_way() -> None:
    with_money = [[HELD], [PAID], [PROCESSING], [FOREIGN]]
    without = [[], [INTENT], [FAILED], [VOID], [an_entry("authorization", status="void")]]
    assert [balance(ledger).has_money for ledger in with_money] == [True] * 4
    assert [balance(ledger).has_money for ledger in without] == [False] * 5
    assert balance([PAID, REFUND_HALF]) == Balance(captured=TOTAL, refunded=TOTAL // 2)


def axis(*quantities: tuple[int, int, int, int], **parcel: str) -> Fulfilment:
    """The axis of lines given as (quantity, shipped, delivered, cancelled)."""
    lines = [
        a_line(f"l{i}", quantity=q, shipped=s, delivered=d, cancelled=c)
        for i, (q, s, d, c) in enumerate(quantities)
    ]
    parcels: list[Shipment] = [a_shipment(**parcel)] if parcel else []
    return fulfilment_axis(lines, parcels)


@pytest.mark.parametrize(
    ("lines", "fulfilment"),
    [
        ([(2, 0, 0, 0), (1, 0, 0, 0)], Fulfilment.UNFULFILLED),
        ([(2, 1, 0, 0), (1, 0, 0, 0)], Fulfilment.PARTIALLY_SHIPPED),
        ([(2, 2, 0, 0), (1, 0, 0, 0)], Fulfilment.PARTIALLY_SHIPPED),
        ([(2, 2, 0, 0), (1, 1, 0, 0)], Fulfilment.SHIPPED),
        ([(2, 2, 0, 0), (1, 0, 0, 1)], Fulfilment.SHIPPED),
        ([(2, 2, 1, 0), (1, 1, 0, 0)], Fulfilment.PARTIALLY_DELIVERED),
        ([(2, 2, 2, 0), (1, 0, 0, 0)], Fulfilment.PARTIALLY_DELIVERED),
        ([(2, 2, 2, 0), (1, 1, 1, 0)], Fulfilment.DELIVERED),
        ([(2, 2, 2, 0), (1, 0, 0, 1)], Fulfilment.DELIVERED),
        ([(2, 0, 0, 2), (1, 0, 0, 1)], Fulfilment.UNFULFILLED),
    ],
)
@pytest.mark.capability("F01", "D18")
def test_the_fulfilment_axis(lines: list[tuple[int, int, int, int]], fulfilment: Fulfilment) -> None:
    assert axis(*lines) == fulfilment


def test_parcels_that_all_came_back_or_were_lost_are_a_failed_delivery() -> None:
    assert axis((2, 2, 0, 0), status="returned_to_sender") == Fulfilment.FAILED_DELIVERY
    assert axis((2, 1, 0, 0), status="lost") == Fulfilment.FAILED_DELIVERY
    assert axis((2, 2, 0, 0), status="in_transit") == Fulfilment.SHIPPED
    assert axis((2, 2, 2, 0), status="lost") == Fulfilment.DELIVERED


def test_an_order_read_without_its_parcels_tells_what_they_came_to() -> None:
    lost = replace(an_order(), fulfilment=Fulfilment.FAILED_DELIVERY, shipments=())
    assert fulfilment_told(lost) == Fulfilment.FAILED_DELIVERY


def test_what_is_being_picked() -> None:
    assert fulfilment_axis([a_line(picked=1), a_line("l2")], []) == Fulfilment.PICKING


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Label.TO_REVIEW),
        ({"approved": True}, Label.PENDING),
        ({"approved": True, "holds": (a_hold(),)}, Label.TO_REVIEW),
        ({"approved": True, "holds": (a_hold(closed_at="x"),)}, Label.PENDING),
        ({"approved": True, "terms": Terms(payable=False)}, Label.PROCESSED),
        ({"approved": True, "fulfilment": Fulfilment.READY_FOR_PICKUP}, Label.PROCESSED),
        ({"approved": True, "fulfilment": Fulfilment.PARTIALLY_SHIPPED}, Label.PENDING),
        ({"approved": True, "fulfilment": Fulfilment.SHIPPED}, Label.SHIPPED),
        ({"approved": True, "fulfilment": Fulfilment.PARTIALLY_DELIVERED}, Label.SHIPPED),
        ({"approved": True, "fulfilment": Fulfilment.DELIVERED}, Label.DELIVERED),
        (
            {"approved": True, "fulfilment": Fulfilment.DELIVERED, "lifecycle": Lifecycle.CLOSED},
            Label.DELIVERED,
        ),
        ({"lifecycle": Lifecycle.AWAITING_VERIFICATION}, None),
        ({"lifecycle": Lifecycle.CANCELLED, "holds": (a_hold("dispute"),)}, None),
        ({"lifecycle": Lifecycle.EXPIRED}, None),
        ({"lifecycle": Lifecycle.DRAFT}, None),
        ({"lifecycle": Lifecycle.QUOTED}, None),
    ],
)
@pytest.mark.capability("A14")
def test_the_label(changes: dict[str, Any], expected: Label | None) -> None:
    assert label(an_order(**changes)) == expected


@pytest.mark.parametrize("reason", list(HoldReason))
def test_a_hold_that_needs_mending_is_an_error(reason: HoldReason) -> None:
    held = an_order(approved=True, fulfilment=Fulfilment.SHIPPED, holds=(a_hold(reason),))
    assert label(held) == (Label.ERROR if reason in ERROR_HOLDS else Label.SHIPPED)


@pytest.mark.parametrize(
    ("terms", "ledger", "allowed"),
    [
        (Terms(), (), False),
        (Terms(), (HELD,), False),
        (Terms(), (HALF,), False),
        (Terms(), (PAID,), True),
        (Terms(), (PAID, OTHER_HALF), True),
        (Terms(), (PAID, REFUND_HALF), True),  # a goodwill refund does not stop the goods
        (Terms(), (PAID, an_entry("dispute", 1, ref="du_1")), False),  # what a bank took back is missing
        (Terms(), (PAID, an_entry("dispute", 1, "pending", ref="du_1")), True),  # a hold stops it meanwhile
        (Terms(), (HALF, an_entry("refund", 1, ref="re_9")), False),
        (Terms(), (PAID, REFUND_ALL), False),
        (Terms(ship_before_payment=True), (), True),
        (Terms(payable=False), (), True),
    ],
)
def test_payment_allows_shipping(terms: Terms, ledger: tuple[Entry, ...], allowed: bool) -> None:
    order = derived(an_order(terms=terms, ledger=ledger))
    assert payment_allows_shipping(order) is allowed
    assert may_allocate(replace(order, approved=True)) is allowed
    assert not may_allocate(order)
    assert not may_allocate(replace(order, approved=True, lifecycle=Lifecycle.CANCELLED))
