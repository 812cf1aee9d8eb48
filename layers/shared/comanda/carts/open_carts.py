"""Carts that somebody with a contact still fills: staff see them as quotations, newest first."""

from typing import Any

from comanda.carts.edit import Carts
from comanda.carts.model import Cart
from comanda.carts.view import cart_answer
from comanda.orders.vocabulary import Stage

MOST, USUAL = 50, 25
LIFECYCLE = "cart"  # beside the lifecycles of orders, in the same list


def list_open(at: Carts, *, limit: int, after: str) -> dict[str, Any]:
    """`{items, next}`: one Query of the sparse index, one read of the carts, one of their products.

    `after` is the position behind which to go on, as `next` told it.
    """
    positions, more = at.store.open_positions(limit, after)
    carts = [cart for cart in at.store.many([p.rpartition("#")[2] for p in positions]) if cart.open]
    window = at.windows.read(sku for cart in carts for sku in (line.sku for line in cart.lines))
    items = [_row(cart, cart_answer(cart, window.beside(cart.held), cart.locale)) for cart in carts]
    return {"items": items, "next": positions[-1] if more and positions else None}


def _row(cart: Cart, shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "cart_id": cart.cart_id,
        "lifecycle": LIFECYCLE,
        "stage": Stage.QUOTATION,
        "customer": cart.contact,
        "lines": shown["lines"],
        "unavailable": shown["unavailable"],
        "articles": sum(line.quantity for line in cart.lines),
        "total": shown["totals"]["total"],
        "locale": cart.locale,
        "created_at": cart.created_at,
        "updated_at": cart.updated_at,
    }
