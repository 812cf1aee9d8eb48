"""What an order amounts to: charges, taxes and totals."""

from dataclasses import dataclass

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class Charge(Record):
    """A discount, surcharge or shipping line with its tax, as charged. `kind` says which.

    A discount with `lines` (line ids) was taken from those alone.
    """

    kind: str  # discount | surcharge | shipping
    code: str
    title: str
    amount: int
    tax: int = 0
    tax_ppm: int = 0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxLine(Record):
    rate_ppm: int
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Totals(Record):
    """total = subtotal − discount + surcharge + shipping (+ tax when prices do not contain it)."""

    subtotal: int
    discount: int
    surcharge: int
    shipping: int
    tax: int
    total: int
    tax_included: bool
