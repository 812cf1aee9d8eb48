"""Which place each unit is taken from, once a look over all of them is known. Pure.

Home comes first, then the other places in the order the product names them; within a location one
shard that has all is preferred, and orders begin at different ones. What is sold beyond its stock
waits; anything else that falls short is sold out.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from comanda.errors import OutOfStock
from comanda.orders.decision import Move
from comanda.orders.facts import Happened
from comanda.orders.holdings import Pick, at_home, counted, item
from comanda.orders.model import Line, Order
from comanda.stock.places import Look, Place


class Routes:
    """Gives out what a look found, each unit once."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._spoken: Counter[str] = Counter()
        self._left: dict[str, dict[Place, int]] = {
            sku: {place: max(place.available, 0) for place in places} for sku, places in look.places.items()
        }

    def reserved(self, order: Order, happened: Happened) -> tuple[Happened, tuple[Move, ...]]:
        """A `StockReserved` fact with the places its units come from, and their moves. Raises OutOfStock."""
        told: list[dict[str, Any]] = []
        moves: list[Move] = []
        had: dict[str, tuple[int, int]] = {}  # SKU of the line → wanted, to be had
        short: set[str] = set()
        for one in happened.data["lines"]:
            line, units = _line(order, one["line_id"]), one["quantity"]
            ready = min(units, self.possible(line))
            if ready < units and not self._may_wait(line, units):
                short.add(line.sku)
            wanted, found = had.get(line.sku, (0, 0))
            had[line.sku] = (wanted + units, found + ready)
            picks = self.pick(order, line, ready)
            self._speak_for(line, units - ready)
            waiting = {"waiting": units - ready, "promised_at": self.promised(line)} if ready < units else {}
            told.append(item(line, ready, picks) | waiting)
            moves += reserves(picks)
        if short:
            raise _sold_out({sku: had[sku] for sku in sorted(short)})
        return Happened(happened.type, {"lines": told}, happened.visibility), tuple(moves)

    def possible(self, line: Line) -> int:
        """How many units of the line can still be had; without a look at a SKU its condition decides."""
        found = [self._free(sku) // each for sku, each in counted(line) if sku in self._left]
        return min(found, default=line.quantity)

    def pick(self, order: Order, line: Line, units: int) -> list[Pick]:
        """Take `units` of the line out of what is left."""
        picks: list[Pick] = []
        for sku, location, shard, wanted in at_home(line, units) if units else ():
            if sku in self._left:
                picks += self._take(sku, wanted, line, crc32(order.order_id.encode()))
            else:
                picks.append((sku, location, shard, wanted))
        return picks

    def promised(self, line: Line) -> str:
        """Until when all of the line is promised; empty without a date."""
        return max((self.look.promised.get(sku, "") for sku, _ in counted(line)), default="")

    def _take(self, sku: str, wanted: int, line: Line, turn: int) -> list[Pick]:
        left, picks = self._left[sku], []
        order = [place.location for place in left]

        def rank(place: Place) -> tuple[bool, int, bool, int]:
            away = place.location != line.location
            return away, order.index(place.location), left[place] < wanted, (place.shard + turn) % 97

        for place in sorted(left, key=rank):
            units = min(left[place], wanted)
            if units:
                left[place] -= units
                wanted -= units
                picks.append((sku, place.location, place.shard, units))
        return picks

    def _free(self, sku: str) -> int:
        return sum(self._left[sku].values()) - self._spoken[sku]

    def _speak_for(self, line: Line, waiting: int) -> None:
        """A bundle that waits for one component needs the others too: no other line counts on them."""
        for sku, each in counted(line):
            if sku not in self.look.promised:
                self._spoken[sku] += waiting * each

    def _may_wait(self, line: Line, units: int) -> bool:
        """Every SKU that is short is one that is sold beyond its stock."""
        lacking = [sku for sku, each in counted(line) if sku in self._left and self._free(sku) < units * each]
        return all(sku in self.look.promised for sku in lacking)


def reserves(picks: Iterable[Pick]) -> tuple[Move, ...]:
    """The moves that set these units aside."""
    return tuple(Move(sku, location, units, shard=shard) for sku, location, shard, units in picks)


def _line(order: Order, line_id: str) -> Line:
    return next(line for line in order.lines if line.line_id == line_id)


def _sold_out(short: dict[str, tuple[int, int]]) -> OutOfStock:
    """`available` is what is left of each line beside the other lines."""
    lines = [{"sku": sku, "requested": wanted, "available": left} for sku, (wanted, left) in short.items()]
    told = (f"{sku}: {wanted} wanted, {left} available" for sku, (wanted, left) in short.items())
    return OutOfStock("; ".join(told), lines=lines)
