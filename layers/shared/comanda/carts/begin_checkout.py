"""Its customer begins to order, or is still at it: what the cart holds is kept for them a while longer."""

from typing import Any

from comanda.carts.edit import Carts, edit


def begin_checkout(cart_id: str, at: Carts) -> dict[str, Any]:
    """The cart with its units reserved, as far as they are there and the shop reserves in carts at all.

    Raises NotFound, WrongState for a cart that was ordered or taken over, Busy.
    """
    return edit(cart_id, lambda cart, window: cart, at, checkout=True)
