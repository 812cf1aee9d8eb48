"""Drafts, quotations and customers' open carts, newest first."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from comanda.backoffice.listing.list_orders import list_orders
from comanda.backoffice.listing.query import given, read_query
from comanda.backoffice.routes_carts import POSITION
from comanda.carts.open_carts import USUAL, list_open
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked

CARTS = "carts"
TABS = (("draft", N_("Drafts")), ("quoted", N_("Quotations")), (CARTS, N_("Open carts")))
NAMED = 3  # products of a cart that are named; the rest is counted


def drafts_screen(asked: Asked, desk: SalesDesk) -> Screen:
    """What is not an order yet; `show` says which. Raises Invalid for a cursor that is none of ours."""
    show = asked.word("show", "draft")
    if show not in dict(TABS):
        raise Invalid.at("/show", "one of: draft, quoted, carts")
    cursor = asked.word("cursor")
    found = _carts(desk, cursor) if show == CARTS else _orders(asked, desk, show, cursor)
    values: dict[str, Any] = {
        "show": show,
        "rows": found["items"],
        "tabs": [_tab(asked, code, word, show) for code, word in TABS],
        "first": asked.address(cursor=None) if cursor else "",
        "next": asked.address(cursor=found["next"]) if found["next"] else "",
        "named": NAMED,
    }
    return Screen("drafts/list.html.j2", values)


def _tab(asked: Asked, code: str, word: str, show: str) -> dict[str, Any]:
    address = asked.address(show=code, cursor=None)
    return {"word": asked.tongue.say(word), "count": None, "here": code == show, "address": address}


def _orders(asked: Asked, desk: SalesDesk, lifecycle: str, cursor: str) -> dict[str, Any]:
    wanted = {"lifecycle": lifecycle, "limit": "50"} | ({"cursor": cursor} if cursor else {})
    zone = ZoneInfo(desk.settings().section("shop")[0].time_zone)
    query = read_query(given({"rawQueryString": urlencode(wanted)}), asked.now, zone)
    return list_orders(query, desk.orders(), asked.origin.actor)


def _carts(desk: SalesDesk, cursor: str) -> dict[str, Any]:
    if cursor and not POSITION.fullmatch(cursor):
        raise Invalid.at("/cursor", "belongs to another list; begin without a cursor")
    return list_open(desk.carts(), limit=USUAL, after=cursor)
