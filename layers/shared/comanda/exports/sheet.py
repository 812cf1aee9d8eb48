"""Orders to CSV bytes, order by order: what is taken out is forgotten, so memory stays flat."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import tzinfo

from comanda.exports.cells import defused
from comanda.exports.profiles import LINE_COLUMNS, ORDER_COLUMNS, Column, Source, header
from comanda.orders.decision import Loaded

BOM = b"\xef\xbb\xbf"
FORMATS = ("machine", "spreadsheet")

type Cells[T] = Callable[[T], list[str]]


class Sheet:
    """Writes one profile in one format.

    `machine`: RFC 4180, CRLF, UTF-8, every value as it is. `spreadsheet`: with a byte order mark,
    and texts that a spreadsheet could run as a formula are defused; numbers stay numbers.
    """

    def __init__(self, profile: str, format: str, delimiter: str, zone: tzinfo) -> None:
        if format not in FORMATS:
            raise ValueError(f"there is no export format {format!r}")
        self.by_line = profile == "lines"
        self.zone = zone
        self.rows = 0
        self._text = io.StringIO(newline="")
        self._csv = csv.writer(self._text, delimiter=delimiter, lineterminator="\r\n")
        self._mark = BOM if format == "spreadsheet" else b""
        self._order_cells = _cells(ORDER_COLUMNS, format)
        self._line_cells = _cells(LINE_COLUMNS, format)
        self._csv.writerow(header(profile))

    def add(self, loaded: Loaded, event: str) -> None:
        """One row, or one for each line."""
        source = Source.of(loaded, event, self.zone)
        cells = self._order_cells(source)
        if not self.by_line:
            self._csv.writerow(cells)
            self.rows += 1
            return
        lines = loaded.order.lines
        self._csv.writerows(cells + self._line_cells((source, line)) for line in lines)
        self.rows += len(lines)

    def take(self) -> bytes:
        """What has been written since the last call."""
        content = self._mark + self._text.getvalue().encode()
        self._mark = b""
        self._text.seek(0)
        self._text.truncate()
        return content


def _cells[T](columns: Sequence[Column[T]], format: str) -> Cells[T]:
    makers = [column.cell for column in columns]
    if format == "machine":
        return lambda source: [make(source) for make in makers]
    guarded = [(column.cell, column.number) for column in columns]
    return lambda source: [make(source) if number else defused(make(source)) for make, number in guarded]
