"""Units that could not be had were found after all: they are the order's again, and what took their place is
free."""

from collections.abc import Callable, Iterable
from typing import Any

from comanda.errors import NotFound, WrongState
from comanda.fulfilment.short_pick.asked import ShortDesk
from comanda.fulfilment.short_pick.books import corrected
from comanda.orders.decision import Decision, Loaded
from comanda.orders.delivery_status import work_of
from comanda.orders.desk import Decide
from comanda.orders.facts import Data, Fact, Happened, Origin
from comanda.orders.guards import check
from comanda.orders.holdings import at_home, holdings
from comanda.orders.model import Line, Order
from comanda.stock.model import Move

type Facts = Callable[[str], Iterable[Fact]]  # the whole history of an order

KEPT = ("short_id", "lines", "taken", "of", "found", "waiting", "lost")
REPLACED = "other units have taken their place: put the found ones into stock by a correction"


def finding_after_all(short_id: str, facts: Facts, desk: ShortDesk, origin: Origin) -> Decide:
    """Take a short pick back, whole. What had been picked is to be picked again.

    Raises NotFound, WrongState (`found-before`; `units-replaced` once other units came in for it, are
    picked or have left), OutOfStock when somebody else has the rest of a bundle.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-short-pick", order)
        told = _told(facts(order.order_id), short_id)
        _still_free(order, told)
        kept = {name: told[name] for name in KEPT if name in told}
        moves = [*_moves(order, told["taken"], 1), *_moves(order, told.get("found", []), -1)]
        lost = [(sku, location, shard, units) for sku, location, shard, units in told["lost"]]
        back = Decision(
            facts=(Happened("ShortPickUndone", kept, "customer" if told.get("waiting") else "internal"),),
            moves=tuple(moves),
            result={"short_id": short_id, "lines": told["lines"]},
        )
        return back + corrected(order, lost, 1, "found", desk, origin)

    return decide


def _told(facts: Iterable[Fact], short_id: str) -> Data:
    """What its fact says of the short pick."""
    mine = [one for one in facts if one.data.get("short_id") == short_id]
    if not mine:
        raise NotFound(f"nothing of this order was reported as not found under {short_id!r}")
    if any(one.type == "ShortPickUndone" for one in mine):
        raise WrongState("found-before", "this was taken back before")
    return next(one.data for one in mine if one.type == "LinesShortPicked")


def _still_free(order: Order, told: Data) -> None:
    """What took their place waits as it did, or lies there and nobody has picked it."""
    for one in told.get("waiting", []):
        line = order.line(one["line_id"])
        if line is None or line.backordered < one["quantity"]:
            raise WrongState("units-replaced", REPLACED)
    for one in told.get("found", []):
        line = order.line(one["line_id"])
        if line is None or not _lies_idle(order, line, one):
            raise WrongState("units-replaced", REPLACED)
    if any(order.line(one["line_id"]) is None for one in told["lines"]):
        raise WrongState("units-replaced", REPLACED)


def _lies_idle(order: Order, line: Line, told: dict[str, Any]) -> bool:
    picks = told.get("from") or [list(pick) for pick in at_home(line, told["quantity"])]
    held = {(place.sku, place.location, place.shard): place.allocated for place in holdings(line)}
    if any(held.get((sku, location, shard), 0) < units for sku, location, shard, units in picks):
        return False
    where = {location for _, location, _, _ in picks}
    idle = sum(
        each.to_pick
        for work in work_of(order)
        if work.delivery.location in where
        for each in work.lines
        if each.line.line_id == line.line_id
    )
    return idle >= int(told["quantity"])


def _moves(order: Order, told: Iterable[dict[str, Any]], sign: int) -> list[Move]:
    found = []
    for one in told:
        line = order.line(one["line_id"])
        picks = one.get("from") or (at_home(line, one["quantity"]) if line else [])
        found += [Move(sku, where, allocated=sign * n, shard=shard) for sku, where, shard, n in picks]
    return found
