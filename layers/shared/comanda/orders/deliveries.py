"""The delivery orders of an order: one per location and promised date, with numbers that stay. Pure.

An order whose goods all leave its own location has one and stores none: it is read off the lines. As soon as
there is more to tell (another location, something promised for later, something picked), the plan is stored
with the order, and every change of the lines is fitted into it: units stay in the delivery order that has
them for as long as they lie where it leaves from.
"""

from collections import defaultdict
from dataclasses import replace

from comanda.orders.delivery_units import home, lying, shares
from comanda.orders.model import Delivery, DeliveryLine, Line, Order

type Key = tuple[str, str]  # location, promised date


def deliveries_of(order: Order) -> tuple[Delivery, ...]:
    """The delivery orders as they are; none before the merchant has confirmed the order."""
    if not order.approved:
        return ()
    return order.deliveries or planned(order)


def planned(order: Order) -> tuple[Delivery, ...]:
    """The delivery orders with every unit of the lines in one of them."""
    plan = _Plan(order)
    for line in order.lines:
        plan.fit(line)
    return plan.written()


def needs_telling(order: Order, plan: tuple[Delivery, ...]) -> bool:
    """Whether a plan says more than the lines do by themselves."""
    if order.deliveries:
        return plan != order.deliveries
    return len(plan) > 1 or any(one.promised or one.location != home(order) for one in plan)


class _Plan:
    """The delivery orders while they are written; one line after the other is fitted in."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.keys: dict[int, Key] = {d.number: (d.location, d.promised) for d in order.deliveries}
        known = {line.line_id for line in order.lines}
        self.lines: dict[int, dict[str, DeliveryLine]] = {
            d.number: {own.line_id: own for own in d.lines if own.line_id in known} for d in order.deliveries
        }

    def fit(self, line: Line) -> None:
        """Every unit of the line into a delivery order, and no other."""
        lies = {location: sum(both) for location, both in lying(self.order, line).items()}
        waits = max(line.to_ship - sum(lies.values()), 0)
        idle = self._settle(line, lies)
        gone = sum(idle.values()) - waits  # waited until now: came in elsewhere, or is not wanted any more
        for location, units in lies.items():
            came = min(units, gone)
            if came > 0:
                gone -= came
                self._came(line, location, came, idle)
            self._more(line, (location, ""), units - max(came, 0))
        for number in reversed(sorted(idle)):
            less = min(idle[number], max(gone, 0))
            gone -= less
            self._change(number, line, -less)
        later = line.promised_at if line.backordered else ""
        self._more(line, (line.location, later), -gone if gone < 0 else 0)
        self._shipped_before(line)

    def _settle(self, line: Line, lies: dict[str, int]) -> dict[int, int]:
        """Take off `lies` what delivery orders have already; answers what each of them waits for."""
        idle: dict[int, int] = {}
        for number in sorted(self.lines):
            own = self.lines[number].get(line.line_id)
            if own and own.open > 0:
                location = self.keys[number][0]
                there = min(own.open, lies.get(location, 0))
                lies[location] = lies.get(location, 0) - there
                idle[number] = own.open - there
        return idle

    def _came(self, line: Line, location: str, units: int, idle: dict[int, int]) -> None:
        """Units that were waited for lie elsewhere than was thought."""
        for number in sorted(idle):
            moved = min(idle[number], units)
            if moved:
                idle[number] -= moved
                units -= moved
                self._change(number, line, -moved)
                self._more(line, (location, self.keys[number][1]), moved)

    def _more(self, line: Line, key: Key, units: int) -> None:
        if units > 0:
            self._change(self._number(key), line, units)

    def _number(self, key: Key) -> int:
        """The delivery order of this place and date that still goes on, or a new one."""
        for number in sorted(self.keys):
            if self.keys[number] == key and not self._done(number):
                return number
        number = max(self.keys, default=0) + 1
        self.keys[number], self.lines[number] = key, {}
        return number

    def _done(self, number: int) -> bool:
        own = self.lines[number].values()
        return any(one.shipped for one in own) and not any(one.open for one in own)

    def _change(self, number: int, line: Line, units: int) -> None:
        own = self.lines[number].get(line.line_id) or DeliveryLine(line.line_id, 0)
        self.lines[number][line.line_id] = replace(own, quantity=own.quantity + units)

    def _shipped_before(self, line: Line) -> None:
        """What left before there was a plan counts for the first delivery order."""
        told = sum(mine[line.line_id].shipped for mine in self.lines.values() if line.line_id in mine)
        before = line.shipped - told
        if before > 0:
            number = min(self.keys, default=0) or self._number((line.location, ""))
            own = self.lines[number].get(line.line_id) or DeliveryLine(line.line_id, 0)
            self.lines[number][line.line_id] = replace(
                own, quantity=own.quantity + before, shipped=own.shipped + before
            )

    def written(self) -> tuple[Delivery, ...]:
        made = []
        order = [line.line_id for line in self.order.lines]
        for number, key in sorted(self._keys().items()):
            mine = sorted(self.lines[number].values(), key=lambda own: order.index(own.line_id))
            made.append(Delivery(number, *key, tuple(own for own in mine if own.quantity)))
        allocated = {line.line_id: shares(self.order, line, made) for line in self.order.lines}
        return tuple(_capped(d, allocated) for d in made)

    def _keys(self) -> dict[int, Key]:
        """Their places and dates; one whose goods were all promised anew has the new date."""
        lines = {line.line_id: line for line in self.order.lines}
        found = dict(self.keys)
        for number, (location, promised) in self.keys.items():
            open_lines = [lines[own.line_id] for own in self.lines[number].values() if own.open]
            days = {line.promised_at for line in open_lines if line.backordered}
            if promised and len(days) == 1:
                found[number] = (location, days.pop())
        return found


def _capped(delivery: Delivery, allocated: dict[str, dict[int, tuple[int, int]]]) -> Delivery:
    """Nothing is picked that is not the order's own, nor packed that is not picked."""
    lines = []
    for own in delivery.lines:
        most = allocated[own.line_id].get(delivery.number, (0, 0))[0]
        picked = min(own.picked, most)
        lines.append(replace(own, picked=picked, packed=min(own.packed, picked)))
    return replace(delivery, lines=tuple(lines))


def drawn(order: Order, line: Line, units: int, only: int = 0) -> dict[int, int]:
    """Which delivery orders `units` of a line leave with: packed ones first, then picked, then by number.

    `only` is the one that they are to leave with; what is not there for it is not given.
    """
    deliveries = deliveries_of(order)
    having = [(d, own) for d in deliveries if (own := d.line(line.line_id))]
    there = shares(order, line, deliveries)
    given: dict[int, int] = defaultdict(int)
    for name in ("packed", "picked", ""):
        for delivery, own in having:
            number = delivery.number
            if only not in (0, number):
                continue
            most = there.get(number, (0, 0))[0]
            found = min(getattr(own, name) if name else most, most) - given[number]
            taken = max(min(found, units), 0)
            given[number] += taken
            units -= taken
    return {number: taken for number, taken in given.items() if taken}
