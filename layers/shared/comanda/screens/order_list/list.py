"""The list of orders: rows, tabs by label, pages."""

from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.listing.list_orders import list_orders
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import given, read_query
from comanda.orders.vocabulary import Label
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked
from comanda.screens.orders.kinds import kind_of
from comanda.settings.store import SettingsStore

COUNTED_TO = 1_000


def list_screen(asked: Asked, orders: OrderList, settings: SettingsStore) -> Screen:
    """The page at `/orders`; its query is the staff API's own."""
    shop, _ = settings.section("shop")
    query = read_query(given(asked.event), asked.now, ZoneInfo(shop.time_zone))
    found = list_orders(query, orders, asked.origin.actor)
    values: dict[str, Any] = {
        "rows": found["items"],
        "tabs": _tabs(asked, found["counts"]),
        "next": asked.address(cursor=found["next"]) if found["next"] else None,
        "first": asked.address(cursor=None) if asked.word("cursor") else None,
        "searched_to": found.get("searched_to"),
        "kind_of": kind_of,
        "mixed": len({row["total"]["currency"] for row in found["items"]}) > 1,
    }
    return Screen("order_list/list.html.j2", values)


def _tabs(asked: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    """All orders, then one tab per label; counts end at a thousand."""
    chosen = asked.query.get("label", [])
    every = {"word": asked.tongue.say("All"), "count": None, "here": not chosen}
    tabs: list[dict[str, Any]] = [every | {"address": asked.address(label=None, cursor=None)}]
    for code in Label:
        count = counts.get(code, 0)
        tabs.append(
            {
                "word": asked.tongue.word("LABEL", code),
                "count": f"{asked.tongue.number(COUNTED_TO)}+"
                if count >= COUNTED_TO
                else asked.tongue.number(count),
                "here": chosen == [code],
                "address": asked.address(label=code, cursor=None),
            }
        )
    return tabs
