"""What is fetched from the shelves for an order: articles, by where they lie. No prices, no people. Pure."""

import re
from dataclasses import dataclass

from comanda.orders.holdings import counted, holdings
from comanda.orders.model import Line, Order


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of one SKU that lie at one location and are for one order."""

    sku: str
    location: str
    units: int
    number: str
    name: str


def picks_of(order: Order, home: str) -> tuple[Pick, ...]:
    """The units that are set aside for an order, where they were set aside; of goods that nobody counts all
    that has not left, at `home`. Components instead of their bundle; nothing that was
    picked before or is still to come in."""
    return tuple(
        Pick(sku, location or home, units, order.number, line.name if sku == line.sku else "")
        for line in order.lines
        for sku, location, units in (*_set_aside(line), *_uncounted(line))
        if units > 0
    )


def articles(line: Line) -> dict[str, int]:
    """What is taken from the shelf for one unit of the line: its own SKU, or of a bundle each component,
    whether its stock is counted or not."""
    found: dict[str, int] = {}
    for sku, each in (*counted(line), *_loose(line)):
        found[sku] = found.get(sku, 0) + each
    return found


def lies_at(line: Line, sku: str, location: str) -> str:
    """Where an article of the line is fetched for a delivery order that leaves from `location`: there, unless
    all that is set aside of it lies elsewhere."""
    places = [place.location for place in holdings(line) if place.sku == sku]
    return location if not places or location in places else places[0]


def walk(bin_: str, sku: str) -> tuple[bool, list[tuple[str, int]], str]:
    """Bins as people number them, A-2 before A-10; what lies in none comes last."""
    parts = re.findall(r"(\D*)(\d*)", bin_.upper())
    return not bin_, [(text, int(digits or -1)) for text, digits in parts], sku


def _set_aside(line: Line) -> list[tuple[str, str, int]]:
    """What holds units of the line, without those that were picked before."""
    at_hand = {sku: line.picked * each for sku, each in counted(line)}
    found = []
    for place in holdings(line):
        lies = place.reserved + place.allocated
        gone = min(at_hand.get(place.sku, 0), lies)
        at_hand[place.sku] = at_hand.get(place.sku, 0) - gone
        found.append((place.sku, place.location, lies - gone))
    return found


def _uncounted(line: Line) -> list[tuple[str, str, int]]:
    units = max(line.to_ship - line.backordered - line.picked, 0)
    return [(sku, line.location, each * units) for sku, each in _loose(line)]


def _loose(line: Line) -> list[tuple[str, int]]:
    """The articles of one unit whose stock nobody counts."""
    if line.components:
        return [(part.sku, part.quantity) for part in line.components if not part.tracked]
    return [] if line.tracked else [(line.sku, 1)]
