"""Norma 43: the statement of Spanish banks."""

from datetime import date

import pytest

from comanda.errors import Invalid
from comanda.statements.model import ReadStatement
from comanda.statements.read import read_statement
from tests.statement_samples import NORMA43

TODAY = date(2026, 11, 22)


def read(text: str, encoding: str = "iso-8859-1") -> ReadStatement:
    return read_statement(text.encode(encoding), "MXN", TODAY)


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        read(text)
    assert [error["pointer"] for error in caught.value.extra["errors"]] == ["/file"]
    return caught.value.detail


@pytest.mark.capability("G15")
def test_each_movement_with_its_words() -> None:
    found = read(NORMA43)
    assert [
        (e.kind, e.amount, e.currency, e.booked_on, e.value_on, e.text, e.references) for e in found.entries
    ] == [
        (
            "credit",
            23_200,
            "EUR",
            "2026-11-17",
            "2026-11-17",
            "TRANSFERENCIA DE ANA MUÑOZ PEDIDO P-000001",
            ("P000001",),
        ),
        (
            "credit",
            10_000,
            "EUR",
            "2026-11-18",
            "2026-11-18",
            "TRANSF INMEDIATA PENDIENTE DE PAGO P-000002 GRACIAS",
            (),
        ),
        ("debit", 4_599, "EUR", "2026-11-18", "2026-11-18", "RECIBO LUZ", ()),
        ("returned", 23_200, "EUR", "2026-11-19", "2026-11-19", "DEVOLUCION TRANSFERENCIA P-000001", ()),
        ("credit", 50_000, "EUR", "2026-11-20", "2026-11-20", "", ()),
    ]


def test_the_account_is_its_iban_with_days_and_balances() -> None:
    (account,) = read(NORMA43).accounts
    assert (account.name, account.currency) == ("ES9121000418450200051332", "EUR")
    assert (account.first_day, account.last_day) == ("2026-11-16", "2026-11-20")
    assert (account.opening, account.closing) == (150_000, 205_401)


def test_lines_without_their_blanks_windows_ends_and_utf8_are_the_same() -> None:
    plain = read(NORMA43).entries
    assert read(NORMA43.replace("\n", "\r\n"), "utf-8").entries == plain
    assert read("\n".join(line.ljust(80) for line in NORMA43.splitlines()) + "\n\x1a").entries == plain


def test_two_accounts_in_one_file() -> None:
    lines = NORMA43.splitlines()
    second = "112100041802000513332611162611202000000001500008403"
    sums = "332100041802000513330000000000000000000" + "0000000000000000000" + "200000000150000840"
    both = [*lines[:-1], second, sums, "88" + "9" * 18 + "000014"]
    accounts = read("\n".join(both)).accounts
    assert [(a.currency, a.opening, a.closing) for a in accounts] == [
        ("EUR", 150_000, 205_401),
        ("USD", 150_000, 150_000),
    ]


def test_days_that_a_bank_writes_day_first() -> None:
    turned = NORMA43.replace("261116261120", "161126201126")
    for day in ("17", "18", "19", "20"):
        turned = turned.replace(f"0418{'2611' + day}{'2611' + day}", f"0418{day}1126{day}1126")
    assert [e.booked_on for e in read(turned).entries] == [e.booked_on for e in read(NORMA43).entries]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("00000000083200", "00000000083201", "the bank's sums (line 33)"),
        ("00000000205401", "00000000205402", "do not lead from the first balance"),
        ("000012\n", "000013\n", "should hold 13 lines and holds 12"),
        ("88999999999999999999000012\n", "", "the file breaks off"),
        ("2301RECIBO LUZ\n", "", "should hold 12 lines and holds 11"),
        ("0000000004599", "00000000O4599", "line 6: '000000000O4599' is no number"),
        ("02000000001500009783", "02000000001500009993", "the currency '999' is not known"),
        ("261117261117", "269917261117", "the days of the file cannot be read"),
        ("2301RECIBO LUZ", "2501RECIBO LUZ", "line 7: a line 25 has no place here"),
        ("2301RECIBO LUZ", "RECIBO LUZ", "line 7 is none of Norma 43"),
        ("2301RECIBO LUZ", "2301" + "X" * 77, "line 7 is none of Norma 43"),
        ("88999999999999999999000012\n", "88999999999999999999000012\n11\n", "line 14 stands behind"),
        ("040002000000000232", "040003000000000232", "neither debit (1) nor credit (2)"),
    ],
)
def test_a_damaged_file_is_refused_whole(before: str, after: str, said: str) -> None:
    assert before in NORMA43
    assert said in refusal(NORMA43.replace(before, after, 1))


def test_a_file_in_another_encoding_is_none_of_ours() -> None:
    with pytest.raises(Invalid):
        read(NORMA43, "utf-16")
