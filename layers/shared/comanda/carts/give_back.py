"""Give back the units of carts whose customers have gone."""

from collections.abc import Callable
from datetime import datetime

from comanda.carts.holding import moves
from comanda.carts.store import CartStore
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, NotFound
from comanda.stock.store import StockStore
from comanda.times import stamp


def give_back(
    store: CartStore,
    stock: StockStore,
    now: Callable[[], datetime],
    *,
    more_time: Callable[[], bool] = lambda: True,
) -> int:
    """Release what carts have held for long enough, each under its version; answers how many gave back.

    A cart that was changed, ordered or extended at the same moment keeps its units or has handed them on;
    whatever is left comes with the next sweep.
    """
    given = 0
    for cart_id in store.held_before(stamp(now())):
        if not more_time():
            break
        try:
            given += _release(cart_id, store, stock, stamp(now()))
        except (RevisionMoved, NotFound, Busy):
            continue
    return given


def _release(cart_id: str, store: CartStore, stock: StockStore, now: str) -> bool:
    cart = store.load(cart_id)
    if not cart.held or cart.held_until > now:
        return False
    tx = Transaction()
    store.release(tx, cart)
    stock.write_moves(tx, moves(cart.held))
    tx.commit()
    return True
