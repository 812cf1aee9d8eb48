"""A table of the accounts as a CSV file that spreadsheets open."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from comanda.exports.cells import defused
from comanda.money import decimal_text

BOM = "\ufeff"  # so that a spreadsheet reads UTF-8


@dataclass(frozen=True, slots=True)
class Table:
    """`money` names the columns that hold minor units of `currency`, or where `by` names a column of the
    currency that stands there; None is an empty cell."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int | None]]
    money: Sequence[str] = ()
    currency: str = ""
    by: str = ""

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    def content(self) -> bytes:
        """Amounts as decimals with a point, texts that a spreadsheet could run defused."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.columns)
        for row in self.rows:
            cells = list(zip(self.columns, row, strict=True))
            currency = str(dict(cells)[self.by]) if self.by else self.currency
            writer.writerow(self._cell(name, value, currency) for name, value in cells)
        return (BOM + out.getvalue()).encode()

    def _cell(self, name: str, value: str | int | None, currency: str) -> str:
        if value is None:
            return ""
        if isinstance(value, int):
            return decimal_text(value, currency) if name in self.money else str(value)
        return defused(value)
