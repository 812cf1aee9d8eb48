"""Policy `substitute`: another article in place of the units, never dearer for the customer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import Invalid
from comanda.fulfilment.short_pick.backorder import waiting_for_others
from comanda.fulfilment.short_pick.case import Case, Remedy
from comanda.fulfilment.short_pick.instead import routes_beside
from comanda.fulfilment.short_pick.refund import doing_without_them, settled
from comanda.orders.bill import Wanted
from comanda.orders.decision import Decision
from comanda.orders.edits.desk import buyer_of
from comanda.orders.edits.do_without import replacing
from comanda.orders.edits.outcome import Outcome
from comanda.orders.edits.work_out import EditShelf, too_many_products
from comanda.orders.holdings import item
from comanda.orders.model import Line
from comanda.orders.routing import reserves

FALLBACKS = {"backorder": waiting_for_others, "refund": doing_without_them}
WHERE = "/substitute/sku"


@dataclass(frozen=True, slots=True)
class Swap:
    """The line whose units are not there, how many, and what is to come instead."""

    line: Line
    units: int
    sku: str


def replacing_them(case: Case) -> Remedy:
    """Each line gives up its units, and a new line has as many of the substitute, set aside at once. What is
    not in stock in full, of any line, goes by the shop's fallback instead, and so does what the settings name
    no (usable) substitute for.

    Raises Invalid at `/substitute` where staff want a substitute and nobody names one, at `/substitute/sku`
    where the one that they name cannot be one; WrongState as the refund and the fallback do.
    """
    swaps = _swaps(case)
    if swaps is None:
        return _otherwise(case)
    shelf = case.desk.on_sale(sorted({one.sku for one in swaps}), buyer_of(case.order))
    new = {one.line.line_id: _new(case, at, one, shelf) for at, one in enumerate(swaps)}
    wanted = {of: each for of, each in new.items() if each is not None}
    outcome = replacing(case.order, case.units, wanted) if len(wanted) == len(new) else None
    if outcome is None or _too_many(case, outcome):
        return _otherwise(case)
    return _replaced(case, swaps, wanted, outcome) or _otherwise(case)


def _otherwise(case: Case) -> Remedy:
    fallback = case.desk.rules().fallback
    return replace(FALLBACKS[fallback](case), policy=fallback)


def _swaps(case: Case) -> list[Swap] | None:
    """What is to stand for what; None where the settings name nothing for one of the lines."""
    named = {one.sku: one.instead for one in case.desk.rules().substitutes}
    found = []
    for line_id, units in case.units.items():
        line = next(one.line for one in case.shares if one.line.line_id == line_id)
        sku = case.asked.substitute or named.get(line.sku, "")
        if not sku and case.asked.policy:
            raise Invalid.at("/substitute", f"the settings name no substitute for {line.sku}: name one")
        if not sku:
            return None
        found.append(Swap(line, units, sku))
    return found


def _new(case: Case, at: int, swap: Swap, shelf: EditShelf) -> Wanted | None:
    """The substitute's line at the lower of both prices; None if the one that the settings name cannot be."""
    product = shelf.products.get(swap.sku)
    if swap.sku == swap.line.sku:
        _tell(case, Invalid.at(WHERE, "this is the article that was not found: name another"))
        return None
    if product is None or not product.active:
        _tell(case, Invalid.at(WHERE, f"there is no product {swap.sku!r} for sale"))
        return None
    todays = shelf.tariff.unit_price(product.sku, product.price, swap.units)
    price = min(swap.line.unit_price, todays)
    return Wanted(product, swap.units, price, f"{case.short_id}-{at + 1}")


def _too_many(case: Case, outcome: Outcome) -> bool:
    full = too_many_products(outcome.lines)
    if full:
        _tell(case, Invalid.at(WHERE, "the order would have too many different products"))
    return full


def _tell(case: Case, why: Invalid) -> None:
    """Whoever names a substitute is told; one of the settings is passed over."""
    if case.asked.substitute:
        raise why


def _replaced(case: Case, swaps: list[Swap], new: Mapping[str, Wanted], outcome: Outcome) -> Remedy | None:
    """None if not all of it is in stock."""
    ids = {new[one.line.line_id].line_id: one for one in swaps}
    lines = [(line, ids[line.line_id]) for line in outcome.lines if line.line_id in ids]
    _, routes = routes_beside(
        case.order, [line for line, _ in lines], case.taken, case.lost, case.asked.reason, case.desk.stock
    )
    added, moves = [], []
    for line, swap in lines:
        if routes.possible(line) < swap.units:
            return None
        picks = routes.pick(case.order, line, swap.units)
        moves += [replace(move, again=True) for move in reserves(picks)]
        added += [item(line, swap.units, picks)] if line.tracked else []
    told = [_told(line, swap) for line, swap in lines]
    remedy = settled(case, outcome, instead=[[line.name, swap.units] for line, swap in lines])
    data = remedy.told | {"replaced": told} | ({"added": added} if added else {})
    result = remedy.result | {"replaced": [_said(one) for one in told]}
    return replace(remedy, told=data, more=Decision(moves=tuple(moves)) + remedy.more, result=result)


def _told(line: Line, swap: Swap) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "name": line.name,
        "quantity": swap.units,
        "of": swap.line.line_id,
        "was": swap.line.name,
    }


def _said(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("line_id", "sku", "quantity", "of")}
