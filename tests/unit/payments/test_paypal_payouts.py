"""PayPal's Transaction Search as PayPal documents it: spans, what counts, and what is in a withdrawal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.payments.payout import BEFORE, CHARGE, DISPUTE, FEE, LEFT, OTHER, REFUND
from comanda.payments.paypal_payouts import Traced, kind_of, payout_lines, payouts
from comanda.payments.paypal_transactions import TOO_MUCH, movements
from comanda.payments.provider import ProviderRefused

START = datetime(2026, 11, 1, tzinfo=UTC)
TRACED = Traced(lambda capture: f"order-of-{capture}:pay-1", lambda capture: f"PP-D-{capture}")

type Json = dict[str, Any]


def money(units: int) -> Json:
    return {
        "currency_code": "MXN",
        "value": f"{'-' if units < 0 else ''}{abs(units) // 100}.{abs(units) % 100:02d}",
    }


def moved(number: int, code: str, units: int, fee: int = 0, **more: Any) -> Json:
    at = START + timedelta(minutes=number)
    info = {
        "paypal_account_id": "6STWC2LSUYYYE", "transaction_id": f"5TY05013RG{number:07d}",
        "transaction_event_code": code, "transaction_status": "S", "protection_eligibility": "01",
        "transaction_initiation_date": at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "transaction_updated_date": at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "transaction_amount": money(units), **more,
    }  # fmt: skip
    return info | ({"fee_amount": money(-fee)} if fee else {})


def paypal(infos: list[Json], most: int = 10_000, *, balances: bool = True) -> Callable[[str], Json]:
    """The API: at most 31 days, `most` results, balances for who asks for nothing but a span."""
    running, ending = 0, {}
    for one in infos:
        fee = one.get("fee_amount", money(0))["value"]
        running += round((float(one["transaction_amount"]["value"]) + float(fee)) * 100)
        ending[one["transaction_id"]] = money(running)

    def get(path: str) -> Json:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        since, until = (datetime.fromisoformat(asked[name]) for name in ("start_date", "end_date"))
        assert until - since <= timedelta(days=31)
        there = [
            x for x in infos if since <= datetime.fromisoformat(x["transaction_initiation_date"]) <= until
        ]
        if len(there) > most:
            raise ProviderRefused(TOO_MUCH)
        size, page = int(asked.get("page_size", 100)), int(asked.get("page", 1))
        plain = balances and set(asked) == {"start_date", "end_date"}
        some = there[(page - 1) * size : page * size]
        told = [x | ({"ending_balance": ending[x["transaction_id"]]} if plain else {}) for x in some]
        return {
            "transaction_details": [{"transaction_info": x} for x in told],
            "page": page, "total_items": len(there), "total_pages": -(-len(there) // size),
        }  # fmt: skip

    return get


def test_spans_pages_and_too_much_are_no_matter() -> None:
    infos = [moved(number * 300, "T0006", 100 + number) for number in range(450)]  # 94 days
    found = movements(paypal(infos, most=60), START - timedelta(days=1), START + timedelta(days=95))
    assert found == infos
    with pytest.raises(ProviderRefused):
        movements(paypal([moved(1, "T0006", 1)] * 9, most=8), START, START + timedelta(hours=1))


@pytest.mark.parametrize(
    ("code", "units", "kind"),
    [
        ("T0006", 100, CHARGE), ("T0000", -100, OTHER), ("T0106", -100, FEE), ("T1108", 100, FEE),
        ("T1107", -100, REFUND), ("T1201", -100, DISPUTE), ("T1110", -100, DISPUTE), ("T0200", 100, OTHER),
        ("T1101", 100, OTHER), ("T2103", -100, OTHER),
    ],
)  # fmt: skip
def test_codes_say_what_a_movement_counts_as(code: str, units: int, kind: str) -> None:
    assert kind_of(moved(1, code, units)) == kind


@pytest.mark.capability("F25")
def test_what_is_in_a_withdrawal() -> None:
    above = {"paypal_reference_id": "8AB", "paypal_reference_id_type": "TXN"}
    get = paypal([
        moved(1, "T0006", 50_000, 2_000, custom_field="order-9:pay-1"),
        moved(2, "T0400", -40_000),
        moved(3, "T0006", 20_000, 800, custom_field="order-1:pay-1"),
        moved(4, "T1107", -5_000, **above),
        moved(5, "T1201", -2_000, **above),
        moved(6, "T0106", -300, **above),
        moved(7, "T0006", 900, transaction_status="D"),
        moved(8, "T0400", -19_000, 100, bank_reference_id="B-1"),
    ])  # fmt: skip
    _, payout = payouts(get, START, START + timedelta(days=2))
    assert (payout.amount, payout.bank_ref, payout.arrives_on) == (19_000, "B-1", "2026-11-01")
    lines = list(payout_lines(get, payout, TRACED))
    assert [(x.kind, x.amount, x.fee, x.order_id) for x in lines[:-2]] == [
        (BEFORE, 8_000, 0, ""),
        (CHARGE, 20_000, 800, "order-1"),
        (REFUND, -5_000, 0, "order-of-8AB"),
        (DISPUTE, -2_000, 0, "order-of-8AB"),
        (FEE, -300, 0, ""),
    ]
    assert (lines[3].source, lines[3].payment) == ("PP-D-8AB", "8AB")
    assert [(x.kind, x.amount) for x in lines[-2:]] == [(FEE, -100), (LEFT, -1_700)]


def test_without_balances_what_is_missing_is_seen() -> None:
    get = paypal([moved(1, "T0006", 10_000, 400), moved(2, "T0400", -6_000)], balances=False)
    (payout,) = payouts(get, START, START + timedelta(days=2))
    lines = list(payout_lines(get, payout, TRACED))
    assert [(x.kind, x.net) for x in lines] == [(CHARGE, 9_600)]


MOVES = st.tuples(
    st.sampled_from(["T0006", "T1107", "T0400", "T0106", "T1110", "T0200", "T1105"]),
    st.integers(1, 10**6), st.integers(0, 900), st.booleans(),
)  # fmt: skip


@pytest.mark.capability("F25")
@given(st.lists(MOVES, max_size=14))
def test_whatever_moved_withdrawals_add_up(moves: list[tuple[str, int, int, bool]]) -> None:
    signs = {"T0006": 1, "T1105": 1, "T1107": -1, "T0400": -1, "T0106": -1}
    infos = [
        moved(number, code, units * signs.get(code, 1 if plus else -1), fee)
        for number, (code, units, fee, plus) in enumerate(moves, 1)
    ]
    get, seen = paypal(infos), list[str]()
    found = list(payouts(get, START, START + timedelta(days=2)))
    assert len(found) == sum(code == "T0400" for code, *_ in moves)
    for payout in found:
        lines = list(payout_lines(get, payout, TRACED))
        assert sum(line.net for line in lines) == payout.amount
        seen += [line.ref for line in lines if line.kind not in (BEFORE, LEFT)]
    assert len(seen) == len({*seen})  # nothing is in two
