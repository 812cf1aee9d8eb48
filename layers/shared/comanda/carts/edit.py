"""Change a cart while others may be changing it too, and answer it as it is then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from comanda.carts.holding import moves
from comanda.carts.model import Cart
from comanda.carts.reserve import reserving
from comanda.carts.store import CartStore, ordered_already, taken_already
from comanda.carts.view import cart_answer
from comanda.carts.window import Window, WindowReader
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, OutOfStock
from comanda.idempotency.store import Earlier, Request
from comanda.times import stamp

ATTEMPTS = 10

type Change = Callable[[Cart, Window], Cart]


class Keys(Protocol):
    """What is known of Idempotency-Keys."""

    def earlier(self, request: Request) -> Earlier | None: ...

    def remember(self, tx: Transaction, request: Request, earlier: Earlier, at: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Carts:
    """Where carts live and what they see of the shop; see wiring."""

    store: CartStore
    windows: WindowReader
    keys: Keys
    new_id: Callable[[], str]
    now: Callable[[], datetime]


def edit(
    cart_id: str, change: Change, at: Carts, *, skus: Iterable[str] = (), checkout: bool = False
) -> dict[str, Any]:
    """Carry out `change` on the cart as it stands; `skus` are products it may not have yet.

    Where the shop wants that, a cart in checkout (or that goes there now: `checkout`) reserves its units,
    and keeps them longer with each change. Raises NotFound, WrongState for a cart that was ordered or
    taken over, what `change` refuses with, Busy.
    """
    extra = tuple(skus)
    for _ in range(ATTEMPTS):
        cart = at.store.load(cart_id)
        if cart.ordered:
            raise ordered_already()
        if cart.taken:
            raise taken_already()
        window = at.windows.read([*(line.sku for line in cart.lines), *extra]).beside(cart.held)
        now = stamp(at.now())
        changed = change(cart, window)
        changed = reserving(changed, window, now, checkout=checkout)
        if changed == cart:
            return cart_answer(cart, window, window.locale)
        try:
            _save(cart, replace(changed, version=cart.version + 1, updated_at=now), window, at)
        except (RevisionMoved, OutOfStock):  # changed elsewhere, or units just went
            continue
        return cart_answer(changed, window, window.locale)
    raise Busy("this cart is being changed from several places at once")


def _save(before: Cart, after: Cart, window: Window, at: Carts) -> None:
    """Write the cart with what it takes from the stock and gives back, as one. Raises RevisionMoved,
    OutOfStock and Busy."""
    tx = Transaction()
    at.store.save(tx, after, window.checkout.cart_seconds)
    at.windows.stock.write_moves(tx, moves(before.held, after.held))
    tx.commit()
