"""Put goods aside for the customer who fetches them, tell them, or take that back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.errors import Invalid, WrongState
from comanda.fulfilment.units import Wanted
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.lines import line_named
from comanda.orders.mails import mail
from comanda.orders.model import Line, Order, Pickup, ShipmentLine
from comanda.orders.pickup_codes import PickupCodes
from comanda.orders.pickups import at_counter, may_leave
from comanda.orders.quote import collected
from comanda.orders.vocabulary import HoldReason
from comanda.settings.sections import Shipping
from comanda.times import later


@dataclass(frozen=True, slots=True)
class Aside:
    """What staff put aside: units of lines, None for all that may leave. `location` is the way of delivery at
    whose place it waits, empty for the order's own; `until` is UTC, empty for the shop's usual time."""

    lines: tuple[Wanted, ...] | None = None
    location: str = ""
    until: str = ""
    shelf: str = ""
    notify: bool = True


def putting_aside(aside: Aside, at: str, shipping: Callable[[], Shipping], codes: PickupCodes) -> Decide:
    """The decision to put goods aside, which gives the order its code. What waits already is told of anew,
    with its new time and place.

    Raises WrongState (also with the guards `not-fetched`, `not-enough-to-ship` and `nothing-to-put-aside`),
    AmbiguousLine, Invalid.
    """

    def decide(loaded: Loaded) -> Decision:
        order, rules = loaded.order, shipping()
        check("ready-for-pickup", order)
        point = _point(order, aside, rules)
        if aside.until and aside.until <= at:
            raise Invalid.at("/until", "a time that is still to come")
        more = _more(order, aside.lines)
        lies = _together(at_counter(order), more)
        if not lies:
            raise WrongState("nothing-to-put-aside", "nothing of this order may leave the shop now")
        serial, mark, written = codes.given(order)
        until = aside.until or _after(at, rules.pickup.expire_seconds)
        remind_at = _after(at, rules.pickup.remind_seconds)
        waits = order.pickup.ready_at if order.pickup and at_counter(order) else at
        pickup = Pickup(
            serial=serial,
            mark=mark,
            point=point,
            ready_at=waits,
            lines=lies,
            until=until,
            remind_at=remind_at if not until or remind_at < until else "",
            overdue=rules.pickup.overdue,
            shelf=aside.shelf,
        )
        told: dict[str, Any] = {"pickup": pickup.to_dict(), "lines": [one.to_dict() for one in _named(more)]}
        ready = Decision(
            facts=(Happened("PickupReady", told, "customer"), *collected_in_time(order)),
            result={"until": until or None, "location": point},
            also=written,
        )
        effect = mail("ready_for_pickup", str(order.facts + 1))
        return ready + (Decision(effects=(effect,)) if aside.notify else NOTHING)

    return decide


def putting_back(loaded: Loaded) -> Decision:
    """The goods do not wait any more: nobody may take them until they are put aside again. A mail about them
    that has not gone out yet is not sent. Raises WrongState."""
    order = loaded.order
    check("not-ready", order)
    lines = [one.to_dict() for one in _named(at_counter(order))]
    told = Happened("PickupPutBack", {"lines": lines}, "customer")
    return Decision(facts=(told, *collected_in_time(order)))


def collected_in_time(order: Order) -> tuple[Happened, ...]:
    """The facts that close the holds for want of somebody who came."""
    late = (hold for hold in order.open_holds if hold.reason == HoldReason.NOT_COLLECTED)
    return tuple(Happened("HoldReleased", {"hold_id": hold.hold_id}) for hold in late)


def _point(order: Order, aside: Aside, rules: Shipping) -> str:
    """Where it is fetched: where the order says, unless staff name another of the shop's places."""
    if not collected(order.delivery, rules):
        raise WrongState("not-fetched", "this order is sent to an address, so nobody fetches it")
    point = aside.location or order.delivery
    if not point or not collected(point, rules):
        places = ", ".join(one.code for one in rules.deliveries if not one.needs_address)
        raise Invalid.at("/location", f"one of the ways of delivery where goods are fetched: {places}")
    return point


def _more(order: Order, wanted: tuple[Wanted, ...] | None) -> list[tuple[Line, int]]:
    """The units that come to those which wait already, as far as they may leave."""
    waits = {line.line_id: units for line, units in at_counter(order)}
    room = {line.line_id: may_leave(line) - waits.get(line.line_id, 0) for line in order.lines}
    if wanted is None:
        return [(line, room[line.line_id]) for line in order.lines if room[line.line_id] > 0]
    amounts: Counter[str] = Counter()
    for index, item in enumerate(wanted):
        amounts[line_named(order, item.line_id, item.sku, f"/lines/{index}").line_id] += item.quantity
    more = [(line, amounts[line.line_id]) for line in order.lines if amounts[line.line_id]]
    short = [
        f"{line.sku} (line {line.line_id}): {units} asked for, {max(room[line.line_id], 0)} ready to ship"
        for line, units in more
        if units > room[line.line_id]
    ]
    if short:
        raise WrongState("not-enough-to-ship", "; ".join(short))
    return more


def _together(waits: tuple[tuple[Line, int], ...], more: list[tuple[Line, int]]) -> tuple[ShipmentLine, ...]:
    units: Counter[str] = Counter()
    for line, number in (*waits, *more):
        units[line.line_id] += number
    names = {line.line_id: line for line, _ in (*waits, *more)}
    return tuple(ShipmentLine(one, names[one].sku, units[one]) for one in sorted(units))


def _named(lines: tuple[tuple[Line, int], ...] | list[tuple[Line, int]]) -> list[ShipmentLine]:
    return [ShipmentLine(line.line_id, line.sku, units) for line, units in lines]


def _after(at: str, seconds: int | None) -> str:
    return later(at, seconds) if seconds else ""
