"""The start page: its address, and what it needs of the others' addresses."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.dashboard.look import Dashboard
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.start.begin import Beginning
from comanda.screens.start.screen import start_screen
from comanda.settings.store import SettingsStore
from comanda.stock.store import StockStore


@dataclass(frozen=True, slots=True)
class StartDesk:
    """What the page shows is read here; see wiring."""

    dashboard: Callable[[], Dashboard]
    settings: Callable[[], SettingsStore]
    stock: Callable[[], StockStore]


def hang_start(house: House, desk: StartDesk) -> None:
    house.menu(0, N_("Today"), "/", "orders.read", key="h")

    @house.get("/", "orders.read")
    def start(asked: Asked) -> Answer:
        pages = {rule.path for rule in house.rules if rule.method == "GET"}
        beginning = Beginning(desk.settings(), desk.stock(), pages)
        return start_screen(asked, desk.dashboard().look(asked.now), desk.settings(), beginning)
