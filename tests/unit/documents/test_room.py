"""Nothing on a paper stands outside of it or over something else, however long what people write is."""

import re
import subprocess
from dataclasses import dataclass, replace
from itertools import combinations

import pytest

from comanda.documents.kinds import Format, Kind, ListKind
from comanda.orders.decision import Loaded
from tests.unit.conversation.samples import CONTACT, lines, loaded, order, paid
from tests.unit.documents import lists
from tests.unit.documents.papers import LONG, pdf, reader, text_of

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
MILLIMETRE = 72 / 25.4
MARGIN = {Format.THERMAL: 4 * MILLIMETRE}
SKUS = ("SKU-LARGUISIMO-0123456789-ABCDEFGHIJ-9876", "W" * 80, "A")
NAMES = (f"{LONG} {LONG}", "Supercalifragilisticoespialidoso" * 3, "Ñandú")
PEOPLE = CONTACT | {
    "name": "María de los Ángeles Fernández-Villaseñor y Gutiérrez de la Concha",
    "email": "maria.de.los.angeles.fernandez-villasenor@comercializadora-del-bajio.example.com",
}


@dataclass(frozen=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def over(self, other: "Word") -> bool:
        """By more than a point both ways: lines of text touch each other."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 3.5


def long_order() -> Loaded:
    mug = lines()[0]
    return loaded(
        order(
            lines=tuple(
                lists.aside(
                    replace(mug, line_id=sku, sku=sku, name=name, quantity=1200, unit_price=123_456_789)
                )
                for sku, name in zip(SKUS, NAMES, strict=True)
            ),
            ledger=(paid(),),
        ),
        contact=PEOPLE,
        comment="x" * 200,
    )


def wrong_on(made: bytes, margin: float) -> list[str]:
    """Words that leave the room between the margins, and pairs that stand over each other."""
    told = subprocess.run(
        [reader("pdftotext"), "-bbox", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    found = []
    for width, _, page in PAGE.findall(told):
        words = [Word(*map(float, one[:4]), one[4]) for one in WORD.findall(page)]
        assert words
        found += [
            f"{one.text} leaves the page"
            for one in words
            if one.left < margin - 1 or one.right > float(width) - margin + 1
        ]
        found += [
            f"{one.text} stands over {other.text}" for one, other in combinations(words, 2) if one.over(other)
        ]
    return found


@pytest.mark.capability("D29", "D30")
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("kind", Kind)
def test_a_paper_has_room_for_the_longest_words(kind: Kind, format: Format, language: str) -> None:
    margin = MARGIN.get(format, 18 * MILLIMETRE)
    assert wrong_on(pdf(kind, long_order(), format, language), margin) == []


@pytest.mark.parametrize("format", Format)
def test_lists_have_room_for_the_longest_words_too(format: Format) -> None:
    margin = MARGIN.get(format, 18 * MILLIMETRE)
    shelf = lists.Shelf(dict(zip(SKUS, ("PASILLO-12-ESTANTE-04-CAJA-0007-B", "A-1", ""), strict=True)))
    assert wrong_on(lists.pdf(lists.told(ListKind.PICK_LIST, [long_order()], shelf, format)), margin) == []
    sent = lists.sent("TIENDA-9-1234567", "estafeta", "3205001234567890" * 5)
    told = lists.told(ListKind.HAND_OVER, [replace(sent, personal=long_order().personal)], shelf, format)
    assert wrong_on(lists.pdf(told), margin) == []


def test_an_address_of_mail_is_broken_at_its_signs_and_gains_none() -> None:
    """So that it can be copied; Spanish would repeat the hyphen at which a line ends."""
    text = re.sub(r"\s+", "", text_of(pdf(Kind.ORDER, long_order(), Format.THERMAL, "es")))
    assert PEOPLE["email"] in text
