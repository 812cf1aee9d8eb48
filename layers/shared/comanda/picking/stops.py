"""Where a picker goes, one after the other: articles by bin, then SKU, as on the printed list. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from comanda.orders.picks import lies_at, walk
from comanda.picking.model import Share, stop_key
from comanda.picking.tally import Seen
from comanda.stock.model import Level, Product


class Shelf(Protocol):
    def products(self, skus: Iterable[str]) -> Mapping[str, Product]: ...

    def levels(self, skus: Iterable[str], location: str) -> Mapping[str, Level]: ...


@dataclass(frozen=True, slots=True)
class Stop:
    """Units of one article for one line of a delivery order, and where they lie."""

    stop_id: str
    tote: str
    order_id: str
    number: str
    delivery: int
    line_id: str
    sku: str
    codes: tuple[str, ...]
    name: str
    location: str
    bin: str
    quantity: int
    picked: int
    short: int
    state: str  # open | done | short | cancelled | held

    @property
    def room(self) -> int:
        return self.quantity - self.short - self.picked


def stops_of(seen: Iterable[Seen], shelf: Shelf, language: str) -> tuple[Stop, ...]:
    """The stops of a wave; names in `language`, else as they were ordered."""
    asked = [(now, share, sku) for now in seen for share in now.tote.shares for sku in share.each]
    places = {(now.tote.key, share.line_id, sku): _place(now, share, sku) for now, share, sku in asked}
    products = shelf.products({sku for _, _, sku in asked}) if asked else {}
    bins = _bins(shelf, {(places[now.tote.key, share.line_id, sku], sku) for now, share, sku in asked})
    found = []
    for now, share, sku in asked:
        location = places[now.tote.key, share.line_id, sku]
        found.append(_stop(now, share, sku, location, bins.get((location, sku), ""), products, language))
    return tuple(sorted(found, key=lambda one: (walk(one.bin, one.sku), one.location, one.stop_id)))


def _place(now: Seen, share: Share, sku: str) -> str:
    line = (
        next((one.line for one in now.work.lines if one.line.line_id == share.line_id), None)
        if now.work
        else None
    )
    return lies_at(line, sku, now.tote.location) if line else now.tote.location


def _bins(shelf: Shelf, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    by_place: dict[str, list[str]] = defaultdict(list)
    for location, sku in wanted:
        by_place[location].append(sku)
    return {
        (location, sku): level.bin
        for location, skus in by_place.items()
        for sku, level in shelf.levels(skus, location).items()
    }


def _stop(
    now: Seen,
    share: Share,
    sku: str,
    location: str,
    bin_: str,
    products: Mapping[str, Product],
    language: str,
) -> Stop:
    product = products.get(sku)
    barcodes = [product.barcode if product else "", share.barcode if sku == share.sku else ""]
    told, hand = share.short.get(sku, 0), share.hand.get(sku, 0)
    quantity = now.quantity(share, sku) + told
    return Stop(
        stop_id=stop_key(now.tote.key, share.line_id, sku),
        tote=now.tote.key,
        order_id=now.tote.order_id,
        number=now.tote.number,
        delivery=now.tote.delivery,
        line_id=share.line_id,
        sku=sku,
        codes=tuple(dict.fromkeys((*filter(None, barcodes), sku))),
        name=product.name(language) if product else share.name if sku == share.sku else sku,
        location=location,
        bin=bin_,
        quantity=quantity,
        picked=hand,
        short=told,
        state=_state(now, share, quantity - told - hand, told),
    )


def _state(now: Seen, share: Share, left: int, told: int) -> str:
    if not now.wanted(share) and not told:
        return "cancelled"
    if left <= 0:
        return "short" if told else "done"
    return "held" if now.tote.held else "open"
