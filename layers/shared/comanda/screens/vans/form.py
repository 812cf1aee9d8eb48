"""The form that asks a carrier to come, filled in with what waits for it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.parcels.waiting import Waiting
from comanda.backoffice.vans import VanDesk
from comanda.conversation.words import carrier_name
from comanda.fulfilment.labels.request import NoAddress, sender
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.vans.list import groups_at

MOST_ORDERS = 50  # of one van
OPENS, CLOSES, NOON = 10, 18, 12  # hours that are offered; from noon on for the next day


def form_screen(asked: Asked, desk: VanDesk, order_list: OrderList) -> Screen:
    """Of the group in the query, else of the fullest one."""
    groups, _ = groups_at(asked, desk, order_list)
    group = _chosen(asked, groups)
    day, since = suggested(asked.now.astimezone(ZoneInfo(desk.zone())))
    values: dict[str, Any] = {
        "to": f"{BASE}/deliveries/vans/new",
        "groups": groups,
        "group": group,
        "orders": group.orders[:MOST_ORDERS] if group else (),
        "left_out": max(0, len(group.orders) - MOST_ORDERS) if group else 0,
        "place": _place(desk, group.location) if group else None,
        "numbers": {one.order_id: one.number for one in group.orders} if group else {},
        "given": asked.given.fields.get("orders", []),
        "day": day,
        "ready_from": since,
        "ready_until": f"{CLOSES}:00",
        "today": asked.tongue.today,
        "carrier_name": carrier_name,
    }
    return Screen("vans/form.html.j2", values)


def suggested(here: datetime) -> tuple[str, str]:
    """Day and hour from which parcels are ready, as fields take them: today until noon, then tomorrow."""
    if here.hour < NOON:
        return here.date().isoformat(), f"{max(OPENS, here.hour + 1):02}:00"
    return (here.date() + timedelta(days=1)).isoformat(), f"{OPENS}:00"


def _chosen(asked: Asked, groups: list[Waiting]) -> Waiting | None:
    """A link may be older than what waits now: then there is nothing to fetch."""
    if "account" not in asked.query:
        return groups[0] if groups else None
    wanted = (asked.word("account"), asked.word("carrier"), asked.word("location"))
    return next((one for one in groups if (one.account, one.carrier, one.location) == wanted), None)


def _place(desk: VanDesk, location: str) -> Any:
    """Where it comes to; None where nobody is set up as the sender."""
    try:
        return sender(desk.settings(), location)
    except NoAddress:
        return None
