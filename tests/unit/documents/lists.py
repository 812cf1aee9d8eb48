"""Lists of many orders in tests: orders with goods set aside, and a shelf that knows their bins."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from comanda.documents.kinds import Format, ListKind
from comanda.documents.lists import listing
from comanda.documents.printing import list_of
from comanda.orders.decision import Loaded
from comanda.orders.model import Line, Shipment
from comanda.stock.model import Level, Product
from tests.unit.documents.papers import SETTINGS, printed, typesetter

AT = "2026-11-22T18:00:00.000Z"  # noon in the shop


class Shelf:
    """`bins` by SKU; products only where they are named."""

    def __init__(self, bins: Mapping[str, str], products: Mapping[str, Product] | None = None) -> None:
        self.bins = bins
        self.known = products or {}

    def products(self, skus: Iterable[str]) -> Mapping[str, Product]:
        return {sku: self.known[sku] for sku in skus if sku in self.known}

    def levels(self, skus: Iterable[str], location: str) -> Mapping[str, Level]:
        return {sku: Level(sku, location, bin=self.bins[sku]) for sku in skus if sku in self.bins}


def aside(line: Line, **changes: Any) -> Line:
    """The line with all that is to leave set aside at its location."""
    made = replace(line, location="main", **changes)
    return replace(made, allocated=made.to_ship - made.backordered)


def sent(number: str, carrier: str, tracking: str, at: str = AT) -> Loaded:
    """An order of which one parcel left."""
    found = printed(number=number)
    parcel = Shipment(f"s-{number}", carrier, tracking, (), at)
    return replace(found, order=replace(found.order, shipments=(parcel,)))


def told(
    kind: ListKind,
    orders: Iterable[Loaded],
    shelf: Shelf,
    format: Format = Format.LETTER,
    language: str = "es",
    day: str = "",
) -> dict[str, Any]:
    """What the press is told."""
    made = listing(kind, shelf, AT, day)
    for order in orders:
        made.add(order, SETTINGS)
    return list_of(made, SETTINGS, format, language, AT)


def pdf(papers: dict[str, Any]) -> bytes:
    made, warnings = typesetter().checked(papers)
    assert warnings == []
    return made
