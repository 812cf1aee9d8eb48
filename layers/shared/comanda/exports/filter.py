"""A staff filter, ready to select what is exported."""

from datetime import tzinfo
from typing import Any

from comanda.exports.select import Filter
from comanda.orders.filters import understand
from comanda.orders.index import traits_of


def understood(filter: dict[str, Any], now: str, zone: tzinfo) -> Filter:
    """The filter as a judgement of orders. Raises Invalid with the places that it does not understand."""
    asked = understand(filter, now, zone, at="/filter/")
    return Filter(
        asked.created_from,
        asked.created_until,
        lambda order: asked.accepts(traits_of(order), order.created_at),
    )
