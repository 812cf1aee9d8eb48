"""The vans that were asked for, and above them the parcels that wait for one."""

from typing import Any

from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.parcels.waiting import Waiting, parcels_waiting
from comanda.backoffice.vans import LATEST, VanDesk
from comanda.conversation.speech import N_
from comanda.conversation.words import carrier_name
from comanda.fulfilment.carriers.vans import ASKED, BOOKED, REFUSED, UNKNOWN, Van
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.people import Names, colleague

PAGE = 50
STATES = {
    ASKED: (N_("being asked"), "blue"),
    BOOKED: (N_("comes"), "green"),
    REFUSED: (N_("does not come"), "red"),
    UNKNOWN: (N_("nobody knows"), "amber"),
}


def groups_at(asked: Asked, desk: VanDesk, order_list: OrderList) -> tuple[list[Waiting], bool]:
    """What waits now, less what the latest vans come for."""
    vans, _ = desk.book.listed(LATEST)
    settings, codes = desk.settings(), desk.codes()
    return parcels_waiting(order_list, settings, codes, vans, asked.now, asked.tongue.today)


def list_screen(asked: Asked, desk: VanDesk, order_list: OrderList, names: Names) -> Screen:
    """Its query is the bookmark; parcels that wait stand on the first page."""
    cursor = asked.word("cursor")
    found, following = desk.book.listed(PAGE, cursor)
    vans = [van.seen(asked.origin.at) for van in found]
    waiting, more = ([], False) if cursor else groups_at(asked, desk, order_list)
    values: dict[str, Any] = {
        "vans": vans,
        "parcels": {van.van_id: len(van.labels) for van in vans},
        "state": lambda van: (asked.tongue.say(STATES[van.state][0]), STATES[van.state][1]),
        "who": lambda van: _asker(asked, names, van),
        "cost": lambda van: {"amount": van.amount, "currency": van.currency} if van.currency else None,
        "waiting": [one for one in waiting if one.parcels],
        "more": more,
        "next": asked.address(cursor=following) if following else "",
        "first": asked.address(cursor=None) if cursor else "",
        "carrier_name": carrier_name,
        "today": asked.tongue.today,
    }
    return Screen("vans/list.html.j2", values)


def _asker(asked: Asked, names: Names, van: Van) -> str:
    return colleague(asked, names, van.asked_by) if van.asked_by else ""
