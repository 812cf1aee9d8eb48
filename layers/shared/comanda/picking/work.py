"""What there is to pick: delivery orders, and how many of them at each location and for each carrier."""

from collections import Counter
from typing import Any

from comanda.picking.answer import delivery_answer
from comanda.picking.context import Picking, Who
from comanda.picking.pickable import LOOKED_THROUGH, waiting
from comanda.settings.sections import Shipping, Stock


def work(picking: Picking, who: Who, language: str) -> dict[str, Any]:
    """`open` counts what nobody has taken and nothing holds; `more`: not all of them were looked through."""
    sections = picking.settings.sections(["shipping", "stock", "fulfilment"])
    found, more = waiting(picking, sections["shipping"], orders=LOOKED_THROUGH)
    at = picking.at
    free = [one for one in found if not one.held and not one.taken(at)]
    places = Counter(one.work.delivery.location for one in free)
    carriers = Counter(one.carrier for one in free)
    last = picking.store.of_picker(who.sub)
    return {
        "picker": who.name,
        "wave": last.wave_id if last and last.open else None,
        "most": sections["fulfilment"].wave_deliveries,
        "locations": [
            {"code": code, "title": place_title(code, sections["stock"], language), "open": units}
            for code, units in sorted(places.items())
        ],
        "carriers": [
            {"code": code, "title": _carrier_title(code, sections["shipping"], language), "open": units}
            for code, units in sorted(carriers.items())
        ],
        "deliveries": [delivery_answer(one, at) for one in found],
        "more": more,
    }


def place_title(code: str, stock: Stock, language: str) -> str:
    """What the shop calls one of its locations."""
    found = next((place for place in stock.locations if place.code == code), None)
    return (found.title.of(language) if found else "") or code


def _carrier_title(code: str, shipping: Shipping, language: str) -> str:
    """The way of delivery's own title where nobody else carries it; a carrier is known by its code."""
    found = next((one for one in shipping.deliveries if one.code == code and not one.carrier), None)
    return (found.title.of(language) if found else "") or code
