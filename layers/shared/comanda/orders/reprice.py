"""Price an order anew after it was placed: what was charged stands, only what changes is worked out."""

from collections.abc import Sequence

from comanda.orders.bill import Extra, Item, Price, TaxRule
from comanda.orders.model import Order
from comanda.orders.price import price


def reprice(order: Order, items: Sequence[Item], extras: Sequence[Extra], location: str) -> Price:
    """The price of `order` with these lines and extras, by the tax rules it was placed under.

    Give `Kept(line)` for a line that stays, `Kept(line, quantity=…)` or `Kept(line, unit_price=…)` for
    one that changes, `Wanted(product, quantity)` for a new one at today's price; leave out what is
    removed. A removed line's id may come back with the next new one: name it (`Wanted.line_id`) where
    that matters. Extras of before come from `extras_of`, to be kept, replaced or extended.
    Nothing changed gives exactly what was charged. Pure; money in minor units of the order's currency.
    """
    return price(items, extras, rule_of(order), order.locale, location)


def extras_of(order: Order) -> list[Extra]:
    """The order's discounts, surcharges and delivery at the amounts and tax rates of their charging."""
    return [Extra(c.kind, c.code, c.title, c.amount, c.tax_ppm, c.lines) for c in order.charges]


def rule_of(order: Order) -> TaxRule:
    """How the order's tax was worked out; the shop may do it otherwise by now."""
    return TaxRule(order.totals.tax_included, order.terms.rounding == "line")
