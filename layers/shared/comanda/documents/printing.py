"""Print papers: judge whether an order has them, put them together, have them set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from comanda.conversation.view import Sections, Settings
from comanda.documents.build import letterhead, settings_of, sheet_of
from comanda.documents.kinds import Format, Kind, ListKind, check
from comanda.documents.lists import Listing, listing
from comanda.documents.picking import Shelf
from comanda.documents.press import Press
from comanda.errors import Invalid, NotFound
from comanda.links.keys import Keys
from comanda.orders.decision import Loaded
from comanda.times import moment

LANGUAGES = ("es", "en")

type Judged = tuple[Loaded, Sections]


class Orders(Protocol):
    def load(self, order_id: str) -> Loaded | None: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be printed; without a format the shop's, without a language the order's own."""

    kind: Kind
    format: Format | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to hand over."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Printing:
    """What printing needs of the outside."""

    orders: Orders
    settings: Settings
    press: Callable[[], Press]
    shelf: Shelf
    keys: Callable[[], Keys]

    def paper(self, order_id: str, wish: Wish) -> Paper:
        """One paper of one order; the same bytes as long as order and settings are the same.

        Raises NotFound, WrongState with the guard that keeps the order from having it, Busy.
        """
        loaded, sections = self.judged(order_id, wish.kind, self.settings.sections)
        content = self.press().pdf(papers_of([(loaded, sections)], wish, self.keys))
        return Paper(f"{wish.kind}-{loaded.order.number}.pdf", content)

    def judged(self, order_id: str, kind: Kind, read: Callable[[list[str]], Sections]) -> Judged:
        """An order that has such a paper, with the settings that `read` finds. Raises as `paper`."""
        loaded = self.loaded(order_id)
        sections = read(settings_of(loaded))
        check(kind, loaded, sections["shipping"])
        return loaded, sections

    def loaded(self, order_id: str) -> Loaded:
        """Raises NotFound."""
        loaded = self.orders.load(order_id)
        if loaded is None:
            raise NotFound("no such order")
        return loaded

    def listing(
        self, kind: ListKind, at: str, day: str = "", carrier: str = "", location: str = ""
    ) -> Listing:
        """A list with no order on it yet; `at` (a stamp) is when it is made, the others what it is about."""
        return listing(kind, self.shelf, at, day, carrier, location)


def papers_of(orders: Sequence[Judged], wish: Wish, keys: Callable[[], Keys] | None = None) -> dict[str, Any]:
    """What the press is told; the file is as old as the newest of its orders, so that it stays the same.
    Without `keys` no pickup code is printed."""
    _, sections = orders[0]
    made_at = max(int(moment(loaded.order.updated_at).timestamp()) for loaded, _ in orders)
    waits = any(loaded.order.pickup for loaded, _ in orders)
    known = keys() if keys and waits else None
    sheets = [
        sheet_of(wish.kind, loaded, own, wish.language or loaded.order.locale, known).to_dict()
        for loaded, own in orders
    ]
    return {
        "format": str(wish.format or sections["documents"].format),
        "head": letterhead(sections).to_dict(),
        "made_at": made_at,
        "sheets": sheets,
    }


def list_of(
    made: Listing, sections: Sections, format: Format | None, language: str, at: str
) -> dict[str, Any]:
    """What the press is told of a list: without a format the shop's, without a language its own people's."""
    spoken = language or sections["notifications"].merchant_locale
    return {
        "format": str(format or sections["documents"].format),
        "head": letterhead(sections).to_dict(),
        "made_at": int(moment(at).timestamp()),
        "sheets": [sheet.to_dict() for sheet in made.sheets(sections, spoken)],
    }


def wish_of(kind: str, format: str, language: str) -> Wish:
    """What was asked for by name. Raises NotFound for a kind that there is not, Invalid for the rest."""
    if kind not in list(Kind):
        raise NotFound(f"there is no document {kind!r}: {', '.join(Kind)}")
    if format and format not in list(Format):
        raise Invalid.at("/format", f"one of: {', '.join(Format)}")
    if language and language not in LANGUAGES:
        raise Invalid.at("/lang", f"one of: {', '.join(LANGUAGES)}")
    return Wish(Kind(kind), Format(format) if format else None, language)
