"""What waits for its customer at the shop, as they read it: where, until when, by which code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comanda.conversation.speech import Speech
from comanda.links.keys import Keys
from comanda.orders.model import Order
from comanda.orders.pickup_codes import shown_code
from comanda.orders.pickups import at_counter

type Sections = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PickupView:
    """`code` is empty where the reader is not to see it, or its key is gone."""

    place: str
    hours: str
    until: str
    contents: tuple[tuple[int, str], ...]
    code: str


def pickup_view(order: Order, sections: Sections, speech: Speech, keys: Keys | None) -> PickupView | None:
    """None while nothing of the order waits. With `keys` the code is shown."""
    waits = at_counter(order)
    pickup = order.pickup
    if pickup is None or not waits:
        return None
    place, hours = where(pickup.point, sections, speech.language)
    return PickupView(
        place=place,
        hours=order.delivery_slot or hours if pickup.point == order.delivery else hours,
        until=speech.moment(pickup.until) if pickup.until else "",
        contents=tuple((units, line.name) for line, units in waits),
        code=shown_code(order, keys) if keys else "",
    )


def where(point: str, sections: Sections, locale: str) -> tuple[str, str]:
    """The place of a way of delivery with its hours; a place that was not written down has its title."""
    found = next((one for one in sections["shipping"].deliveries if one.code == point), None)
    if found is None:
        return "", ""
    return found.place.of(locale) or found.title.of(locale), found.hours.of(locale)
