"""A letter: what a mail says, once, for its HTML and its plain text alike."""

from dataclasses import dataclass
from typing import ClassVar

from comanda.conversation.speech import Speech
from comanda.conversation.view import AmountView, LineView, ShopView


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that must not be overlooked."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values; a value may have several lines. Empty ones are left out."""

    kind: ClassVar[str] = "facts"
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, line breaks kept; those of the merchant may be formatted."""

    kind: ClassVar[str] = "quote"
    title: str
    text: str
    formatted: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """Lines with their prices, and the sums."""

    kind: ClassVar[str] = "goods"
    title: str
    lines: tuple[LineView, ...]
    totals: tuple[AmountView, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Articles without prices: what a parcel holds, what is to come."""

    kind: ClassVar[str] = "contents"
    title: str
    rows: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Something to be shown to a person or a scanner: as it is read out, and as QR."""

    kind: ClassVar[str] = "code"
    title: str
    text: str
    hint: str

    @property
    def scanned(self) -> str:
        """What the QR says."""
        return self.text.replace("-", "")


type Block = Note | Facts | Quote | Goods | Contents | Code


@dataclass(frozen=True, slots=True)
class Letter:
    """`headline` is the answer and comes first; `more` are quieter links under the one button."""

    event: str
    speech: Speech
    shop: ShopView
    subject: str
    headline: str
    paragraphs: tuple[str, ...] = ()
    button: Button | None = None
    more: tuple[Button, ...] = ()
    blocks: tuple[Block, ...] = ()
    closing: tuple[str, ...] = ()
    number: str = ""  # of the order, if it is about one
    invites_reply: bool = True  # a reply goes to the shop; pointless when the shop itself reads it


def facts(title: str, *rows: tuple[str, str]) -> tuple[Facts, ...]:
    """A block of the rows that have a value; none when none has."""
    filled = tuple(row for row in rows if row[1])
    return (Facts(title, filled),) if filled else ()


def quote(title: str, text: str, *, formatted: bool = False) -> tuple[Quote, ...]:
    return (Quote(title, text.strip(), formatted),) if text.strip() else ()


def contents(title: str, rows: tuple[tuple[int, str], ...]) -> tuple[Contents, ...]:
    return (Contents(title, rows),) if rows else ()
