"""CAMT.053: the statement in XML, in its versions."""

from datetime import date

import pytest

from comanda.errors import Invalid
from comanda.statements.model import LeftOut, ReadStatement
from comanda.statements.read import read_statement
from tests.statement_samples import CAMT_02, CAMT_08

TODAY = date(2026, 11, 22)


def read(text: str, encoding: str = "utf-8") -> ReadStatement:
    return read_statement(text.encode(encoding), "MXN", TODAY)


def refusal(text: str, encoding: str = "utf-8") -> str:
    with pytest.raises(Invalid) as caught:
        read(text, encoding)
    return caught.value.detail


@pytest.mark.capability("G15")
def test_entries_and_the_payments_of_a_batch() -> None:
    found = read(CAMT_02)
    assert [(e.kind, e.amount, e.booked_on, e.payer, e.text, e.references) for e in found.entries] == [
        ("credit", 23_200, "2026-11-20", "Ana Muñoz", "Pedido P-000001 muchas gracias", ()),
        ("credit", 15_000, "2026-11-20", "Luis Vega", "", ("000002",)),
        ("credit", 25_000, "2026-11-20", "", "", ("P-000003",)),
        ("returned", 19_950, "2026-11-20", "", "DEVOLUCION P-000004", ()),
    ]
    first = found.entries[0]
    assert (first.value_on, first.payer_account, first.bank_ref) == (
        "2026-11-21",
        "ES7921000813610123456789",
        "2026112000123",
    )
    assert found.left_out == (LeftOut("not_booked", 1),)


def test_the_account_with_days_and_balances() -> None:
    (account,) = read(CAMT_02).accounts
    assert (account.name, account.currency, account.first_day, account.last_day) == (
        "ES9121000418450200051332",
        "EUR",
        "2026-11-20",
        "2026-11-20",
    )
    assert (account.opening, account.closing) == (10_000, 53_250)


def test_the_newer_shape() -> None:
    found = read(CAMT_08)
    assert [(e.amount, e.currency, e.payer, e.text) for e in found.entries] == [
        (10_000, "MXN", "Eva Luna", "orden 5"),
        (20_000, "MXN", "", ""),
    ]
    assert {e.account for e in found.entries} == {"ES9121000418450200051332"}


@pytest.mark.parametrize("version", [f"{n:02d}" for n in range(2, 9)])
def test_every_version_by_its_own_namespace(version: str) -> None:
    text = CAMT_08.replace("053.001.08", f"053.001.{version}")
    assert [e.amount for e in read(text).entries] == [10_000, 20_000]
    prefixed = (
        text.replace("<", "<c:").replace("<c:/", "</c:").replace("<c:?", "<?").replace("xmlns", "xmlns:c")
    )
    assert read(prefixed).entries == read(text).entries


def test_a_batch_that_is_not_itemised_stays_one_movement() -> None:
    text = CAMT_08.replace('<Amt Ccy="MXN">200.00</Amt>', "")
    found = read(text)
    assert [(e.amount, e.payer) for e in found.entries] == [(30_000, "Eva Luna")]
    assert found.left_out == (LeftOut("not_itemised", 1),)


def test_money_of_ours_that_came_back_is_no_income() -> None:
    text = CAMT_08.replace(
        "<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts>"
    )
    assert {e.kind for e in read(text).entries} == {"reversed"}


def test_other_encodings_that_are_declared() -> None:
    plain = read(CAMT_02)
    for encoding in ("ISO-8859-1", "windows-1252", "UTF-16"):
        assert read(CAMT_02.replace('encoding="UTF-8"', f'encoding="{encoding}"'), encoding) == plain


def test_an_empty_statement_is_a_statement() -> None:
    text = CAMT_08[: CAMT_08.index("<Ntry>")] + "</Stmt></BkToCstmrStmt></Document>"
    found = read(text)
    assert (found.entries, len(found.accounts)) == ((), 1)


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Document><BkToCstmrStmt><Stmt>&b;</Stmt></BkToCstmrStmt></Document>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE x SYSTEM "file:///etc/passwd"><Document/>"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "declares a document type"),
        (OUTSIDE, "declares a document type"),
        (CAMT_02[:1500], "breaks off or is damaged"),
        (CAMT_02.replace("BkToCstmrStmt", "BkToCstmrAcctRpt"), "no statement of an account"),
        ("<Document><BkToCstmrStmt/></Document>", "holds no statement"),
        ("<a>" * 100 + "</a>" * 100, "nested too deeply"),
        (CAMT_02.replace("532.50", "532.51"), "do not lead from the first balance"),
        (CAMT_02.replace("<NbOfNtries>4", "<NbOfNtries>5"), "should hold 5 entries and holds 4"),
        (CAMT_02.replace("682.00", "683.00"), "the bank's sums are not those"),
        (CAMT_02.replace(">232.00<", ">232.001<"), "'232.001' is no amount in EUR"),
        (CAMT_02.replace(">232.00<", ">1e5<"), "'1e5' is no amount"),
        (CAMT_02.replace(">CRDT</CdtDbtInd><Sts>BOOK", ">?</CdtDbtInd><Sts>BOOK", 1), "whether it is credit"),
        (CAMT_02.replace("<BookgDt><Dt>2026-11-20", "<BookgDt><Dt>2026-13-20", 1), "'2026-13-20' is no day"),
        (CAMT_08.replace("<BookgDt><Dt>2026-11-20</Dt></BookgDt>", ""), "there is no booking day"),
        (CAMT_08.replace('<Amt Ccy="MXN">300.00</Amt>', ""), "there is no amount"),
    ],
)
def test_what_is_no_whole_statement_is_refused(text: str, said: str) -> None:
    assert said in refusal(text)


def test_a_file_that_is_not_in_the_encoding_it_declares() -> None:
    assert "damaged" in refusal(CAMT_02, "iso-8859-1")


def test_the_banks_reference_is_the_identity_not_its_words() -> None:
    reworded = CAMT_02.replace("muchas gracias", "THANKS")
    before, after = read(CAMT_02).entries, read(reworded).entries
    assert [e.entry_id for e in before] == [e.entry_id for e in after]
    assert len({e.entry_id for e in before}) == 4
