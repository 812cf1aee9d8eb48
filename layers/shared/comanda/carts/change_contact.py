"""Say whose cart it is, so that the order form is filled and somebody can be reminded of it."""

from dataclasses import replace
from typing import Any

from comanda.carts.edit import Carts, edit
from comanda.carts.model import Cart
from comanda.carts.window import Window


def change_contact(cart_id: str, contact: dict[str, str], at: Carts) -> dict[str, Any]:
    """Replace the contact. What cannot be judged cheaply is judged when the order is placed."""
    given = {name: value for name, value in contact.items() if value}

    def change(cart: Cart, window: Window) -> Cart:
        return replace(cart, contact=given, locale=window.locale)

    return edit(cart_id, change, at)
