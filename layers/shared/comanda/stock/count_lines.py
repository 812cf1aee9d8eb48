"""Reads a stock file: one line per product and location, what was counted there and in which bin it lies."""

from collections.abc import Collection
from dataclasses import dataclass

from comanda.errors import Invalid
from comanda.stock.csv_text import Unreadable, clean, column_name, decoded, delimiter_of, rows

COLUMNS = ("sku", "location", "stock", "bin")
FIGURES = ("name", "on_hand", "reserved", "allocated", "available")  # of our own files, to be read; read over
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
MOST_UNITS = 10_000_000
MOST_LINES = 20_000
MOST_BIN = 40


@dataclass(frozen=True, slots=True)
class CountLine:
    """None for what the file says nothing about. `problem`: why the line cannot be taken."""

    row: int
    sku: str
    location: str
    count: int | None = None
    bin: str | None = None
    problem: str = ""


def read_counts(data: bytes, home: str, locations: Collection[str]) -> list[CountLine]:
    """Every line of the file, those that cannot be taken with their problem. A line without a location is
    about `home`. Raises Invalid when it is no such file at all."""
    try:
        text, _ = decoded(data)
        table = list(rows(text, delimiter_of(text, (*COLUMNS, *FIGURES))))
    except Unreadable as broken:
        raise Invalid.at(f"/rows/{broken.found.row}", broken.found.problem) from broken
    header = [column_name(cell) for cell in table[0][1]] if table else []
    odd = [name for name in header if name not in (*COLUMNS, *FIGURES)]
    if "sku" not in header or odd or len(set(header)) < len(header):
        raise Invalid.at("/rows/1", f"the first row names the columns, each once: {', '.join(COLUMNS)}")
    if len(table) > MOST_LINES:
        raise Invalid.at("/rows", f"a stock file takes at most {MOST_LINES} lines")
    seen: set[tuple[str, str]] = set()
    lines = []
    for number, cells in table[1:]:
        given = dict(zip(header, map(clean, cells), strict=False))
        line = _line(number, given, home, locations)
        if not line.problem and (line.sku, line.location) in seen:
            line = CountLine(number, line.sku, line.location, problem="stands in the file twice")
        seen.add((line.sku, line.location))
        lines.append(line)
    return lines


def _line(row: int, given: dict[str, str], home: str, locations: Collection[str]) -> CountLine:
    sku, location = given.get("sku", ""), given.get("location") or home
    stock, bin_ = given.get("stock", ""), unguarded(given.get("bin"))
    count = int(stock) if stock.isascii() and stock.isdigit() and len(stock) <= 8 else None
    problem = ""
    if not sku:
        problem = "sku: is empty"
    elif location not in locations:
        problem = f"location: the settings know no {location!r}"
    elif stock and (count is None or count > MOST_UNITS):
        problem = f"stock: takes a whole number from 0 to {MOST_UNITS}"
    elif bin_ and (len(bin_) > MOST_BIN or not bin_.isprintable()):
        problem = f"bin: takes up to {MOST_BIN} characters"
    elif count is None and bin_ is None:
        problem = "says neither stock nor bin"
    return CountLine(row, sku, location, count, bin_, problem)


def guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it, which reading takes
    away again."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(text: str | None) -> str | None:
    return text[1:] if text and text[0] == "'" and text[1:].startswith(FORMULA) else text
