"""What an order costs. Integer arithmetic only; every share by largest remainder.

Prices contain tax or not, by the shop's setting. Tax is rounded half away from zero, per line or
per rate over the whole order (`rounding`); in the second case the lines' shares add up to it.
A surcharge is taxed at the highest rate among the lines unless it names its own, shipping at its own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from comanda.money import share
from comanda.orders.bill import Extra, Item, Kept, Price, TaxRule
from comanda.orders.model import Charge, Component, Line, TaxLine, Totals


def price(items: Sequence[Item], extras: Sequence[Extra], rule: TaxRule, locale: str, location: str) -> Price:
    """Price lines and extras; the one function behind carts, checkout, edits, drafts and repeats.

    New lines (`Wanted`) cost what their product costs today, or the price they name; charged ones
    (`Kept`) what they were charged. Line ids and the order of lines and charges stay. Discounts take
    from the lines in turn and never more than is left of them. `locale` and `location` are those of
    new lines. The same arguments give the same price: a preview of it is what will be charged.
    """
    ids = _line_ids(items)
    subtotals = [item.each * item.units for item in items]
    taken = discount_parts(ids, subtotals, extras)
    discounts = [sum(parts) for parts in zip(*taken, strict=True)] if taken else [0] * len(subtotals)
    bases = [gross - off for gross, off in zip(subtotals, discounts, strict=True)]
    taxes = _line_taxes(bases, [item.tax_ppm for item in items], rule)
    lines = tuple(
        _line(item, ids[i], subtotals[i], discounts[i], taxes[i], rule, locale, location)
        for i, item in enumerate(items)
    )
    charges = _charges(extras, taken, rule, max((item.tax_ppm for item in items), default=0))
    return Price(lines, charges, _tax_lines(lines, charges), _totals(lines, charges, rule))


def _line_ids(items: Sequence[Item]) -> list[str]:
    highest = max((_number(item.line_id) for item in items), default=0)
    ids = []
    for item in items:
        highest += 0 if item.line_id else 1
        ids.append(item.line_id or f"l{highest}")
    return ids


def _number(line_id: str) -> int:
    return int(line_id[1:]) if line_id[:1] == "l" and line_id[1:].isdigit() else 0


def discount_parts(ids: Sequence[str], subtotals: Sequence[int], extras: Sequence[Extra]) -> list[list[int]]:
    """What each discount among `extras` takes from each line, in minor units."""
    left = list(subtotals)
    taken = []
    for extra in extras:
        if extra.kind == "discount":
            weights = [
                rest if not extra.lines or name in extra.lines else 0
                for name, rest in zip(ids, left, strict=True)
            ]
            parts = share(min(extra.amount, sum(weights)), weights)
            left = [rest - part for rest, part in zip(left, parts, strict=True)]
            taken.append(parts)
    return taken


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
    item: Item,
    line_id: str,
    subtotal: int,
    discount: int,
    tax: int,
    rule: TaxRule,
    locale: str,
    location: str,
) -> Line:
    total = subtotal - discount + (0 if rule.included else tax)
    if isinstance(item, Kept):
        charged = replace(item.line, quantity=item.units, unit_price=item.each, subtotal=subtotal)
        return replace(charged, discount=discount, tax=tax, total=total)
    product = item.product
    return Line(
        line_id=line_id,
        sku=product.sku,
        name=product.name(locale),
        quantity=item.quantity,
        unit_price=item.each,
        subtotal=subtotal,
        discount=discount,
        tax=tax,
        tax_ppm=product.tax_ppm,
        total=total,
        tracked=product.tracked,
        weight_grams=product.weight_grams,
        barcode=product.barcode,
        location=location,
        components=tuple(Component(part.sku, part.quantity, part.tracked) for part in product.components),
    )


def _charges(
    extras: Sequence[Extra], taken: Sequence[Sequence[int]], rule: TaxRule, highest: int
) -> tuple[Charge, ...]:
    amounts = iter(taken)
    charges = []
    for extra in extras:
        if extra.kind == "discount":
            amount = sum(next(amounts))
            charges.append(Charge("discount", extra.code, extra.title, amount, lines=extra.lines))
        else:
            usual = highest if extra.kind == "surcharge" else 0
            rate = usual if extra.tax_ppm is None else extra.tax_ppm
            tax = rule.tax(extra.amount, rate)
            charges.append(Charge(extra.kind, extra.code, extra.title, extra.amount, tax, rate))
    return tuple(charges)


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


def _totals(lines: Sequence[Line], charges: Sequence[Charge], rule: TaxRule) -> Totals:
    subtotal = sum(line.subtotal for line in lines)
    tax = sum(line.tax for line in lines) + sum(charge.tax for charge in charges)
    discount, surcharge, shipping = (_sum(charges, kind) for kind in ("discount", "surcharge", "shipping"))
    total = subtotal - discount + surcharge + shipping + (0 if rule.included else tax)
    return Totals(subtotal, discount, surcharge, shipping, tax, total, rule.included)


def _sum(charges: Sequence[Charge], kind: str) -> int:
    return sum(charge.amount for charge in charges if charge.kind == kind)
