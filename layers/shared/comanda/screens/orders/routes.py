"""Orders: the list, one order, and what is done with it."""

from collections.abc import Callable

from comanda.backoffice.listing.list_orders import OrderList
from comanda.backoffice.office import Office
from comanda.conversation.speech import N_
from comanda.orders.approve import approving
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.list import list_screen
from comanda.screens.orders.page import address_of, order_screen
from comanda.screens.orders.run import run
from comanda.settings.store import SettingsStore


def hang_orders(
    house: House,
    office: Callable[[], Office],
    order_list: Callable[[], OrderList],
    settings: Callable[[], SettingsStore],
) -> None:
    house.menu(10, N_("Orders"), "/orders", "orders.read", key="o")

    @house.get("/orders", "orders.read")
    def orders(asked: Asked) -> Answer:
        return list_screen(asked, order_list(), settings())

    @house.get("/orders/<order_id>", "orders.read")
    def order(asked: Asked, order_id: str) -> Answer:
        loaded, whole = office().whole(order_id)
        return order_screen(asked, loaded, whole)

    @house.post("/orders/<order_id>/approve", "orders.write")
    def approve(asked: Asked, order_id: str) -> Answer:
        done = run(office(), asked, "approve", order_id, approving)
        told = asked.tongue.say("%(number)s is approved.", number=done.order.number)
        return Goto(address_of(order_id), told)
