"""Mercado Pago's released money report: a CSV of what moved the available balance, as rows. Pure.

https://www.mercadopago.com.mx/developers/en/docs/checkout-pro/additional-content/reports/released-money:
the merchant chooses columns, separator and time zone; columns are found by their untranslated names, the
words of the descriptions differ by country, and older reports say withdrawal for payout.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from comanda.payments.mercadopago_record import minor

DATE, SOURCE, REFERENCE, RECORD, WHAT = (
    "DATE", "SOURCE_ID", "EXTERNAL_REFERENCE", "RECORD_TYPE", "DESCRIPTION",
)  # fmt: skip
CREDIT, DEBIT, GROSS = "NET_CREDIT_AMOUNT", "NET_DEBIT_AMOUNT", "GROSS_AMOUNT"
NEEDED = (DATE, SOURCE, REFERENCE, RECORD, WHAT, CREDIT, DEBIT, GROSS)
CURRENCIES = ("CURRENCY", "SETTLEMENT_CURRENCY")
MOVED = ("release", "block", "unblock")  # records that change the balance; others are sums and remarks
OPENING = "initial_available_balance"
PAYOUTS = ("payout", "withdrawal")


class Unreadable(Exception):
    """A report without a column that is needed, or with a cell that is no date or amount."""


@dataclass(frozen=True, slots=True)
class Row:
    """A movement of the available balance: `net` is what it changed, `gross` what it is of, both signed."""

    at: datetime
    day: str
    source: str
    reference: str
    what: str
    gross: int
    net: int
    currency: str

    @property
    def fee(self) -> int:
        """All that was kept: fee, financing, shipping, taxes withheld. Below nothing where it came back."""
        return self.gross - self.net

    @property
    def pays_out(self) -> bool:
        return self.what in PAYOUTS and self.net < 0


@dataclass(frozen=True, slots=True)
class Report:
    """`opening` is what was available before the first row."""

    opening: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Paid:
    """A payout with what moved the balance since the one before; `before` was available then, `left` stays.
    `returned`: its bank sent it back later."""

    own: Row
    rows: Sequence[Row]
    before: int
    left: int
    returned: bool


def report_of(text: str, currency: str) -> Report:
    """A report as it is downloaded; `currency` is the account's, where none is told. Raises Unreadable."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    separator = max((";", ",", "\t"), key=head.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    names = [name.strip().upper() for name in reader.fieldnames or ()]
    if lacking := [name for name in NEEDED if name not in names]:
        raise Unreadable(f"without the columns {', '.join(lacking)}")
    reader.fieldnames = names
    opening, rows = 0, list[Row]()
    for cells in reader:
        found = {name: (cell or "").strip() for name, cell in cells.items() if isinstance(name, str)}
        told = next((found[name] for name in CURRENCIES if found.get(name)), currency)
        if found[RECORD] == OPENING:
            opening = _net(found, told)
        elif found[RECORD] in MOVED:
            rows.append(_row(found, told))
    rows.sort(key=lambda row: row.at)
    return Report(opening, tuple(rows))


def paid_out(report: Report) -> Iterator[Paid]:
    """The payouts of a report, oldest first. What is in each adds up by itself: the report tells what was
    there before its first row."""
    back = {row.source for row in report.rows if row.what in PAYOUTS and row.net > 0 and row.source}
    some, before, balance = list[Row](), report.opening, report.opening
    for row in report.rows:
        balance += row.net
        if not row.pays_out:
            some.append(row)
            continue
        yield Paid(row, tuple(some), before, balance, row.source in back)
        some, before = [], balance


def refs(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Each row under a name of its own that is the same in every report."""
    seen: dict[str, int] = {}
    for row in rows:
        name = f"{row.source or 'none'}.{row.what}.{row.at.astimezone(UTC):%Y%m%dT%H%M%S}"
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}.{seen[name]}", row


def _row(found: Mapping[str, str], currency: str) -> Row:
    net, gross = _net(found, currency), _amount(found[GROSS], currency)
    if net:  # some countries write what goes out without a sign
        gross = abs(gross) if net > 0 else -abs(gross)
    try:
        at = datetime.fromisoformat(found[DATE])
        if at.tzinfo is None:
            raise ValueError("no offset")
    except ValueError as error:
        raise Unreadable(f"{found[DATE]} is no date") from error
    what = found[WHAT].lower()
    return Row(at, found[DATE][:10], found[SOURCE], found[REFERENCE], what, gross or net, net, currency)


def _net(found: Mapping[str, str], currency: str) -> int:
    return _amount(found[CREDIT], currency) - _amount(found[DEBIT], currency)


def _amount(text: str, currency: str) -> int:
    try:
        return minor(Decimal(text or "0"), currency)
    except (InvalidOperation, ValueError) as error:
        raise Unreadable(f"{text} is no amount of {currency}") from error
