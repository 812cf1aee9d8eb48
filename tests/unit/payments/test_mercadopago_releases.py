"""The released money report of Mercado Pago: columns as the merchant has them, and payouts that add up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.payments.mercadopago_releases import Report, Row, Unreadable, paid_out, refs, report_of

HEAD = (
    "DATE,SOURCE_ID,EXTERNAL_REFERENCE,RECORD_TYPE,DESCRIPTION,NET_CREDIT_AMOUNT,NET_DEBIT_AMOUNT,GROSS_AMOUNT,"
    "MP_FEE_AMOUNT,FINANCING_FEE_AMOUNT,SHIPPING_FEE_AMOUNT,TAXES_AMOUNT,COUPON_AMOUNT,INSTALLMENTS,PAYMENT_METHOD"
)
ROWS = """\
2026-11-16T00:00:00.000-06:00,,,initial_available_balance,,813.19,0.00,813.19,0.00,0.00,0.00,0.00,0.00,1,
2026-11-17T15:07:53.000-06:00,9001,,release,withdrawal,0.00,813.00,-810.00,-3.00,0.00,0.00,0.00,0.00,1,
2026-11-17T15:11:12.000-06:00,501,order-1_pay-1,release,payment,225.96,0.00,269.00,-38.04,0.00,0.00,-5.00,0.00,1,visa
2026-11-18T15:18:16.000-06:00,501,order-1_pay-1,release,refund,0.00,69.00,-69.00,0.00,0.00,0.00,0.00,0.00,1,visa
2026-11-18T15:20:00.000-06:00,502,,release,reserve_for_payment,0.00,20.00,-20.00,0.00,0.00,0.00,0.00,0.00,1,
2026-11-18T15:20:00.000-06:00,502,,release,reserve_for_payment,20.00,0.00,20.00,0.00,0.00,0.00,0.00,0.00,1,
2026-11-19T09:00:00.000-06:00,9002,,release,payout,0.00,150.00,-150.00,0.00,0.00,0.00,0.00,0.00,1,
2026-11-19T23:59:59.000-06:00,,,total,,246.00,1052.00,0.00,0.00,0.00,0.00,0.00,0.00,1,
"""


@pytest.mark.capability("F25")
def test_a_report_is_cut_at_its_payouts() -> None:
    first, second = paid_out(report_of(f"\ufeff{HEAD}\r\n{ROWS}", "MXN"))
    assert (first.own.source, first.own.gross, first.own.fee) == ("9001", -81_000, 300)
    assert (first.before, list(first.rows), first.left) == (81_319, [], 19)
    assert (second.own.gross, second.before, second.left) == (-15_000, 19, 715)
    assert [(row.what, row.gross, row.fee, row.net) for row in second.rows] == [
        ("payment", 26_900, 4_304, 22_596),
        ("refund", -6_900, 0, -6_900),
        ("reserve_for_payment", -2_000, 0, -2_000),
        ("reserve_for_payment", 2_000, 0, 2_000),
    ]
    names = [name for name, _ in refs(second.rows)]
    assert names[0] == "501.payment.20261117T211112"
    assert len({*names}) == 4


def test_what_goes_out_may_be_written_without_a_sign_and_apart_by_semicolons() -> None:
    text = f"{HEAD}\n{ROWS.replace('-69.00', '69.00')}".replace(",", ";")
    assert [one.rows for one in paid_out(report_of(text, "MXN"))] == [
        one.rows for one in paid_out(report_of(f"{HEAD}\n{ROWS}", "MXN"))
    ]


def test_a_report_may_tell_its_currency() -> None:
    head = HEAD.replace("PAYMENT_METHOD", "CURRENCY")
    (first, _) = paid_out(report_of(f"{head}\n{ROWS}".replace(",1,\n", ",1,BRL\n"), "MXN"))
    assert first.own.currency == "BRL"


@pytest.mark.parametrize(
    ("head", "rows", "why"),
    [
        ("Fecha,Monto", "", "DATE, SOURCE_ID"),
        (HEAD.replace("GROSS_AMOUNT", "SHIPMENT_ID"), ROWS, "GROSS_AMOUNT"),
        (HEAD, ROWS.replace("2026-11-17T15:11:12.000-06:00", "17/11/2026"), "no date"),
        (HEAD, ROWS.replace("225.96", "some"), "no amount"),
        (HEAD, ROWS.replace("225.96", "225.965"), "no amount"),
    ],
)
def test_what_cannot_be_read_is_not_read_in_part(head: str, rows: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        report_of(f"{head}\n{rows}", "MXN")


WHATS = st.sampled_from(
    ["payment", "refund", "chargeback", "payout", "fee_release_in_advance", "reserve_for_x"]
)


@pytest.mark.capability("F25")
@given(st.integers(0, 10**6), st.lists(st.tuples(WHATS, st.integers(-(10**5), 10**5), st.integers(0, 500))))
def test_whatever_moved_payouts_add_up(opening: int, moves: list[tuple[str, int, int]]) -> None:
    """Before + what moved - what the payout itself cost - what stays is what went to the bank."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    rows = tuple(
        Row(start + timedelta(minutes=n), "2026-11-01", str(n), "", what, gross, gross - fee, "MXN")
        for n, (what, gross, fee) in enumerate(moves)
    )
    found = list(paid_out(Report(opening, rows)))
    for one in found:
        assert one.before + sum(row.net for row in one.rows) - one.own.fee - one.left == -one.own.gross
    assert [one.before for one in found[1:]] == [one.left for one in found[:-1]]
    told = [row for one in found for row in (*one.rows, one.own)]
    assert told == list(rows[: len(told)])
