"""A cart as the storefront sees it, priced now."""

from typing import Any

from comanda.carts.holding import covered, needs
from comanda.carts.model import Cart
from comanda.carts.window import Window
from comanda.orders.bill import TaxRule, Wanted
from comanda.orders.model import Line, Totals
from comanda.orders.price import price
from comanda.stock.available import backorder_answer

SUMS = ("subtotal", "discount", "surcharge", "shipping", "tax", "total")


def cart_answer(cart: Cart, window: Window, locale: str) -> dict[str, Any]:
    """Lines with what is left of each, and totals before delivery.

    Products that are no longer sold are named apart and cost nothing. `window` is that of the cart's own
    customer, to whom what it holds is available (`beside`).
    """
    wanted = [
        Wanted(product, line.quantity, window.tariff.unit_price(line.sku, product.price, line.quantity))
        for line in cart.lines
        if (product := window.on_sale(line.sku))
    ]
    rule = TaxRule(window.shop.tax_included, window.shop.rounding == "line")
    priced = price(wanted, [], rule, locale, window.stock.default_location)
    currency = window.shop.currency
    gone = [line for line in cart.lines if not window.on_sale(line.sku)]
    reserved = covered(needs(cart, window.products), cart)
    return {
        "cart_id": cart.cart_id,
        "lines": [_line(line, n, window) for line, n in zip(priced.lines, reserved, strict=True)],
        "totals": _totals(priced.totals, currency),
        "unavailable": [{"sku": line.sku, "quantity": line.quantity} for line in gone],
        "contact": cart.contact or None,
        "ordered": cart.ordered,
        "reserved_until": cart.held_until or None,
        "taken_over": _taken(cart, window),
    }


def _taken(cart: Cart, window: Window) -> dict[str, Any] | None:
    """Who of the shop finishes the order with the customer; the shop itself when it gave no name."""
    if not cart.taken:
        return None
    return {"by": cart.taken.get("by") or window.shop.name, "at": cart.taken.get("at")}


def _line(line: Line, reserved: int, window: Window) -> dict[str, Any]:
    currency = window.shop.currency
    return {
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": {"amount": line.unit_price, "currency": currency},
        "total": {"amount": line.total, "currency": currency},
        "available": window.available[line.sku],
        "reserved": reserved,
        "backorder": backorder_answer(window.products[line.sku]),
        "image": window.products[line.sku].image or None,
    }


def _totals(totals: Totals, currency: str) -> dict[str, Any]:
    sums: dict[str, Any] = {name: {"amount": getattr(totals, name), "currency": currency} for name in SUMS}
    return sums | {"tax_included": totals.tax_included}
