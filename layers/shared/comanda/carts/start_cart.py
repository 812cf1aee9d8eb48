"""Begin a cart, empty or with lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from comanda.carts.change_line import judge
from comanda.carts.edit import Carts
from comanda.carts.model import Cart
from comanda.carts.show_cart import show_cart
from comanda.carts.view import cart_answer
from comanda.carts.window import Window
from comanda.dynamo.transaction import AlreadyDone, Transaction
from comanda.errors import Busy, Invalid, NotFound, OutOfStock
from comanda.idempotency.store import Earlier, Request
from comanda.times import stamp


@dataclass(frozen=True, slots=True)
class Started:
    body: dict[str, Any]
    replayed: bool = False


def start_cart(
    lines: Sequence[tuple[str, int]], at: Carts, locale: str = "", request: Request | None = None
) -> Started:
    """A new cart; lines of the same product are summed. Without `locale` it is in the looker's language.

    A repeat under the same key answers the cart of the first time as it is now. Raises Invalid with
    every unknown product and every quantity that does not fit, OutOfStock with every line that is too
    much; nothing is written then.
    """
    sums: dict[str, int] = {}
    for sku, quantity in lines:
        sums[sku] = sums.get(sku, 0) + quantity
    for _ in range(2):
        window = at.windows.read(sums, request)
        spoken = locale or window.locale
        if window.earlier:
            return Started(show_cart(window.earlier.order_id, at, spoken), replayed=True)
        _judge_all(lines, sums, window)
        try:
            cart = _written(sums, at, spoken, request, window)
        except AlreadyDone:
            continue
        return Started(cart_answer(cart, window, spoken))
    raise Busy("the same cart is being begun several times at once")


def _written(sums: dict[str, int], at: Carts, locale: str, request: Request | None, window: Window) -> Cart:
    now = stamp(at.now())
    cart = Cart(at.new_id(), locale=locale, created_at=now, updated_at=now, version=1)
    for sku, quantity in sums.items():
        cart = cart.with_line(sku, quantity)
    tx = Transaction()
    at.store.save(tx, cart, window.checkout.cart_seconds)
    if request:
        at.keys.remember(tx, request, Earlier(cart.cart_id, 1), now)
    tx.commit()
    return cart


def _judge_all(lines: Sequence[tuple[str, int]], sums: dict[str, int], window: Window) -> None:
    wrong: list[dict[str, Any]] = []
    short: list[dict[str, Any]] = []
    for sku, quantity in sums.items():
        try:
            judge(sku, quantity, window)
        except NotFound as missing:
            wrong.append({"pointer": f"/lines/{_place(sku, lines)}/sku", "detail": missing.detail})
        except Invalid as misfit:
            pointer = {"pointer": f"/lines/{_place(sku, lines)}/quantity"}
            wrong += [error | pointer for error in misfit.extra["errors"]]
        except OutOfStock as little:
            short += little.extra["lines"]
    if wrong:
        raise Invalid("some products cannot be had like this", errors=wrong)
    if short:
        raise OutOfStock("some products are not left in this quantity", lines=short)


def _place(sku: str, lines: Sequence[tuple[str, int]]) -> int:
    return next(index for index, (name, _) in enumerate(lines) if name == sku)
