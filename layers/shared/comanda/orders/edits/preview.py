"""What staff are shown of an edit before it is carried out: sums, difference, stock."""

from collections.abc import Iterable, Mapping
from typing import Any

from comanda.customers.addresses.check import check_address
from comanda.orders import goods
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.edits.change_set import Change
from comanda.orders.edits.money import difference, standing
from comanda.orders.edits.outcome import Outcome, applied
from comanda.orders.model import Order
from comanda.orders.reservation import EXPIRED
from comanda.orders.wire import money, totals_answer
from comanda.stock.model import Move
from comanda.stock.places import Look


def stock_after(order: Order, outcome: Outcome) -> tuple[Decision, Decision]:
    """What an edit gives back to the shelf and what it takes from it."""
    after = applied(order, outcome)
    takes = goods.increase(order, after) if holds_stock(order) else NOTHING
    return goods.surplus(order, after), takes


def holds_stock(order: Order) -> bool:
    """Whether this order has its goods set aside: from the placing on, or since it was accepted, unless
    they went back for want of money; then money takes all of them at once."""
    return (order.terms.reserve_on == "placed" or order.approved) and order.reservation != EXPIRED


def preview(
    order: Order, outcome: Outcome, seen: Look, warnings: Iterable[str], addresses: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The contract's `preview`, with the lines and what will be open. `seen` is today's stock, all places;
    `addresses` are the new ones, with what the check says of them."""
    after = applied(order, outcome)
    tax = outcome.totals.tax - order.totals.tax
    return {
        "totals": totals_answer(after),
        "difference": difference(order, outcome),
        "tax_difference": money(tax, order.currency),
        **standing(order, outcome),
        "stock": stock_effect(order, outcome, seen),
        "lines": [
            {
                "line_id": line.line_id,
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "unit_price": money(line.unit_price, order.currency),
                "total": money(line.total, order.currency),
            }
            for line in outcome.lines
        ],
        "warnings": list(warnings),
        "addresses": {slot: check_address(place).to_dict() for slot, place in addresses.items()},
    }


def new_addresses(changes: Iterable[Change], texts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The addresses that an edit brings, by their slot: shipping, billing."""
    found = {}
    for name in (name for change in changes for name in change.texts):
        slot = name.rpartition(":")[2]
        if slot in ("shipping", "billing") and texts.get(name):
            found[slot] = texts[name]
    return found


def stock_effect(order: Order, outcome: Outcome, seen: Look) -> list[dict[str, Any]]:
    """Units reserved and released per SKU, and whether the edit can be carried out at this moment.

    `backorder` tells of units that will wait, where a product is sold beyond its stock.
    """
    released, reserved = stock_after(order, outcome)
    out = {"release": _units(released.moves), "reserve": _units(reserved.moves)}
    effect = []
    for sku in sorted(out["release"].keys() | out["reserve"].keys()):
        release, reserve = -out["release"].get(sku, 0), out["reserve"].get(sku, 0)
        available = sum(place.available for place in seen.places.get(sku, ()))
        told = {"sku": sku, "reserve": reserve, "release": release, "available": available}
        short = max(reserve - release - max(available, 0), 0)
        waits = None
        if short and sku in seen.promised:
            waits = {"units": short, "promised_at": seen.promised[sku] or None}
        effect.append(told | {"sufficient": not short or waits is not None, "backorder": waits})
    return effect


def _units(moves: Iterable[Move]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for move in moves:
        sums[move.sku] = sums.get(move.sku, 0) + move.reserved + move.allocated
    return sums
