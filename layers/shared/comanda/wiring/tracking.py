"""Asking carriers after parcels: who can be asked, which are on their way, where the last run stopped."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comanda.fulfilment.ask_after import AskingAfter
    from comanda.fulfilment.carriers.tracker import Tracker
    from comanda.orders.model import Shipment

PAGE = 50


@cache
def asking_after() -> "AskingAfter":
    from comanda.fulfilment.ask_after import AskingAfter
    from comanda.fulfilment.asked_until import AskedUntil

    return AskingAfter(
        wiring.trackers,
        wiring.on_their_way,
        wiring.scanning(),
        AskedUntil(variable("JOBS_TABLE")),
        wiring.now,
    )


@cache
def trackers() -> "Mapping[str, Tracker]":
    """Carriers whose keys the operator has filled in; FedEx's webhook tokens alone do not let us ask."""
    from comanda.fulfilment.carriers.fedex.adapter import FedEx
    from comanda.fulfilment.carriers.ups.adapter import Ups
    from comanda.secrets import secret

    def keys_of(code: str) -> dict[str, str]:
        found: dict[str, str] = secret("CARRIER_SECRETS").get(code, {})
        return found

    made: dict[str, Tracker] = {
        "fedex": FedEx(lambda: keys_of("fedex"), lambda: variable("FEDEX_API_BASE")),
        "ups": Ups(lambda: keys_of("ups"), lambda: variable("UPS_API_BASE")),
    }
    return {code: tracker for code, tracker in made.items() if keys_of(code).get("client_id")}


def on_their_way(cursor: str) -> "tuple[Iterable[Shipment], str]":
    """The parcels of a page of orders with some under way, oldest first, and the cursor of the next; empty at
    the end."""
    from zoneinfo import ZoneInfo

    from comanda.backoffice.listing.list_orders import page_of
    from comanda.backoffice.listing.query import read_query
    from comanda.errors import Invalid

    asked = {
        "fulfilment": ["partially_shipped", "shipped", "partially_delivered"],
        "created_from": ["-90d"],
        "sort": ["created"],
        "limit": [str(PAGE)],
    }
    zone = ZoneInfo(wiring.settings().section("shop")[0].time_zone)
    now = wiring.now()
    try:
        query = read_query(asked | ({"cursor": [cursor]} if cursor else {}), now, zone)
    except Invalid:  # a cursor of another day's question, or of another version: from the beginning
        query = read_query(asked, now, zone)
    orders = wiring.order_list()
    loaded, following = page_of(query, orders)
    return [parcel for one in loaded for parcel in orders.parcels(one.order.order_id)], following or ""
