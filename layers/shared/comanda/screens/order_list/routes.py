"""The list of orders."""

from collections.abc import Callable

from comanda.backoffice.listing.page import OrderList
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.order_list.list import list_screen
from comanda.settings.store import SettingsStore


def hang_order_list(
    house: House, order_list: Callable[[], OrderList], settings: Callable[[], SettingsStore]
) -> None:
    house.menu(10, N_("Orders"), "/orders", "orders.read", key="o")

    @house.get("/orders", "orders.read")
    def orders(asked: Asked) -> Answer:
        return list_screen(asked, order_list(), settings())
