"""Set how many of a product are in a cart."""

from typing import Any

from comanda.carts.edit import Carts, edit
from comanda.carts.model import MOST_LINES, Cart
from comanda.carts.window import Window
from comanda.errors import Invalid, NotFound, OutOfStock
from comanda.stock.bundles import oversold


def change_line(cart_id: str, sku: str, quantity: int, at: Carts) -> dict[str, Any]:
    """Exactly `quantity` of `sku`; 0 removes it. Stock is looked at, not taken: an order takes it.

    Raises NotFound for the cart or the product, OutOfStock, Invalid for one line too many, or no whole boxes.
    """

    def change(cart: Cart, window: Window) -> Cart:
        if quantity:
            judge(sku, quantity, window)
        changed = cart.with_line(sku, quantity)
        if len(changed.lines) > MOST_LINES:
            raise Invalid.at("/lines", f"a cart takes at most {MOST_LINES} different products")
        return changed

    return edit(cart_id, change, at, skus=[sku])


def judge(sku: str, quantity: int, window: Window) -> None:
    """Whether so many can be bought now. Raises NotFound, OutOfStock, or Invalid for no whole boxes."""
    product = window.on_sale(sku)
    if product is None:
        raise NotFound(f"there is no product {sku!r} for sale")
    rule = window.tariff.rule(sku)
    if not rule.fits(quantity):
        error = {"pointer": "/quantity"} | rule.refusal(sku, quantity)
        raise Invalid(error["detail"], errors=[error])
    left = window.available[sku]
    if left is not None and left < quantity and not oversold(product, window.free, quantity):
        line = {"sku": sku, "requested": quantity, "available": left}
        raise OutOfStock(f"{sku}: {quantity} wanted, {left} available", lines=[line])
