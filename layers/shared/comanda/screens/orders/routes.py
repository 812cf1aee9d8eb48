"""One order, and what is done with it."""

from collections.abc import Callable

from comanda.backoffice.office import Office
from comanda.orders.approve import approving
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.page import address_of, order_screen
from comanda.screens.orders.run import run


def hang_orders(house: House, office: Callable[[], Office]) -> None:
    @house.get("/orders/<order_id>", "orders.read")
    def order(asked: Asked, order_id: str) -> Answer:
        loaded, whole = office().whole(order_id)
        return order_screen(asked, loaded, whole)

    @house.post("/orders/<order_id>/approve", "orders.write")
    def approve(asked: Asked, order_id: str) -> Answer:
        done = run(office(), asked, "approve", order_id, approving)
        told = asked.tongue.say("%(number)s is approved.", number=done.order.number)
        return Goto(address_of(order_id), told)
