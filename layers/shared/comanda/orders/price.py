"""What an order costs. Integer arithmetic only; every share by largest remainder.

Prices contain tax or not, by the shop's setting. Tax is rounded half away from zero, per line or
per rate over the whole order (`rounding`); in the second case the lines' shares add up to it.
A surcharge is taxed at the highest rate among the lines, shipping at its own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from comanda.money import fraction_of, share, tax_within
from comanda.orders.model import Charge, Line, TaxLine, Totals
from comanda.stock.model import Product


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product and how many of it."""

    product: Product
    quantity: int


@dataclass(frozen=True, slots=True)
class Extra:
    """A discount, surcharge or delivery with its price before tax is told apart."""

    kind: str
    code: str
    title: str
    amount: int
    tax_ppm: int = 0


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


def price(
    wanted: Sequence[Wanted], extras: Sequence[Extra], rule: TaxRule, locale: str, location: str
) -> Price:
    """Price the lines and the extras (amounts positive; discounts are capped at the subtotal)."""
    subtotals = [item.product.price * item.quantity for item in wanted]
    subtotal = sum(subtotals)
    discount = min(_sum(extras, "discount"), subtotal)
    discounts = share(discount, subtotals)
    bases = [gross - off for gross, off in zip(subtotals, discounts, strict=True)]
    rates = [item.product.tax_ppm for item in wanted]
    line_taxes = _line_taxes(bases, rates, rule)
    highest = max(rates, default=0)
    charges = tuple(_charge(extra, rule, highest, discount) for extra in extras)
    lines = tuple(
        _line(index, item, subtotals[index], discounts[index], line_taxes[index], rule, locale, location)
        for index, item in enumerate(wanted)
    )
    return Price(
        lines, charges, _tax_lines(lines, charges), _totals(lines, charges, subtotal, discount, rule)
    )


def _line_taxes(bases: Sequence[int], rates: Sequence[int], rule: TaxRule) -> list[int]:
    if rule.per_line:
        return [rule.tax(base, rate) for base, rate in zip(bases, rates, strict=True)]
    taxes = [0] * len(bases)
    for rate in sorted(set(rates)):
        places = [i for i, r in enumerate(rates) if r == rate]
        whole = rule.tax(sum(bases[i] for i in places), rate)
        for i, part in zip(places, share(whole, [bases[i] for i in places]), strict=True):
            taxes[i] = part
    return taxes


def _line(
    index: int,
    item: Wanted,
    subtotal: int,
    discount: int,
    tax: int,
    rule: TaxRule,
    locale: str,
    location: str,
) -> Line:
    product = item.product
    return Line(
        line_id=f"l{index + 1}",
        sku=product.sku,
        name=product.name(locale),
        quantity=item.quantity,
        unit_price=product.price,
        subtotal=subtotal,
        discount=discount,
        tax=tax,
        tax_ppm=product.tax_ppm,
        total=subtotal - discount + (0 if rule.included else tax),
        tracked=product.tracked,
        weight_grams=product.weight_grams,
        barcode=product.barcode,
        location=location,
    )


def _charge(extra: Extra, rule: TaxRule, highest: int, discount: int) -> Charge:
    if extra.kind == "discount":
        return Charge("discount", extra.code, extra.title, min(extra.amount, discount))
    rate = highest if extra.kind == "surcharge" else extra.tax_ppm
    return Charge(extra.kind, extra.code, extra.title, extra.amount, rule.tax(extra.amount, rate), rate)


def _tax_lines(lines: Sequence[Line], charges: Sequence[Charge]) -> tuple[TaxLine, ...]:
    bases: dict[int, int] = defaultdict(int)
    taxes: dict[int, int] = defaultdict(int)
    for line in lines:
        bases[line.tax_ppm] += line.subtotal - line.discount
        taxes[line.tax_ppm] += line.tax
    for charge in charges:
        if charge.kind != "discount":
            bases[charge.tax_ppm] += charge.amount
            taxes[charge.tax_ppm] += charge.tax
    return tuple(TaxLine(rate, bases[rate], taxes[rate]) for rate in sorted(bases))


def _totals(
    lines: Sequence[Line], charges: Sequence[Charge], subtotal: int, discount: int, rule: TaxRule
) -> Totals:
    tax = sum(line.tax for line in lines) + sum(charge.tax for charge in charges)
    surcharge, shipping = _sum(charges, "surcharge"), _sum(charges, "shipping")
    total = subtotal - discount + surcharge + shipping + (0 if rule.included else tax)
    return Totals(subtotal, discount, surcharge, shipping, tax, total, rule.included)


def _sum(charges: Sequence[Extra] | Sequence[Charge], kind: str) -> int:
    return sum(charge.amount for charge in charges if charge.kind == kind)
