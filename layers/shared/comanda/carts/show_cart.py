"""Show a cart at today's prices."""

from typing import Any

from comanda.carts.edit import Carts
from comanda.carts.view import cart_answer


def show_cart(cart_id: str, at: Carts, locale: str = "") -> dict[str, Any]:
    """The cart as it stands, in `locale` or the language of whoever looks. Raises NotFound."""
    cart = at.store.load(cart_id)
    window = at.windows.read(line.sku for line in cart.lines).beside(cart.held)
    return cart_answer(cart, window, locale or window.locale)
