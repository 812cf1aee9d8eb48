"""Other units in place of lost ones: from another shelf that has them free, or from what is to come in."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from comanda.fulfilment.short_pick.asked import ELSEWHERE, Reason, Shelves
from comanda.fulfilment.short_pick.lost import Taken
from comanda.orders.delivery_units import home
from comanda.orders.holdings import Pick, counted, item
from comanda.orders.model import Line, Order
from comanda.orders.routing import Routes, reserves
from comanda.stock.model import Move
from comanda.stock.places import Look, Place


@dataclass(frozen=True, slots=True)
class Instead:
    """`found` and `waiting` are as the fact tells them; the moves are judged anew when they are refused."""

    found: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    moves: tuple[Move, ...] = ()
    free: dict[tuple[str, str], int] = field(default_factory=dict)  # SKU, location → still for sale there


def units_instead(
    order: Order, taken: Collection[Taken], lost: Collection[Pick], reason: Reason, stock: Shelves
) -> Instead:
    """What can be had now, and what waits in the queue for the rest.

    The shelf where units were missing is not asked for more of the same: whoever stood there found none.
    Of broken ones it is. What is not lost of a bundle lies free where it lay.
    """
    look, routes = routes_beside(order, [line for line, _, _ in taken], taken, lost, reason, stock)
    found, waiting, moves = [], [], []
    for line, units, _ in taken:
        ready = min(units, routes.possible(line))
        picks = routes.pick(order, line, ready)
        moves += [replace(move, again=True) for move in reserves(picks)]
        found += [item(line, ready, picks)] if ready else []
        waiting += [_waits(line, units - ready, routes)] if ready < units else []
    return Instead(found, waiting, tuple(moves), _free(look, lost))


def routes_beside(
    order: Order,
    lines: Iterable[Line],
    taken: Collection[Taken],
    lost: Collection[Pick],
    reason: Reason,
    stock: Shelves,
) -> tuple[Look, Routes]:
    """What stock there is for these lines, and what of it may be had while `taken` is given up."""
    skus = sorted({sku for line in lines for sku, _ in counted(line)})
    look = stock.look(skus, home(order)) if skus else Look()
    shelves = {(sku, location) for sku, location, _, _ in lost} if reason in ELSEWHERE else set()
    return look, Routes(_left(look.beside(_unhurt(taken, lost)), shelves))


def _waits(line: Line, units: int, routes: Routes) -> dict[str, Any]:
    """The last day of all that the line waits for, and what it was promised for before."""
    day = max(routes.promised(line), line.promised_at if line.backordered else "")
    return {"line_id": line.line_id, "quantity": units, "promised_at": day, "before": line.promised_at}


def _left(look: Look, shelves: Collection[tuple[str, str]]) -> Look:
    places = {
        sku: tuple(place for place in found if (sku, place.location) not in shelves)
        for sku, found in look.places.items()
    }
    return replace(look, places=places)


def _unhurt(taken: Iterable[Taken], lost: Iterable[Pick]) -> Look:
    """The rest of a bundle of which one article is gone."""
    free: Counter[tuple[str, str, int]] = Counter()
    for _, _, picks in taken:
        for sku, location, shard, units in picks:
            free[sku, location, shard] += units
    for sku, location, shard, units in lost:
        free[sku, location, shard] -= units
    places: dict[str, tuple[Place, ...]] = {}
    for (sku, location, shard), units in free.items():
        if units > 0:
            places[sku] = (*places.get(sku, ()), Place(sku, location, shard, units))
    return Look(places)


def _free(look: Look, lost: Iterable[Pick]) -> dict[tuple[str, str], int]:
    """What the books still call free on the shelves where units were not found."""
    shelves = {(sku, location) for sku, location, _, _ in lost}
    free: Counter[tuple[str, str]] = Counter()
    for sku, location in shelves:
        for place in look.places.get(sku, ()):
            free[sku, location] += max(place.available, 0) if place.location == location else 0
    return {shelf: units for shelf, units in sorted(free.items()) if units}
