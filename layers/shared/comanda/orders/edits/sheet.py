"""The order's lines and charges while actions are applied to them, one after the other."""

from dataclasses import dataclass, field, replace

from comanda.errors import AmbiguousLine, Invalid, WrongState
from comanda.orders.bill import Extra, Kept, Wanted
from comanda.orders.edits.change_set import Change
from comanda.orders.model import Order
from comanda.orders.reprice import extras_of
from comanda.pricelists.model import Tariff
from comanda.stock.model import Product


@dataclass(slots=True)
class Sheet:
    """`kept` are the order's lines by id, `new` what is added, `extras` all charges but the delivery."""

    order: Order
    edit_id: str
    kept: dict[str, Kept]
    extras: list[Extra]
    shipping: list[Extra]
    new: list[Wanted] = field(default_factory=list)
    touched: bool = False  # whether anything that is charged has changed

    @classmethod
    def of(cls, order: Order, edit_id: str) -> "Sheet":
        extras = extras_of(order)
        return cls(
            order,
            edit_id,
            {line.line_id: Kept(line) for line in order.lines},
            [extra for extra in extras if extra.kind != "shipping"],
            [extra for extra in extras if extra.kind == "shipping"],
        )

    def add(self, change: Change, at: str, product: Product | None, tariff: Tariff) -> None:
        """A new line at the customer's price of today, or at the price given. Raises Invalid."""
        if product is None or not product.active:
            raise Invalid.at(f"{at}/sku", f"there is no product {change.sku!r} for sale")
        line_id = f"{self.edit_id}-{len(self.new) + 1}"
        todays = tariff.unit_price(product.sku, product.price, change.quantity)
        each = todays if change.price is None else change.price
        self.new.append(Wanted(product, change.quantity, each, line_id))
        self.touched = True

    def remove(self, change: Change, at: str) -> None:
        """Take a line off, or a discount or surcharge by its code. Raises Invalid, WrongState."""
        if change.code:
            left = [extra for extra in self.extras if extra.code != change.code]
            if len(left) == len(self.extras):
                raise Invalid.at(f"{at}/code", "the order has no discount or surcharge of this code")
            self.extras = left
        else:
            kept = self._line(change, at)
            _not_below(kept, 0)
            del self.kept[kept.line_id]
        self.touched = True

    def quantity(self, change: Change, at: str) -> None:
        """Another number of units; none removes the line. Raises Invalid, WrongState."""
        if change.quantity == 0:
            self.remove(change, at)
            return
        kept = self._line(change, at)
        _not_below(kept, change.quantity)
        self.kept[kept.line_id] = replace(kept, quantity=change.quantity)
        self.touched = True

    def price(self, change: Change, at: str) -> None:
        """Another unit price for a charged line. Raises Invalid."""
        kept = self._line(change, at)
        self.kept[kept.line_id] = replace(kept, unit_price=change.price)
        self.touched = True

    def charge(self, change: Change, index: int) -> None:
        """A discount or surcharge more; its code names it for a later edit."""
        code = charge_code(self.edit_id, index)
        self.extras.append(Extra(change.kind, code, change.title, change.price or 0))
        self.touched = True

    def _line(self, change: Change, at: str) -> Kept:
        if change.line_id:
            if change.line_id not in self.kept:
                raise Invalid.at(f"{at}/line_id", f"the order has no line {change.line_id!r}")
            return self.kept[change.line_id]
        found = [kept for kept in self.kept.values() if kept.line.sku == change.sku]
        if not found:
            raise Invalid.at(f"{at}/sku", self._why_none(change.sku))
        if len(found) > 1:
            lines = ", ".join(kept.line_id for kept in found)
            detail = f"{change.sku} is on the lines {lines}"
            raise AmbiguousLine(detail, errors=[{"pointer": f"{at}/line_id", "detail": detail}])
        return found[0]

    def _why_none(self, sku: str) -> str:
        if any(wanted.product.sku == sku for wanted in self.new):
            return f"{sku!r} is added by this same edit: say quantity and unit_price there"
        return f"the order has no line of {sku!r}"


def charge_code(edit_id: str, index: int) -> str:
    """The code of the charge that an edit's action makes."""
    return f"{edit_id}-{index + 1}"


def _not_below(kept: Kept, quantity: int) -> None:
    """What has been shipped, or was cancelled before, stays on the line."""
    gone = kept.line.shipped + kept.line.cancelled
    if quantity < gone:
        detail = f"{gone} units of line {kept.line_id} have been shipped or cancelled: use a return"
        raise WrongState("below-shipped", detail)
