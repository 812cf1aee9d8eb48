"""The pick list: what is to be fetched for some orders, by where it lies. No prices and no people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Protocol

from comanda.conversation.speech import Speech
from comanda.conversation.view import Sections, speech_for
from comanda.documents.goods import place_title
from comanda.documents.sheet import Block, Column, Row, Sheet
from comanda.documents.words import lines_of
from comanda.orders.picks import Pick, walk
from comanda.stock.model import Level, Product

MOST_ROWS = 300  # of one sheet


type Part = tuple[tuple[Row, ...], list[Pick], str]  # its rows, what is in them, and its number of how many


class Shelf(Protocol):
    """What is known of goods beside the orders: their names, and the bins they lie in."""

    def products(self, skus: Iterable[str]) -> Mapping[str, Product]: ...

    def levels(self, skus: Iterable[str], location: str) -> Mapping[str, Level]: ...


def pick_sheets(
    picks: Iterable[Pick], shelf: Shelf, sections: Sections, language: str, at: str
) -> list[Sheet]:
    """Sheets for each location, products in the order of their bins; `at` is the moment they are made."""
    speech = speech_for(sections, language)
    by_place: dict[str, list[Pick]] = defaultdict(list)
    for pick in picks:
        by_place[pick.location].append(pick)
    return [
        _sheet(place, part, sections, speech, at)
        for place in sorted(by_place, key=lambda code: (code != sections["stock"].default_location, code))
        for part in _parts(place, by_place[place], shelf, speech)
    ]


def _parts(place: str, picks: list[Pick], shelf: Shelf, speech: Speech) -> list[Part]:
    """A list for so many products that one person fetches them, with what it says of itself."""
    by_sku: dict[str, list[Pick]] = defaultdict(list)
    for pick in picks:
        by_sku[pick.sku].append(pick)
    levels, products = shelf.levels(by_sku, place), shelf.products(by_sku)
    bins = {sku: levels[sku].bin if sku in levels else "" for sku in by_sku}
    parts = list(batched(sorted(by_sku, key=lambda sku: walk(bins[sku], sku)), MOST_ROWS, strict=False))
    return [
        (
            tuple(_row(sku, by_sku[sku], bins[sku], products, speech) for sku in skus),
            [pick for sku in skus for pick in by_sku[sku]],
            speech.say("%(n)d of %(of)d", n=n, of=len(parts)) if len(parts) > 1 else "",
        )
        for n, skus in enumerate(parts, start=1)
    ]


def _sheet(place: str, part: Part, sections: Sections, speech: Speech, at: str) -> Sheet:
    say, own = speech.say, sections["documents"]
    rows, picks, nth = part
    facts = (
        (say("Location"), place_title(place, sections["stock"], speech)),
        (say("Orders"), str(len({pick.number for pick in picks}))),
        (say("Units"), str(sum(pick.units for pick in picks))),
        *(((say("Part"), nth),) if nth else ()),
    )
    words = lines_of(own.pick_list.of(speech.language))
    return Sheet(
        language=speech.language,
        title=say("Pick list"),
        number="",
        date=speech.moment(at),
        stamp="",
        parties=(),
        facts=facts,
        columns=_columns(speech),
        rows=rows,
        sums=(),
        notes=(Block("", words),) if words else (),
        sign=(say("Picked by"), say("Date and time")),
        footer=lines_of(own.footer.of(speech.language)),
        page=say("Page {n} of {of}"),
        empty=say("No articles."),
    )


def _columns(speech: Speech) -> tuple[Column, ...]:
    say = speech.say
    return (
        Column("", "tick"),
        Column(say("Units"), "figure"),
        Column(say("Bin"), "place"),
        Column(say("Article")),
        Column("", "bars"),
    )


def _row(sku: str, picks: list[Pick], bin_: str, products: Mapping[str, Product], speech: Speech) -> Row:
    units = str(sum(pick.units for pick in picks))
    return Row(("", units, bin_, _name(sku, picks, products, speech), ""), (sku, _for_whom(picks)), sku)


def _name(sku: str, picks: list[Pick], products: Mapping[str, Product], speech: Speech) -> str:
    """As the shop calls it now, else as it was ordered."""
    if sku in products:
        return products[sku].name(speech.language)
    return next((pick.name for pick in picks if pick.name), sku)


def _for_whom(picks: list[Pick]) -> str:
    units: dict[str, int] = defaultdict(int)
    for pick in picks:
        units[pick.number] += pick.units
    return " · ".join(f"{n} × {number}" for number, n in sorted(units.items()))
