"""What an order takes over from its cart: lines, contact, and the units that the cart holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.carts.holding import moves
from comanda.carts.store import CartStore
from comanda.dynamo.transaction import Transaction
from comanda.stock.model import Move


@dataclass(frozen=True, slots=True)
class Handover:
    """`freed` and `end` belong into the order's own transaction: the units never lie free in between."""

    lines: tuple[tuple[str, int], ...]
    contact: dict[str, Any]
    freed: tuple[Move, ...]
    end: Callable[[Transaction], None]


def hand_over(cart_id: str, store: CartStore) -> Handover:
    """The cart as it is now, also one that was ordered, so that a replay finds it. Raises NotFound."""
    cart = store.load(cart_id)
    lines = tuple((line.sku, line.quantity) for line in cart.lines)
    return Handover(lines, dict(cart.contact), moves(cart.held), store.ordered(cart))
