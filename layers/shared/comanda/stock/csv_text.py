"""Turns the bytes of a merchant's CSV file into numbered rows of cells, whatever program wrote it."""

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t")
SHOWN = 80  # characters of a value that a remark repeats

type Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem or a warning at one cell. Rows count as a spreadsheet shows them: the header is row 1."""

    row: int
    column: str
    value: str
    problem: str

    def to_dict(self) -> dict[str, str | int]:
        return {"row": self.row, "column": self.column, "value": self.value, "problem": self.problem}


def remark(row: int, column: str, value: object, problem: str) -> Remark:
    """A remark that repeats no more of the value than a person needs to find it."""
    return Remark(row, column, str(value)[:SHOWN], problem)


class Unreadable(Exception):
    """The file, or the rest of it, cannot be taken apart; carries the remark that says why."""

    def __init__(self, found: Remark) -> None:
        super().__init__(found.problem)
        self.found = found


def decoded(data: bytes) -> tuple[str, list[Remark]]:
    """The text and what to say about its encoding: UTF-8 with or without a mark, else Windows-1252."""
    if b"\0" in data:
        raise Unreadable(remark(1, "", "", "this is no text file; save the sheet as CSV (UTF-8)"))
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        problem = "is neither UTF-8 nor Windows-1252; save the sheet as CSV (UTF-8)"
        raise Unreadable(remark(row, "", "", problem)) from error
    note = "the file is not UTF-8 and was read as Windows-1252; look at the accents"
    return text, [remark(1, "", "", note)]


def delimiter_of(text: str, known: Collection[str]) -> str:
    """The delimiter that makes most `known` columns of the first line; the comma when none does."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(DELIMITERS, key=lambda mark: sum(column_name(cell) in known for cell in first.split(mark)))


def rows(text: str, delimiter: str) -> Iterator[Row]:
    """Rows that hold anything, with their numbers. Raises Unreadable at a broken quotation."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"from here on the file cannot be read ({error}); look for a stray quotation mark"
            raise Unreadable(remark(number, "", "", problem)) from error
        if any(cell.strip() for cell in cells):
            yield number, cells


def column_name(cell: str) -> str:
    """A header cell without regard to case, spaces and hyphens: `Name ES` is name_es."""
    return "_".join(cell.strip().strip('"').casefold().replace("-", " ").split())


def clean(cell: str) -> str:
    """Without spaces around, every kind of space inside as a plain one, accents as single characters."""
    return unicodedata.normalize("NFC", cell).replace("\u00a0", " ").replace("\u202f", " ").strip()
