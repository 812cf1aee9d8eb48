"""What a refund comes to: by lines, by amount, with or without shipping, or all that is left. Pure.

Units of a line are worth their share of what the customer paid for the line, tax and discount
included, exactly as charged. The shares of all units add up to the line: one more cent goes to each
of the first units (largest remainder), in whatever parts they are given back.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from comanda.errors import Invalid, WrongState
from comanda.orders.lines import line_named
from comanda.orders.model import Line, Order, RefundLine
from comanda.orders.refunds import Plan, grants, refundable


@dataclass(frozen=True, slots=True)
class Unit:
    """Units of one line, named by its id, or by a SKU that is on one line only."""

    quantity: int
    line_id: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What staff ask for. Neither lines, amount nor shipping: all that is left. `shipping`: True for what
    is left of it, or an amount, and nothing else unless that is named too; False, or an amount of 0,
    leaves it out; None decides nothing. Amounts in minor units."""

    lines: tuple[Unit, ...] | None = None
    amount: int | None = None
    shipping: bool | int | None = None

    @property
    def everything(self) -> bool:
        return self.lines is None and self.amount is None and not self.shipping

    @property
    def without_shipping(self) -> bool:
        return self.shipping is not None and not self.shipping


def planned(order: Order, wish: Wish) -> Plan:
    """The refund in money.

    Raises Invalid for what makes no sense, AmbiguousLine, and WrongState when it is more than is left of
    a line (`refund-exceeds-line`), of shipping (`refund-exceeds-shipping`) or of the money
    (`refund-exceeds-payment`).
    """
    if wish.lines is not None and wish.amount is not None:
        raise Invalid.at("/amount", "send either lines or an amount")
    shipping = _shipping(order, wish.shipping)
    if wish.everything:
        return _everything(order, wish)
    lines = _lines(order, wish.lines or ())
    plan = Plan(sum(line.amount for line in lines) + (wish.amount or 0) + shipping, lines, shipping)
    if plan.amount <= 0:
        raise Invalid.at(_place(wish), "this comes to nothing")
    here = refundable(order)
    if plan.amount > here:
        raise WrongState("refund-exceeds-payment", f"{plan.amount} asked for, {here} can be given back")
    return plan


def _place(wish: Wish) -> str:
    """Where a wish that comes to nothing says so."""
    if wish.amount is not None:
        return "/amount"
    return "/shipping" if wish.lines is None else "/lines"


def _everything(order: Order, wish: Wish) -> Plan:
    """All that is left; it is told apart by lines when it covers them whole."""
    shipping = shipping_left(order)
    amount = refundable(order) - (shipping if wish.without_shipping else 0)
    if amount <= 0 and wish.without_shipping:
        raise WrongState("refund-exceeds-payment", "nothing but the shipping is left")
    shipping = 0 if wish.without_shipping else shipping
    left = [(line, line.quantity - _given(order, line.line_id).quantity) for line in order.lines]
    lines = tuple(_share(order, line, units) for line, units in left if units > 0)
    whole = sum(line.amount for line in lines) + shipping <= amount
    return Plan(amount, lines if whole else (), shipping if whole else 0, foreign=not wish.without_shipping)


def _lines(order: Order, units: Iterable[Unit]) -> tuple[RefundLine, ...]:
    wanted: Counter[str] = Counter()
    for index, unit in enumerate(units):
        wanted[line_named(order, unit.line_id, unit.sku, f"/lines/{index}").line_id] += unit.quantity
    return tuple(_share(order, line, wanted[line.line_id]) for line in order.lines if wanted[line.line_id])


def _share(order: Order, line: Line, units: int) -> RefundLine:
    """What the next `units` of the line are worth; whatever was given back of it before fits in."""
    before = _given(order, line.line_id)
    upto = before.quantity + units
    if upto > line.quantity:
        left = line.quantity - before.quantity
        detail = f"{line.sku} (line {line.line_id}): {units} asked for, {left} not given back yet"
        raise WrongState("refund-exceeds-line", detail)
    return RefundLine(
        line.line_id,
        units,
        max(worth(line.total, line.quantity, upto) - before.amount, 0),
        max(worth(line.tax, line.quantity, upto) - before.tax, 0),
        max(worth(line.discount, line.quantity, upto) - before.discount, 0),
    )


def worth(total: int, quantity: int, units: int) -> int:
    """What the first `units` of `quantity` are worth when all are worth `total`."""
    each, more = divmod(total, quantity)
    return units * each + min(units, more)


def _given(order: Order, line_id: str) -> RefundLine:
    """All that was granted of a line and not withdrawn."""
    found = [
        line
        for grant in grants(order)
        if grant.status != "void"
        for line in grant.lines
        if line.line_id == line_id
    ]
    sums = (sum(getattr(line, name) for line in found) for name in ("quantity", "amount", "tax", "discount"))
    return RefundLine(line_id, *sums)


def _shipping(order: Order, wanted: bool | int | None) -> int:
    left = shipping_left(order)
    if wanted is True:
        return left
    if not wanted:
        return 0
    if wanted > left:
        raise WrongState("refund-exceeds-shipping", f"{wanted} asked for, {left} of the shipping is left")
    return wanted


def shipping_left(order: Order) -> int:
    """What the customer paid for shipping, tax included, and did not get back."""
    paid = sum(
        charge.amount + (0 if order.totals.tax_included else charge.tax)
        for charge in order.charges
        if charge.kind == "shipping"
    )
    return max(paid - sum(grant.shipping for grant in grants(order) if grant.status != "void"), 0)
