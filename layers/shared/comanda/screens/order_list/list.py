"""The page of the list: tabs by label, conditions, rows, pages, saved views."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from comanda.backoffice.listing.list_orders import list_orders
from comanda.backoffice.listing.query import Query, given, read_query
from comanda.conversation.speech import N_
from comanda.orders.filters import ME, whose
from comanda.orders.vocabulary import Label
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import Asked, Fields
from comanda.screens.order_list import columns, criteria
from comanda.screens.order_list.desk import ListDesk
from comanda.screens.order_list.events import events_of
from comanda.screens.orders.kinds import kind_of

UNLABELLED = {  # what an order without a label is called, short enough for a row
    "draft": N_("draft"),
    "quoted": N_("quotation"),
    "awaiting_verification": N_("not verified"),
    "placed": N_("received"),
    "closed": N_("completed"),
    "cancelled": N_("cancelled"),
    "expired": N_("expired"),
}


def list_screen(asked: Asked, desk: ListDesk) -> Answer:
    """The page at `/orders`: its query is the bookmark, and the staff API's own beside the columns."""
    query = criteria.canonical(criteria.with_period(asked.query, _today(asked, desk)))
    here = criteria.address(query)
    if query != asked.query and not asked.partial:
        return Goto(here)
    found = list_orders(read(asked, query, desk), desk.orders(), asked.origin.actor)
    rows = found["items"]
    values: dict[str, Any] = {
        "rows": rows,
        "events": {row["order_id"]: events_of(row) for row in rows},
        "columns": columns.chosen(query),
        "all_columns": columns.COLUMNS,
        "tabs": _tabs(asked, query, found["counts"], found["counts_more"]),
        "groups": criteria.groups(query, asked.tongue),
        "chips": criteria.chips(query, asked.tongue),
        "channels": criteria.CHANNELS,
        "query": query,
        "text": urlencode(query, doseq=True),
        "views": desk.views().of(asked.staff),
        "me": asked.staff.sub,
        "next": _with(query, cursor=found["next"]) if found["next"] else None,
        "first": _with(query, cursor=None) if "cursor" in query else None,
        "searched_to": found.get("searched_to"),
        "kind_of": kind_of,
        "unlabelled": UNLABELLED,
        "today": _today(asked, desk),
        "periods": criteria.PERIODS,
    }
    return Screen("order_list/list.html.j2", values, headers={"HX-Push-Url": here} if asked.partial else {})


def _today(asked: Asked, desk: ListDesk) -> str:
    """The shop's day: what was promised for an earlier one is overdue."""
    shop, _ = desk.settings().section("shop")
    return asked.now.astimezone(ZoneInfo(shop.time_zone)).date().isoformat()


def read(asked: Asked, query: Fields, desk: ListDesk) -> Query:
    """What the page's query asks the list for. Raises Invalid."""
    shop, _ = desk.settings().section("shop")
    text = urlencode(criteria.asked_of_list(query), doseq=True)
    wanted = given({"rawQueryString": text})
    if any(ME in values for values in wanted.values()):
        wanted = whose(wanted, desk.names(asked.staff.actor))
    return read_query(wanted, asked.now, ZoneInfo(shop.time_zone))


def _tabs(asked: Asked, query: Fields, counts: dict[str, int], more: list[str]) -> list[dict[str, Any]]:
    """All orders, then one tab per label. Of a label with more than was counted the number has a plus;
    where nothing was found before counting ended, there is none."""
    chosen, number = query.get("label", []), asked.tongue.number
    every = {"word": asked.tongue.say("All"), "count": None, "here": not chosen}
    tabs: list[dict[str, Any]] = [every | {"address": _with(query, label=None, cursor=None)}]
    for code in Label:
        count = counts.get(code, 0)
        told = (f"{number(count)}+" if count else None) if code in more else number(count)
        tab = {"word": asked.tongue.word("LABEL", code), "count": told, "here": chosen == [code]}
        tabs.append(tab | {"address": _with(query, label=code, cursor=None)})
    return tabs


def _with(query: Fields, **changes: str | None) -> str:
    kept = {name: values for name, values in query.items() if name not in changes}
    return criteria.address(kept | {name: [value] for name, value in changes.items() if value is not None})
