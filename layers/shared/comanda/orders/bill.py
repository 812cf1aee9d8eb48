"""What goes on a bill: products, lines kept as they were charged, extras; how it is taxed, and the result."""

from dataclasses import dataclass

from comanda.money import fraction_of, tax_within
from comanda.orders.model import Charge, Line, TaxLine, Totals
from comanda.stock.model import Product


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product and how many of it, at its price of today or at `unit_price` (minor units).

    `line_id` names the line; without one it gets the next number after those of the other lines.
    """

    product: Product
    quantity: int
    unit_price: int | None = None
    line_id: str = ""

    @property
    def each(self) -> int:
        return self.product.price if self.unit_price is None else self.unit_price

    @property
    def units(self) -> int:
        return self.quantity

    @property
    def tax_ppm(self) -> int:
        return self.product.tax_ppm


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as it was charged: it keeps its price, tax rate, name and counters, whatever the shop asks
    today. `quantity` and `unit_price` are given where they change (a manual price, fewer units)."""

    line: Line
    quantity: int | None = None
    unit_price: int | None = None

    @property
    def each(self) -> int:
        return self.line.unit_price if self.unit_price is None else self.unit_price

    @property
    def units(self) -> int:
        return self.line.quantity if self.quantity is None else self.quantity

    @property
    def tax_ppm(self) -> int:
        return self.line.tax_ppm

    @property
    def line_id(self) -> str:
        return self.line.line_id


type Item = Wanted | Kept


@dataclass(frozen=True, slots=True)
class Extra:
    """A discount, surcharge or delivery: `amount` positive, before tax is told apart.

    `tax_ppm` None: the rule of its kind. A discount with `lines` (line ids) counts for those alone.
    """

    kind: str  # discount | surcharge | shipping
    code: str
    title: str
    amount: int
    tax_ppm: int | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]
    tax_lines: tuple[TaxLine, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class TaxRule:
    included: bool
    per_line: bool

    def tax(self, amount: int, rate_ppm: int) -> int:
        return tax_within(amount, rate_ppm) if self.included else fraction_of(amount, rate_ppm)
