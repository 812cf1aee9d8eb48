"""CAMT.053, the bank's statement in XML (ISO 20022), in its versions 02 to 08 and what keeps to them.

Element names are those of the message definition at https://www.iso20022.org.
"""

from xml.etree.ElementTree import Element

from comanda.statements.camt_details import SIDES, Booked, booked
from comanda.statements.damaged import damaged
from comanda.statements.model import MOST_ENTRIES, Account, LeftOut, ReadStatement, StatementEntry, identified
from comanda.statements.numbers import minor_units
from comanda.statements.safe_xml import read_xml, text

OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def read_camt(data: bytes) -> ReadStatement:
    """Every statement in the message. Raises Invalid for a file that is no CAMT.053, is damaged, or whose
    sums are not those of its entries."""
    root = read_xml(data)
    message = root if root.tag == "BkToCstmrStmt" else root.find("BkToCstmrStmt")
    if message is None:
        raise damaged("this XML is no statement of an account (CAMT.053)")
    statements = message.findall("Stmt")
    if not statements:
        raise damaged("the message holds no statement")
    accounts: list[Account] = []
    entries: list[StatementEntry] = []
    left: list[LeftOut] = []
    for statement in statements:
        account, found, said = _statement(statement)
        accounts.append(account)
        entries += found
        left += said
    if len(entries) > MOST_ENTRIES:
        raise damaged(f"a file takes at most {MOST_ENTRIES} movements: split it by days")
    return ReadStatement("camt053", tuple(accounts), identified(entries), tuple(left))


def _statement(statement: Element) -> tuple[Account, list[StatementEntry], list[LeftOut]]:
    name = text(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id").replace(" ", "")
    given = statement.findall("Ntry")
    told: list[Booked] = []
    for number, entry in enumerate(given, start=1):
        if text(entry, "Sts/Cd", "Sts") in ("", "BOOK"):
            told.append(booked(entry, name, number))
    currency = text(statement, "Acct/Ccy") or next((one.currency for one in told), "")
    opening, closing = (_balance(statement, codes) for codes in (OPENING, CLOSING))
    _sums_fit(opening, closing, told, currency, statement)
    _summary_fits(statement, given)
    first = text(statement, "FrToDt/FrDtTm", "FrToDt/FrDt")[:10]
    last = text(statement, "FrToDt/ToDtTm", "FrToDt/ToDt")[:10]
    account = Account(name, currency, first, last, _of(opening), _of(closing))
    return account, [entry for one in told for entry in one.entries], _left_out(len(given) - len(told), told)


def _left_out(waiting: int, told: list[Booked]) -> list[LeftOut]:
    counts = {"not_booked": waiting, "not_itemised": sum(one.whole for one in told)}
    return [LeftOut(why, count) for why, count in counts.items() if count]


def _of(balance: tuple[int, str] | None) -> int | None:
    return balance[0] if balance else None


def _balance(statement: Element, codes: tuple[str, ...]) -> tuple[int, str] | None:
    """The first balance of these kinds, with its sign and currency; None when there is none."""
    for code in codes:
        for one in statement.findall("Bal"):
            amount = one.find("Amt")
            if text(one, "Tp/CdOrPrtry/Cd") != code or amount is None:
                continue
            currency = amount.get("Ccy", "").upper()
            side = SIDES.get(text(one, "CdtDbtInd"), 1)
            return side * minor_units(amount.text or "", currency), currency
    return None


def _sums_fit(
    opening: tuple[int, str] | None,
    closing: tuple[int, str] | None,
    told: list[Booked],
    currency: str,
    statement: Element,
) -> None:
    """Whoever has both balances can tell whether an entry is missing; a page of several cannot."""
    paged = text(statement, "StmtPgntn/LastPgInd") == "false" or text(statement, "StmtPgntn/PgNb") not in (
        "",
        "1",
    )
    if opening is None or closing is None or paged:
        return
    if {opening[1], closing[1], *(one.currency for one in told)} > {currency}:
        return  # movements in other currencies do not add up to anything
    moved = sum(one.signed for one in told)
    if opening[0] + moved != closing[0]:
        raise damaged(
            "the movements do not lead from the first balance to the last: the file is not complete"
        )


def _summary_fits(statement: Element, given: list[Element]) -> None:
    """The bank's own counts and sums, where the file has them."""
    counted = text(statement, "TxsSummry/TtlNtries/NbOfNtries")
    if counted and counted.isdecimal() and int(counted) != len(given):
        raise damaged(f"the file should hold {counted} entries and holds {len(given)}")
    for side, name in (("CRDT", "TtlCdtNtries"), ("DBIT", "TtlDbtNtries")):
        told = text(statement, f"TxsSummry/{name}/Sum")
        amounts = [one.find("Amt") for one in given if text(one, "CdtDbtInd") == side]
        currencies = {amount.get("Ccy", "") for amount in amounts if amount is not None}
        if not told or len(currencies) > 1:
            continue
        currency = next(iter(currencies), "EUR")
        found = (minor_units(amount.text or "", currency) for amount in amounts if amount is not None)
        if sum(found) != minor_units(told, currency):
            raise damaged("the bank's sums are not those of the entries: the file is not complete")
