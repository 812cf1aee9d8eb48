"""A bank's list of movements as CSV, whichever bank's: columns are known by their header."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comanda.statements.csv_cells import Misread, Ways, amount, day, ways_of
from comanda.statements.csv_columns import HEADER_WITHIN, columns_of, known_cells
from comanda.statements.damaged import damaged
from comanda.statements.model import (
    MOST_ENTRIES,
    Account,
    LeftOut,
    ReadStatement,
    StatementEntry,
    identified,
    kind_of,
    one_line,
)
from comanda.stock.csv_text import Unreadable, clean, decoded

DELIMITERS = (";", ",", "\t", "|")
OUT = ("d", "debe", "cargo", "debit", "dr", "dbit", "-", "1")
IN = ("h", "haber", "abono", "credit", "cr", "crdt", "c", "+", "2")
BACK = re.compile(
    r"\b(devoluci[oó]n|devuelt[oa]|impagad[oa]|retrocesi[oó]n|anulaci[oó]n|returned|bounced|reversal|reversed)\b",
    re.IGNORECASE,
)
ACCOUNT = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?|\d{18})\b")

type Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows below the header with their numbers, and what stood above it."""

    columns: Mapping[str, tuple[int, ...]]
    rows: Sequence[tuple[int, Cells]]
    above: str

    def cell(self, cells: Cells, column: str) -> str:
        """The first filled cell of a column."""
        return next(iter(self.cells(cells, column)), "")

    def cells(self, cells: Cells, column: str) -> list[str]:
        places = (place for place in self.columns.get(column, ()) if place < len(cells))
        return [found for place in places if (found := clean(cells[place]))]


def read_csv(data: bytes, currency: str) -> ReadStatement:
    """Rows with a day and an amount, which are in `currency` where the file does not say. Raises Invalid
    for a file without such columns, and for a row that cannot be read."""
    try:
        text, _ = decoded(data)
    except Unreadable as error:
        why = error.found.problem
        raise damaged(f"the file cannot be read: {why}") from error
    table = _table(text)
    amounts = [cell for _, row in table.rows for name in _SUMS for cell in table.cells(row, name)]
    days = [cell for _, row in table.rows for name in ("day", "value") for cell in table.cells(row, name)]
    try:
        reading = _Reading(table, ways_of(amounts, days), currency, _account(table.above))
    except Misread as error:
        why = str(error)
        raise damaged(f"the file cannot be read: {why}") from error
    entries = [entry for number, row in table.rows if (entry := reading.entry(number, row))]
    if len(entries) > MOST_ENTRIES:
        raise damaged(f"a file takes at most {MOST_ENTRIES} movements: split it by days")
    left = len(table.rows) - len(entries)
    told = (LeftOut("no_movement", left),) if left else ()
    return ReadStatement("csv", _accounts(entries, reading.account, currency), identified(entries), told)


_SUMS = ("amount", "debit", "credit")


def _table(text: str) -> _Table:
    """Cut by the delimiter that makes most columns of the header."""
    head = text.split("\n", HEADER_WITHIN)[:HEADER_WITHIN]
    delimiter = max(
        DELIMITERS, key=lambda mark: max((known_cells(line.split(mark)) for line in head), default=0)
    )
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1))
    except csv.Error as error:
        why = str(error)
        raise damaged(f"the file cannot be read: {why}") from error
    for place, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        columns = columns_of(cells)
        if columns:
            below = [(number, row) for number, row in rows[place + 1 :] if any(cell.strip() for cell in row)]
            return _Table(columns, below, "\n".join(" ".join(row) for _, row in rows[:place]))
    raise damaged("no header with a date and an amount was found: the first row names the columns")


def _account(above: str) -> str:
    found = ACCOUNT.search(above)
    return found[1].replace(" ", "") if found else ""


def _accounts(entries: Sequence[StatementEntry], account: str, currency: str) -> tuple[Account, ...]:
    """Each account with the days between its first and last movement."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        found.setdefault((entry.account, entry.currency), []).append(entry.booked_on)
    told = [Account(name, kind, min(days), max(days)) for (name, kind), days in found.items()]
    return tuple(told) or (Account(account, currency),)


@dataclass(frozen=True, slots=True)
class _Reading:
    table: _Table
    ways: Ways
    currency: str
    account: str

    def entry(self, number: int, row: Cells) -> StatementEntry | None:
        """The movement of a row; None where there is no day or nothing moves. Raises Invalid."""
        try:
            return self._entry(row)
        except Misread as error:
            why = str(error)
            raise damaged(f"row {number}: {why}") from error

    def _entry(self, row: Cells) -> StatementEntry | None:
        cell = self.table.cell
        currency = cell(row, "currency").upper()[:3] or self.currency
        if not cell(row, "day") or not any(cell(row, name) for name in _SUMS):
            return None
        signed = self._signed(row, currency)
        if not signed:
            return None
        words = one_line(*self.table.cells(row, "text"))
        return StatementEntry(
            account=cell(row, "account").replace(" ", "")[:40] or self.account,
            kind=kind_of(came=signed > 0, back=BACK.search(words) is not None),
            amount=abs(signed),
            currency=currency,
            booked_on=day(cell(row, "day"), self.ways),
            value_on=day(cell(row, "value"), self.ways) if cell(row, "value") else "",
            payer=one_line(cell(row, "payer"))[:140],
            payer_account=cell(row, "payer_account")[:40],
            text=words,
            references=tuple(dict.fromkeys(one[:140] for one in self.table.cells(row, "reference"))),
        )

    def _signed(self, row: Cells, currency: str) -> int:
        """What the row moves the balance by: an amount with its sign or a column for it, or a column each
        for what came and what went."""
        read = {
            name: amount(found, self.ways, currency)
            for name in _SUMS
            if (found := self.table.cell(row, name))
        }
        if "amount" not in read:
            return abs(read.get("credit", 0)) - abs(read.get("debit", 0))
        side = self.table.cell(row, "sign").casefold()
        if side in OUT:
            return -abs(read["amount"])
        if side and side not in IN:
            raise Misread(f"{side[:40]!r} is neither debit nor credit")
        return abs(read["amount"]) if side else read["amount"]
