"""A customer's open cart taken over, to be finished by telephone."""

from comanda.backoffice.take_cart import take_cart
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.page import address_of
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked


def take(asked: Asked, desk: SalesDesk, cart_id: str) -> Answer:
    """The cart becomes a draft; what of it is gone is named on its page. Raises NotFound, WrongState."""
    done = take_cart(
        cart_id, "", asked.origin, asked.key, desk.office(), desk.carts(), desk.drafts(), desk.settings()
    )
    told = asked.tongue.say("The cart is yours now: its customer sees that the shop finishes the order.")
    return Goto(address_of(done.order.order_id), told)
