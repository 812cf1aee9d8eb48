"""A bank's list of movements as CSV."""

from datetime import date

import pytest

from comanda.errors import Invalid, TooLarge
from comanda.statements.model import LeftOut, ReadStatement
from comanda.statements.read import MOST_BYTES, read_statement
from tests.statement_samples import CSV_ENGLISH, CSV_SPANISH

TODAY = date(2026, 11, 22)


def read(text: str, encoding: str = "utf-8") -> ReadStatement:
    return read_statement(text.encode(encoding), "MXN", TODAY)


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        read(text)
    return caught.value.detail


@pytest.mark.capability("G15")
def test_a_spanish_banks_file_with_lines_above_and_below() -> None:
    found = read(CSV_SPANISH)
    assert [(e.kind, e.amount, e.currency, e.booked_on, e.value_on, e.text) for e in found.entries] == [
        ("credit", 123_200, "MXN", "2026-11-20", "2026-11-21", "TRANSFERENCIA DE ANA MUÑOZ P-000001"),
        ("debit", 4_599, "MXN", "2026-11-20", "2026-11-20", "RECIBO LUZ; NOVIEMBRE"),
    ]
    assert [(a.name, a.first_day, a.last_day) for a in found.accounts] == [
        ("ES9121000418450200051332", "2026-11-20", "2026-11-20")
    ]
    assert found.left_out == (LeftOut("no_movement", 1),)


def test_an_english_file_with_a_column_for_each_side() -> None:
    found = read(CSV_ENGLISH)
    assert [(e.kind, e.amount, e.booked_on, e.payer, e.references) for e in found.entries] == [
        ("credit", 125_000, "2026-11-20", "Luis Vega", ("p 2",)),
        ("debit", 1_250, "2026-11-21", "", ()),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert read(CSV_SPANISH, encoding).entries == read(CSV_SPANISH).entries


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    text = "Fecha;Concepto;Monto\n2026-11-20;hola P-000001;232.00\n".replace(";", delimiter)
    assert [(e.amount, e.text) for e in read(text).entries] == [(23_200, "hola P-000001")]


@pytest.mark.parametrize(
    ("cell", "kind", "amount"),
    [
        ("232,00", "credit", 23_200),
        ("+232,00 €", "credit", 23_200),
        ("-1.234,56", "debit", 123_456),
        ("1.234,56-", "debit", 123_456),
        ("(12,50)", "debit", 1_250),
        ("\u22127,5", "debit", 750),
        ("1 234,56", "credit", 123_456),
        ("12", "credit", 1_200),
    ],
)
def test_amounts(cell: str, kind: str, amount: int) -> None:
    (entry, _) = read(f"fecha;concepto;importe\n20/11/2026;x;{cell}\n20/11/2026;y;0,01\n").entries
    assert (entry.kind, entry.amount) == (kind, amount)


@pytest.mark.parametrize(
    "cell",
    ["20/11/2026", "20-11-26", "20.11.2026", "2026-11-20", "20-nov-2026", "20 nov. 26", "20/11/2026 10:30"],
)
def test_days(cell: str) -> None:
    (entry,) = read(f"date;description;amount\n{cell};x;1.50\n").entries
    assert entry.booked_on == "2026-11-20"


def test_a_column_says_the_side() -> None:
    text = "fecha;concepto;importe;debe/haber\n20/11/2026;a;5,00;H\n20/11/2026;b;6,00;D\n"
    assert [(e.kind, e.amount) for e in read(text).entries] == [("credit", 500), ("debit", 600)]


def test_what_was_given_back_is_known_by_its_words() -> None:
    text = "fecha;concepto;importe\n20/11/2026;Devolución transferencia P-000001;-5,00\n"
    assert [e.kind for e in read(text).entries] == ["returned"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not empty"),
        ("  \n", "not empty"),
        ("hola\n", "no header with a date and an amount"),
        ("fecha;concepto\n20/11/2026;x\n", "no header with a date and an amount"),
        ("fecha;importe\n31/02/2026;5,00\n", "row 2: '31/02/2026' is no day"),
        ("fecha;importe\nayer;5,00\n", "row 2: 'ayer' is no day"),
        ("fecha;importe\n20/11/2026;cinco\n", "row 2: 'cinco' is no amount"),
        ("fecha;importe\n20/11/2026;5,005\n", "could have decimals or not"),
        ("fecha;importe\n20/11/2026;5,00\n21/11/2026;5.00\n", "a decimal comma and some a decimal point"),
        ("fecha;importe\n20/11/2026;5,00\n11/21/2026;5,00\n", "some with the month"),
        ("fecha;importe;signo\n20/11/2026;5,00;x\n", "row 2: 'x' is neither debit nor credit"),
        ("fecha;importe\n20/11/2026;\0\n", "this is no text file"),
    ],
)
def test_what_cannot_be_read_is_refused_whole(text: str, said: str) -> None:
    assert said in refusal(text)


def test_a_file_of_five_megabytes_and_one_of_too_many_rows() -> None:
    with pytest.raises(TooLarge):
        read_statement(b"x" * (MOST_BYTES + 1), "MXN", TODAY)
    row = "20/11/2026;x;5,00\n"
    assert "at most 5000 movements" in refusal("fecha;concepto;importe\n" + row * 5_001)


def test_movements_that_look_alike_are_counted_within_their_day() -> None:
    head, row = "fecha;concepto;importe\n", "20/11/2026;bizum;5,00\n"
    noon, night = read(head + row), read(head + row * 2 + "21/11/2026;bizum;5,00\n")
    ids = [e.entry_id for e in night.entries]
    assert len(set(ids)) == 3
    assert [e.entry_id for e in noon.entries] == ids[:1]
