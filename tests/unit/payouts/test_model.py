"""A payout against the ledgers: sums that add up, and a name for everything that does not fit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.model import Entry
from comanda.payments.payout import CHARGE, DISPUTE, FEE, OTHER, REFUND, REFUND_FAILED, Payout, PayoutLine
from comanda.payouts.model import (
    AMOUNT,
    FEE_UNKNOWN,
    NO_ORDER,
    NOT_IN_LEDGER,
    NOTHING_TO_TIE,
    TIED,
    Kept,
    TiedLine,
    kept,
    sums_of,
    tie,
)
from tests.payments.made import AT, unpaid_order

KINDS = (CHARGE, REFUND, REFUND_FAILED, DISPUTE, FEE, OTHER)
PAYOUT = Payout("stripe", "po_1", "paid", 22_497, "MXN", AT, "2026-11-23")


def captured(amount: int = 23_200, currency: str = "MXN") -> Entry:
    return Entry("stripe:capture:ch_1", "capture", "stripe", "stripe", amount, currency, "ok", AT, "ch_1")


def line(kind: str = CHARGE, amount: int = 23_200, fee: int | None = 703, **more: object) -> PayoutLine:
    made = PayoutLine(
        "txn_1", kind, amount, fee, amount - (fee or 0), "MXN", AT, "ch_1", "pi_1", "order-1", abs(amount),
        "MXN",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def order(*entries: Entry):
    return replace(unpaid_order(), ledger=entries)


def test_a_charge_that_the_ledger_knows_is_tied() -> None:
    tied = tie(line(), "stripe", order(captured()))
    assert (tied.tie, tied.number, tied.entry_id) == (TIED, "P-000001", "stripe:capture:ch_1")
    whole = kept(PAYOUT, [tied], AT)
    assert (whole.missing, whole.sums.differences, whole.whole) == (0, 0, True)


@pytest.mark.parametrize(
    ("given_line", "entries", "found"),
    [
        (line(), (), NOT_IN_LEDGER),
        (line(), (captured(23_100),), AMOUNT),
        (line(), (captured(currency="USD"),), AMOUNT),
        (line(fee=None), (captured(),), FEE_UNKNOWN),
        (line(source="ch_2"), (captured(),), NOT_IN_LEDGER),
        (line(REFUND, -100, 0), (captured(),), NOT_IN_LEDGER),
        (line(FEE, -100, 0), (), NOTHING_TO_TIE),
    ],
)
def test_what_does_not_fit_has_a_name(given_line: PayoutLine, entries: tuple[Entry, ...], found: str) -> None:
    assert tie(given_line, "stripe", order(*entries)).tie == found


def test_money_of_no_order_is_a_difference() -> None:
    assert tie(line(), "stripe", None).tie == NO_ORDER
    assert tie(line(), "stripe", None).differs


def test_another_providers_charge_of_the_same_name_is_not_ours() -> None:
    assert tie(line(), "paypal", order(captured())).tie == NOT_IN_LEDGER


def test_exchanged_money_is_held_against_what_was_charged() -> None:
    """Settled in another currency: the source's own amount is what the ledger has."""
    abroad = line(amount=1_150, fee=35, currency="USD", own_amount=23_200, own_currency="MXN")
    assert tie(abroad, "stripe", order(captured())).tie == TIED


lines = st.builds(
    lambda kind, amount, fee: TiedLine(line(kind, amount, fee), TIED),
    st.sampled_from(KINDS),
    st.integers(-(10**9), 10**9),
    st.none() | st.integers(0, 10**6),
)


@given(st.lists(lines, max_size=30))
def test_the_parts_of_a_payout_are_its_lines_and_nothing_else(found: list[TiedLine]) -> None:
    sums = sums_of(found)
    assert sums.charges + sums.refunds + sums.disputes + sums.other - sums.fees == sums.net
    assert sums.net == sum(one.line.net for one in found)
    whole = kept(replace(PAYOUT, amount=sums.net), found, AT)
    assert whole.missing == 0
    assert kept(replace(PAYOUT, amount=sums.net + 7), found, AT).missing == 7


@given(st.lists(lines, max_size=5), st.sampled_from(["yes", "not_yet", "never"]))
def test_what_is_kept_comes_back_as_it_was(found: list[TiedLine], listed: str) -> None:
    whole = kept(replace(PAYOUT, listed=listed), found, AT)
    assert Kept.from_dict(whole.to_dict()) == whole
    assert [TiedLine.from_dict(one.to_dict()) for one in found] == found
