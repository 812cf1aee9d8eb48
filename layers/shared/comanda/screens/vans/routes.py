"""Addresses of the vans: the list, the form that asks for one, and what a person learned of one."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.bodies_vans import SettleVanBody, VanBody
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.vans import VanDesk
from comanda.canonical import sha256
from comanda.conversation.words import carrier_name
from comanda.fulfilment.carriers.vans import BOOKED, REFUSED, Van
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.people import Names
from comanda.screens.house.routing import House
from comanda.screens.orders.reading import body_of
from comanda.screens.vans.form import form_screen
from comanda.screens.vans.list import list_screen

FRONT = "/deliveries/vans"
ID_LETTERS = 32


@dataclass(frozen=True, slots=True)
class VanScreens:
    """What the pages need; see wiring."""

    vans: Callable[[], VanDesk]
    order_list: Callable[[], OrderList]
    staff_names: Names


def hang_vans(house: House, desk: VanScreens) -> None:
    @house.get(FRONT, "orders.read")
    def listed(asked: Asked) -> Answer:
        return list_screen(asked, desk.vans(), desk.order_list(), desk.staff_names)

    @house.get(f"{FRONT}/new", "orders.write")
    def new(asked: Asked) -> Answer:
        return form_screen(asked, desk.vans(), desk.order_list())

    @house.post(f"{FRONT}/new", "orders.write")
    def ask(asked: Asked) -> Answer:
        """The form's own key is the van's id: sent twice, one van is asked for."""
        names = ("account", "carrier", "location", "day", "ready_from", "ready_until", "note")
        values = {name: asked.field(name) for name in names}
        body = body_of(VanBody, values | {"orders": asked.fields("orders")})
        van_id = sha256(asked.once("van").key)[:ID_LETTERS]
        return Goto(BASE + FRONT, told(asked, desk.vans().ask(van_id, body.wish(), asked.origin)))

    @house.post(f"{FRONT}/<van_id>/settle", "orders.write")
    def settle(asked: Asked, van_id: str) -> Answer:
        comes = asked.field("comes") == "yes"
        body = body_of(SettleVanBody, {"comes": comes, "confirmation": asked.field("confirmation")})
        van = desk.vans().settle(van_id, body.confirmation, comes=body.comes, at=asked.origin.at)
        return Goto(BASE + FRONT, told(asked, van))


def told(asked: Asked, van: Van) -> str:
    """What came of asking."""
    say, who = asked.tongue.say, carrier_name(van.carrier)
    day = asked.tongue.day(van.day)
    if van.state == BOOKED and van.confirmation:
        return say(
            "%(who)s comes on %(day)s. Confirmation: %(code)s", who=who, day=day, code=van.confirmation
        )
    if van.state == BOOKED:
        return say("%(who)s comes on %(day)s.", who=who, day=day)
    if van.state == REFUSED:
        return say("%(who)s does not come on %(day)s; why stands in the list.", who=who, day=day)
    return say("Nobody knows yet whether %(who)s comes: call them and say what you learned.", who=who)
