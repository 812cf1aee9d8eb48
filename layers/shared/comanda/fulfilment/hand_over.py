"""Hand goods over the counter to whoever came for them, and take that back."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from comanda.errors import Invalid, NotFound, WrongState
from comanda.fulfilment.ready import collected_in_time
from comanda.fulfilment.units import Wanted, leaves_with, sources
from comanda.ids import NewId
from comanda.orders.decision import NOTHING, Decision, Loaded, Sealed
from comanda.orders.delivery_counts import counted_in
from comanda.orders.desk import Decide
from comanda.orders.facts import Fact, Happened
from comanda.orders.goods import coming_back, leaving
from comanda.orders.guards import check
from comanda.orders.lines import line_named
from comanda.orders.mails import mail
from comanda.orders.model import HandOver, Line, Order, ShipmentLine
from comanda.orders.pickup_codes import PickupCodes
from comanda.orders.pickups import at_counter, handed
from comanda.orders.undo import Withdraw, run_anew, stopping
from comanda.orders.vocabulary import Lifecycle

type Facts = Callable[[str], Iterable[Fact]]  # the whole history of an order


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes the goods, and how they showed that they may: by the order's code, or by its number to staff
    who know them. No lines: all that waits. `at` is UTC, empty for now."""

    name: str
    code: str = ""
    number: str = ""
    lines: tuple[Wanted, ...] = ()
    at: str = ""
    notify: bool = True


def handing_over(taking: Taking, now: str, new_id: NewId, codes: PickupCodes) -> Decide:
    """The decision to hand over what waits: it has left the shop and is with its customer.

    `result.hand_over_id` names it. Raises Invalid for a code or number that is not the order's,
    WrongState (`already-handed-over` says when and to whom; `not-so-many` for units that do not wait).
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        _entitled(order, taking, codes)
        if not at_counter(order) and handed(order):
            raise _told_already(loaded)
        check("hand-over", order)
        if taking.at and not order.created_at <= taking.at <= now:
            raise Invalid.at("/at", "a time between the placing of the order and now")
        return _handed(order, _lines(order, taking.lines), taking, now, new_id)

    return decide


def taking_back(hand_over_id: str, facts: Facts, withdraw: Withdraw) -> Decide:
    """Nobody has taken the goods: they wait as before, and their mail is not sent. Money that was taken with
    them stays. Raises NotFound, WrongState (`already-told`)."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-hand-over", order)
        given = next((one for one in handed(order) if one.hand_over_id == hand_over_id), None)
        if given is None:
            raise NotFound(f"this order has no hand-over {hand_over_id!r}")
        left = _left(facts(order.order_id), hand_over_id)
        taken = left["taken"]
        lines = [one.to_dict() for one in given.lines]
        told: dict[str, Any] = {"hand_over_id": hand_over_id, "lines": lines, "taken": taken}
        of = left.get("of") or counted_in(order, given.lines)
        told |= {"of": of} if of else {}
        known = {line.line_id: line for line in order.lines}
        moves = tuple(move for one in taken for move in coming_back(known[one["line_id"]], one))
        back = Decision(
            facts=(Happened("HandOverUndone", told, "customer"),),
            moves=moves,
            result={"hand_over_id": hand_over_id},
        )
        mails = [one for one in loaded.effects if one.data.get("hand_over_id") == hand_over_id]
        over = order.lifecycle == Lifecycle.CLOSED or all(line.to_ship <= 0 for line in order.lines)
        return back + stopping(loaded, mails, withdraw) + (run_anew(order) if over else NOTHING)

    return decide


def _entitled(order: Order, taking: Taking, codes: PickupCodes) -> None:
    if taking.code and not codes.fits(taking.code, order):
        raise Invalid.at("/code", "this is not the pickup code of the order")
    if not taking.code and taking.number.strip().casefold() != order.number.casefold():
        raise Invalid.at("/number", "this is not the number of the order")


def _told_already(loaded: Loaded) -> WrongState:
    last = handed(loaded.order)[-1]
    name = str(loaded.text(last.name) or "somebody")
    return WrongState("already-handed-over", f"handed over on {last.at} to {name}")


def _lines(order: Order, wanted: tuple[Wanted, ...]) -> list[tuple[Line, int]]:
    waits = at_counter(order)
    if not wanted:
        return list(waits)
    amounts: Counter[str] = Counter()
    for index, item in enumerate(wanted):
        amounts[line_named(order, item.line_id, item.sku, f"/lines/{index}").line_id] += item.quantity
    room = {line.line_id: units for line, units in waits}
    for line_id, units in amounts.items():
        if units > room.get(line_id, 0):
            raise WrongState(
                "not-so-many", f"line {line_id}: {units} asked for, {room.get(line_id, 0)} at the counter"
            )
    return [(line, amounts[line.line_id]) for line, _ in waits if amounts[line.line_id]]


def _handed(order: Order, lines: list[tuple[Line, int]], taking: Taking, now: str, new_id: NewId) -> Decision:
    hand_over_id = f"g{order.facts + 1}"
    name, who = f"fetched:{hand_over_id}", Sealed(taking.name, new_id())
    given = HandOver(
        hand_over_id=hand_over_id,
        at=taking.at or now,
        lines=tuple(ShipmentLine(line.line_id, line.sku, units) for line, units in lines),
        name=name,
        by_code=bool(taking.code),
    )
    of = leaves_with(order, lines)
    counted, moves = leaving(lines, sources(order, of))
    told: dict[str, Any] = {"hand_over": given.to_dict(), "taken": counted, "personal": {name: who.digest}}
    told |= {"of": [list(one) for one in of]} if of else {}
    done = Decision(
        facts=(Happened("PickupHandedOver", told, "customer"), *collected_in_time(order)),
        moves=moves,
        personal={name: who},
        result={"hand_over_id": hand_over_id},
    )
    effect = mail("delivered", hand_over_id, hand_over_id=hand_over_id)
    return done + (Decision(effects=(effect,)) if taking.notify else NOTHING)


def _left(facts: Iterable[Fact], hand_over_id: str) -> dict[str, Any]:
    """What it took, as its own fact tells."""
    found = (fact.data for fact in facts if fact.type == "PickupHandedOver")
    return next(data for data in found if data["hand_over"]["hand_over_id"] == hand_over_id)
