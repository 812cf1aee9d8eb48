"""What an edit comes to: lines, charges and totals; preview and commit are this one record."""

from dataclasses import dataclass, replace
from typing import Any

from comanda.canonical import canonical, sha256
from comanda.orders.balance import balance
from comanda.orders.derive import amount_due
from comanda.orders.model import Charge, Line, Order, TaxLine, Totals
from comanda.orders.record import Record

COUNTS = ("reserved", "allocated", "picked", "shipped", "delivered", "cancelled", "returned")
PLACES = {"held": (), "shard": 0, "backordered": 0, "promised_at": ""}
COUNTERS: dict[str, Any] = {name: 0 for name in COUNTS} | PLACES


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """The order's goods and sums after an edit. Its lines carry no counters: those are the order's."""

    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]
    tax_lines: tuple[TaxLine, ...]
    totals: Totals
    delivery: str
    delivery_slot: str = ""

    @property
    def digest(self) -> str:
        return sha256(canonical(self.to_dict()))


def bare(line: Line) -> Line:
    """The line without its counters."""
    return replace(line, **COUNTERS)


def unchanged(order: Order) -> Outcome:
    """The order's own goods and sums, exactly as they were charged."""
    return Outcome(
        tuple(map(bare, order.lines)),
        order.charges,
        order.tax_lines,
        order.totals,
        order.delivery,
        order.delivery_slot,
    )


def applied(order: Order, outcome: Outcome) -> Order:
    """The order with the outcome's goods and sums; lines that stay keep their counters.

    What is due changes by the difference of the totals and by nothing else: what was given back before
    out of goodwill stays given.
    """
    sums = balance(order.ledger)
    not_asked = order.totals.total - sums.kept - amount_due(order) if order.terms.payable else 0
    return replace(
        order,
        waived=max(not_asked, 0),
        given_back=sums.refunded - sums.disputed,
        lines=tuple(_counted(line, order.line(line.line_id)) for line in outcome.lines),
        charges=outcome.charges,
        tax_lines=outcome.tax_lines,
        totals=outcome.totals,
        delivery=outcome.delivery,
        delivery_slot=outcome.delivery_slot,
    )


def _counted(line: Line, known: Line | None) -> Line:
    return replace(line, **{name: getattr(known, name) for name in COUNTERS}) if known else line
