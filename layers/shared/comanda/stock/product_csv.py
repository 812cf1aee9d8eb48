"""Reads a product file: every cell of every row is judged, nothing is stored.

Columns come by name in any order: sku, barcode, name_es, name_en, price, tax, weight, stock, image, and
for bundles components, backorder or preorder for what is sold beyond its stock, on_sale for what is or is
no longer offered.
A column that is missing leaves what is stored as it is; `csv_cells` says how each cell is read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from comanda.money import exponent
from comanda.stock import csv_cells
from comanda.stock.csv_numbers import Misread
from comanda.stock.csv_text import (
    Remark,
    Row,
    Unreadable,
    clean,
    column_name,
    decoded,
    delimiter_of,
    remark,
    rows,
)
from comanda.stock.model import Part

COLUMNS = (
    "sku",
    "barcode",
    "name_es",
    "name_en",
    "price",
    "tax",
    "weight",
    "stock",
    "image",
    "components",
    "backorder",
    "preorder",
    "on_sale",
)
MOST_ROWS = 20_000

type Value = str | int | tuple[Part, ...] | None


@dataclass(frozen=True, slots=True)
class ProductLine:
    """One readable row. `given` holds the cells of the columns that the file has."""

    row: int
    sku: str
    given: dict[str, Value]


@dataclass(slots=True)
class ProductFile:
    columns: tuple[str, ...] = ()
    lines: list[ProductLine] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    rows: int = 0


def read_products(data: bytes, currency: str) -> ProductFile:
    """Read a whole file. Prices become minor units of `currency`."""
    reader = _Reader(exponent(currency))
    try:
        reader.read(data)
    except Unreadable as error:
        reader.file.problems.append(error.found)
    return reader.file


class _Reader:
    def __init__(self, digits: int) -> None:
        self.file = ProductFile()
        self._first: dict[tuple[str, str], int] = {}  # where a value stood first
        self._readings: dict[str, Callable[[str], Value]] = {
            "sku": csv_cells.sku,
            "barcode": csv_cells.barcode,
            "name_es": csv_cells.name,
            "name_en": csv_cells.name,
            "price": lambda text: csv_cells.price(text, digits),
            "tax": csv_cells.tax,
            "weight": csv_cells.weight,
            "stock": csv_cells.stock,
            "image": csv_cells.image,
            "components": csv_cells.components,
            "backorder": csv_cells.promise,
            "preorder": csv_cells.promise,
            "on_sale": csv_cells.on_sale,
        }

    def read(self, data: bytes) -> None:
        text, self.file.warnings = decoded(data)
        records = rows(text, delimiter_of(text, COLUMNS))
        columns = self._header(*next(records, (1, [])))
        if self.file.problems:
            return
        for number, cells in records:
            self.file.rows += 1
            if self.file.rows > MOST_ROWS:
                raise Unreadable(remark(number, "", "", f"is too many: a file takes {MOST_ROWS} products"))
            self._row((number, cells), columns)
        if not self.file.rows:
            self._problem(2, "", "", "there is no product below the header")

    def _header(self, row: int, cells: list[str]) -> list[str]:
        columns = [column_name(cell) for cell in cells]
        known = [column for column in columns if column in COLUMNS]
        for cell, column in zip(cells, columns, strict=True):
            if column and column not in COLUMNS:
                self._warning(row, cell.strip(), "", "this column is not known and was not read")
        for column in sorted({column for column in known if known.count(column) > 1}):
            self._problem(row, column, "", "this column is there twice")
        if "sku" not in known:
            self._problem(row, "sku", "", f"the header has no column sku; columns are {', '.join(COLUMNS)}")
        self.file.columns = tuple(known)
        return columns

    def _row(self, row: Row, columns: list[str]) -> None:
        number, cells = row
        if len(cells) != len(columns):
            counts = f"has {len(cells)} cells where the header has {len(columns)}"
            self._problem(number, "", "", f"{counts}; look for a missing or a stray delimiter")
            return
        before = len(self.file.problems)
        found = self._cells(number, {c: clean(cell) for c, cell in zip(columns, cells, strict=True)})
        self._compare(number, str(found.get("sku") or ""), str(found.get("barcode") or ""))
        if len(self.file.problems) == before:
            sku = str(found.pop("sku"))
            self.file.lines.append(ProductLine(number, sku, found))

    def _cells(self, row: int, texts: dict[str, str]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for column, text in texts.items():
            if column in self._readings:
                try:
                    found[column] = self._readings[column](text)
                except Misread as error:
                    self._problem(row, column, text, str(error))
        return found

    def _compare(self, row: int, sku: str, barcode: str) -> None:
        """What a cell alone does not show: the same SKU or barcode twice, a doubtful barcode."""
        for column, value in (("sku", sku), ("barcode", barcode)):
            earlier = self._earlier(column, value, row)
            if earlier:
                self._problem(row, column, value, f"is on row {earlier} already")
            elif column == "sku" and (alike := self._earlier("folded", value.casefold(), row)):
                self._warning(row, column, value, f"differs from row {alike} in capitals only: two products")
        doubt = csv_cells.barcode_doubt(barcode)
        if doubt:
            self._warning(row, "barcode", barcode, doubt)

    def _earlier(self, family: str, value: str, row: int) -> int:
        """The row above that has this value, or 0."""
        first = self._first.setdefault((family, value), row) if value else row
        return 0 if first == row else first

    def _problem(self, row: int, column: str, value: str, problem: str) -> None:
        self.file.problems.append(remark(row, column, value, problem))

    def _warning(self, row: int, column: str, value: str, problem: str) -> None:
        self.file.warnings.append(remark(row, column, value, problem))
