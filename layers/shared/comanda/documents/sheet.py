"""A paper before it is set: every word as its reader reads it, in the order it stands there. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

from comanda.conversation.view import AmountView


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text takes the room that is left, code and figure as much as they need; tick is a box to mark
    by hand; place says where a row is, in a rack or in the list;
    bars is the row's code as Code 128, its cell stays empty."""

    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """A cell for each column; `under` are small lines below the text, `code` is drawn as bars."""

    cells: tuple[str, ...]
    under: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines under a title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper. `number` is its order's, drawn as bars and as a square, or empty. `stamp` is a word across
    its top, such as Cancelled; `page` is how a page calls itself, with {n} and {of}; `empty` stands where
    there are no rows."""

    language: str
    title: str
    number: str
    date: str
    stamp: str
    parties: tuple[Block, ...]
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sums: tuple[AmountView, ...]
    notes: tuple[Block, ...]
    sign: tuple[str, ...]  # lines to be filled in by hand
    footer: tuple[str, ...]
    page: str
    empty: str
    code: str = ""  # what the QR says instead of the number

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all papers of a shop share; `logo` is a picture as a data address."""

    name: str
    sender: tuple[str, ...]
    colour: str
    logo: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
