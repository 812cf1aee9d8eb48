"""Order the same again: a cart of what an order asked for, with a word on all that cannot be had alike."""

from dataclasses import replace
from typing import Any

from comanda.carts.change_line import judge
from comanda.carts.edit import Carts
from comanda.carts.model import Cart
from comanda.carts.show_cart import show_cart
from comanda.carts.start_cart import Started
from comanda.carts.view import cart_answer
from comanda.carts.window import Window
from comanda.dynamo.transaction import AlreadyDone, Transaction
from comanda.errors import Busy, Invalid, NotFound, OutOfStock
from comanda.idempotency.store import Earlier, Request
from comanda.orders.decision import Loaded
from comanda.orders.drafts.repeat import wanted_of
from comanda.orders.model import Order
from comanda.orders.wire import money
from comanda.times import stamp

CONTACT = ("email", "name", "phone")


def repeat_cart(loaded: Loaded, at: Carts, request: Request | None) -> Started:
    """A new cart with the order's products and contact, priced today.

    `repeat` names what is gone, short (the cart holds what there is), misfit (no whole boxes any more)
    and priced otherwise. A repeat under the same key answers the cart of the first time as it is now.
    """
    order = loaded.order
    for _ in range(2):
        earlier = at.keys.earlier(request) if request else None
        if earlier:
            told = {"repeat": earlier.result}
            return Started(show_cart(earlier.order_id, at, order.locale) | told, replayed=True)
        window = at.windows.read(wanted_of(order))
        lines, told_of = _sorted(order, window)
        cart = _cart(loaded, lines, at)
        body = cart_answer(cart, window, order.locale)
        told_of["repriced"] = _repriced(order, body["lines"])
        tx = Transaction()
        at.store.save(tx, cart, window.checkout.cart_seconds)
        if request:
            at.keys.remember(tx, request, Earlier(cart.cart_id, 1, told_of), cart.created_at)
        try:
            tx.commit()
        except AlreadyDone:
            continue
        return Started(body | {"repeat": told_of})
    raise Busy("the same order is being repeated several times at once")


def _sorted(order: Order, window: Window) -> tuple[dict[str, int], dict[str, Any]]:
    """What goes into the cart, and what is told of the rest."""
    names = {line.sku: line.name for line in order.lines}
    lines: dict[str, int] = {}
    told: dict[str, Any] = {"gone": [], "short": [], "misfit": []}
    for sku, units in wanted_of(order).items():
        try:
            judge(sku, units, window)
            lines[sku] = units
        except NotFound:
            told["gone"].append({"sku": sku, "name": names[sku], "quantity": units})
        except OutOfStock as little:
            told["short"] += little.extra["lines"]
            lines[sku] = max(little.extra["lines"][0]["available"], 0)
        except Invalid as misfit:
            told["misfit"].append({"sku": sku, "quantity": units, "detail": misfit.detail})
            lines[sku] = units
    return lines, told


def _cart(loaded: Loaded, lines: dict[str, int], at: Carts) -> Cart:
    now = stamp(at.now())
    given = loaded.text("contact") or {}
    contact = {name: str(given[name]) for name in CONTACT if given.get(name)}
    cart = Cart(at.new_id(), locale=loaded.order.locale, created_at=now, updated_at=now, version=1)
    for sku, units in lines.items():
        cart = cart.with_line(sku, units)
    return replace(cart, contact=contact)


def _repriced(order: Order, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Products whose unit price is not what the order was charged."""
    paid = {line.sku: money(line.unit_price, order.currency) for line in order.lines}
    return [
        {"sku": line["sku"], "was": paid[line["sku"]], "now": line["unit_price"]}
        for line in lines
        if line["unit_price"] != paid[line["sku"]]
    ]
