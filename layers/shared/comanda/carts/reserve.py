"""Reserve a cart's units for a while, by the shop's setting; each activity of its customer counts anew."""

from dataclasses import replace

from comanda.carts.holding import hold, needs
from comanda.carts.model import Cart
from comanda.carts.window import Window
from comanda.times import later


def reserving(cart: Cart, window: Window, now: str, *, checkout: bool) -> Cart:
    """The cart with what it holds from `now` on: all of it that there is, as the window shows it.

    What is short is no error: an order tells that. Off (`reserve_in_cart_seconds` null), a cart keeps at
    most what it holds already, for as long as it was told.
    """
    seconds = window.stock.reserve_in_cart_seconds
    wanted = needs(cart, window.products)
    active = seconds is not None and (checkout or cart.in_checkout)
    if not active and not cart.held:
        return cart
    held = hold(wanted, cart, window.places if active else {}, window.stock.default_location)
    until = later(now, seconds) if active and seconds else cart.held_until
    return replace(cart, held=held, held_until=until if held else "")
