"""Stuck parcels: those that nobody has scanned for too long, the longest silent first."""

from typing import Any

from comanda.backoffice.parcels.stuck import MOST_COUNTED, StuckParcels
from comanda.conversation.words import carrier_name
from comanda.fulfilment.carriers import SERVED
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked


def counted(asked: Asked, parcels: StuckParcels) -> str:
    """How many there are, in words; empty for none."""
    found = parcels.count()
    number = asked.tongue.number(found)
    return f"{number}+" if found >= MOST_COUNTED else number if found else ""


def stuck_screen(asked: Asked, parcels: StuckParcels) -> Screen:
    """Its query is the bookmark. Raises Malformed for a cursor that is none."""
    carrier, cursor = asked.word("carrier"), asked.word("cursor")
    rows, following = parcels.listed(carrier, cursor)
    names = sorted({*SERVED, *(row["carrier"] for row in rows), *filter(None, [carrier])})
    values: dict[str, Any] = {
        "rows": rows,
        "next": asked.address(cursor=following) if following else "",
        "first": asked.address(cursor=None) if cursor else "",
        "carrier": carrier,
        "carriers": [("", asked.tongue.say("all")), *((name, carrier_name(name)) for name in names)],
        "carrier_name": carrier_name,
        "days": parcels.days(),
    }
    return Screen("deliveries/stuck.html.j2", values)
