"""The list of deliveries: what is to pick, to pack and to ship, by location and promised date."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.deliveries.list import LEAVE_OUT, ONLY, OWN, WITH, list_deliveries, read_wanted
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.parcels.stuck import StuckParcels
from comanda.conversation.speech import N_
from comanda.orders.delivery_status import OPEN
from comanda.orders.promised import DAYS
from comanda.screens.deliveries.stuck import counted, stuck_screen
from comanda.screens.house.answers import Answer, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.kinds import kind_of
from comanda.settings.store import SettingsStore

FRONT = "/deliveries"
HELD = (
    (LEAVE_OUT, N_("left out")),
    (WITH, N_("shown and marked")),
    (ONLY, N_("shown alone")),
)


def hang_deliveries(
    house: House,
    order_list: Callable[[], OrderList],
    settings: Callable[[], SettingsStore],
    stuck_parcels: Callable[[], StuckParcels],
) -> None:
    house.menu(20, N_("Deliveries"), FRONT, "orders.read", key="l")

    @house.get(FRONT, "orders.read")
    def deliveries(asked: Asked) -> Answer:
        screen = list_screen(asked, order_list(), settings())
        return replace(screen, values=screen.values | {"stuck": counted(asked, stuck_parcels())})

    @house.get(f"{FRONT}/stuck", "orders.read")
    def stuck(asked: Asked) -> Answer:
        return stuck_screen(asked, stuck_parcels())


def list_screen(asked: Asked, order_list: OrderList, settings: SettingsStore) -> Screen:
    """Its query is the bookmark, and the staff API's own. Raises Invalid."""
    found = settings.sections(["shop", "stock", "shipping"])
    names = (*OWN, *DAYS, "cursor")
    wanted = {name: [v for v in asked.query.get(name, []) if v] for name in names}
    wanted = {name: values for name, values in wanted.items() if values}
    zone = ZoneInfo(found["shop"].time_zone)
    page = list_deliveries(read_wanted(wanted, asked.now, zone), order_list)
    stock = found["stock"]
    values: dict[str, Any] = {
        "rows": page["items"],
        "put_back": page["put_back"],
        "next": asked.address(cursor=page["next"]) if page["next"] else "",
        "first": asked.address(cursor=None) if "cursor" in wanted else "",
        "asked_for": {name: values[-1] for name, values in wanted.items()},
        "filtered": bool(wanted.keys() - {"cursor"}),
        "statuses": [("", asked.tongue.say("all")), *((s, asked.tongue.word("DELIVERY", s)) for s in OPEN)],
        "locations": ["", stock.default_location, *(one.code for one in stock.locations)],
        "held": [(code, asked.tongue.say(word)) for code, word in HELD],
        "kind_of": kind_of,
        "fetched": [one.code for one in found["shipping"].deliveries if not one.needs_address],
        "today": asked.now.astimezone(zone).date().isoformat(),
    }
    return Screen("deliveries/list.html.j2", values)
