"""Units that could not be had were found after all: they are the order's again, and what took their place is
free."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import NotFound, WrongState
from comanda.fulfilment.short_pick.asked import ShortDesk
from comanda.fulfilment.short_pick.books import corrected
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.delivery_status import work_of
from comanda.orders.desk import Decide
from comanda.orders.edits.money import asking_anew, check_money
from comanda.orders.edits.outcome import Outcome, unchanged
from comanda.orders.evolve import replay
from comanda.orders.facts import Data, Fact, Happened, Origin
from comanda.orders.guards import check
from comanda.orders.holdings import at_home, holdings
from comanda.orders.model import Line, Order
from comanda.orders.undo import Withdraw, stopping
from comanda.stock.model import Move

type Facts = Callable[[str], Iterable[Fact]]  # the whole history of an order

KEPT = ("short_id", "lines", "taken", "of", "found", "added", "waiting", "lost")
REPLACED = "other units have taken their place: put the found ones into stock by a correction"


@dataclass(frozen=True, slots=True)
class Back:
    """What taking back needs beside the desk: the order's history, stopping what is only wanted, and the
    command that takes a refund back (by its id)."""

    facts: Facts
    withdraw: Withdraw
    unrefund: Callable[[str, str], Decide]


def finding_after_all(short_id: str, back: Back, desk: ShortDesk, origin: Origin) -> Decide:
    """Take a short pick back, whole. What had been picked is to be picked again; what came off the order is
    on it again at the price that was charged, its refund is not made and its mail is not sent.

    Raises NotFound, WrongState (`found-before`; `units-replaced` once other units came in for it, are
    picked or have left; `moved-on` when the order was changed since; `already-told`, `already-begun`,
    `refund-executed` and what else a refund is refused to be taken back with), OutOfStock when somebody else
    has the rest of a bundle.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-short-pick", order)
        history = list(back.facts(order.order_id))
        told = _told(history, short_id)
        _still_free(order, told)
        kept = {name: told[name] for name in KEPT if name in told}
        sums = NOTHING
        if "outcome" in told:
            was, sums = _sums(loaded, history, told, back, origin)
            kept |= {"was": was.to_dict()}
        lines = {line.line_id: line for line in (*_lines_of(kept.get("was")), *order.lines)}
        moves = [*_moves(lines, told["taken"], 1)]
        moves += [*_moves(lines, told.get("found", []), -1), *_moves(lines, told.get("added", []), -1)]
        lost = [(sku, location, shard, units) for sku, location, shard, units in told["lost"]]
        shown = "waiting" in told or "outcome" in told
        undone = Decision(
            facts=(Happened("ShortPickUndone", kept, "customer" if shown else "internal"),),
            moves=tuple(moves),
            result={"short_id": short_id, "lines": told["lines"]},
        )
        return sums + undone + corrected(order, lost, 1, "found", desk, origin)

    return decide


type Sums = tuple[Outcome, Decision]


def _sums(loaded: Loaded, history: list[Fact], told: Data, back: Back, origin: Origin) -> Sums:
    """The goods and sums as they were, and what that means for money and mail."""
    order = loaded.order
    if unchanged(order).digest != Outcome.from_dict(told["outcome"]).digest:
        raise WrongState("moved-on", "the order was changed since: add the units to it by an edit")
    seq = next(one.seq for one in history if one.type == "LinesShortPicked" and one.data == told)
    was = unchanged(replay(history[: seq - 1]))
    check_money(order, was)
    refund = back.unrefund(told["refund_id"], origin.at)(loaded) if told.get("refund_id") else NOTHING
    mails = [one for one in loaded.effects if one.effect_id == f"mail-order_edited-{told['short_id']}"]
    unrefunded = replace(loaded, order=Course(order, origin).add(refund).after) if refund.facts else loaded
    asked = asking_anew(unrefunded, was, origin.at)
    return was, replace(refund, result={}) + stopping(loaded, mails, back.withdraw) + asked


def _told(facts: Iterable[Fact], short_id: str) -> Data:
    """What its fact says of the short pick."""
    mine = [one for one in facts if one.data.get("short_id") == short_id]
    if not mine:
        raise NotFound(f"nothing of this order was reported as not found under {short_id!r}")
    if any(one.type == "ShortPickUndone" for one in mine):
        raise WrongState("found-before", "this was taken back before")
    return next(one.data for one in mine if one.type == "LinesShortPicked")


def _lines_of(was: Data | None) -> tuple[Line, ...]:
    return Outcome.from_dict(was).lines if was else ()


def _still_free(order: Order, told: Data) -> None:
    """What took their place waits as it did, or lies there and nobody has picked it."""
    for one in told.get("waiting", []):
        line = order.line(one["line_id"])
        if line is None or line.backordered < one["quantity"]:
            raise WrongState("units-replaced", REPLACED)
    for one in (*told.get("found", []), *told.get("added", [])):
        line = order.line(one["line_id"])
        if line is None or not _lies_idle(order, line, one):
            raise WrongState("units-replaced", REPLACED)
    if "outcome" not in told and any(order.line(one["line_id"]) is None for one in told["lines"]):
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


def _moves(lines: Mapping[str, Line], told: Iterable[dict[str, Any]], sign: int) -> list[Move]:
    found = []
    for one in told:
        picks = one.get("from") or at_home(lines[one["line_id"]], one["quantity"])
        found += [Move(sku, where, allocated=sign * n, shard=shard) for sku, where, shard, n in picks]
    return found
