"""Count a day: the orders that moved money on it, by the shop's figures, and what their ledgers say now."""

from collections.abc import Callable
from dataclasses import dataclass, field

from comanda.closing.model import Move, bounds, moves_of
from comanda.errors import WrongState
from comanda.figures.store import FigureStore
from comanda.orders.decision import Loaded
from comanda.times import moment

MOST_ORDERS = 2_500  # that moved money on one day: about ten seconds of reading


@dataclass(frozen=True, slots=True)
class Day:
    """`turns`: by UTC day which state of the figures this was counted from."""

    moves: list[Move] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counting:
    """`zone` answers the shop's time zone."""

    figures: FigureStore
    load: Callable[[str], Loaded | None]
    zone: Callable[[], str]

    def day(self, day: str) -> Day:
        """What was recorded on a day of the shop, oldest first. Raises WrongState for too many."""
        start, end = bounds(day, self.zone())
        orders: dict[str, None] = {}
        for utc in self._utc(day):
            orders |= dict.fromkeys(self.figures.with_money(utc))
        if len(orders) > MOST_ORDERS:
            raise WrongState("day-too-long", f"more than {MOST_ORDERS} orders moved money on this day")
        loaded = (self.load(order_id) for order_id in orders)
        moves = [move for one in loaded if one for move in moves_of(one.order, start, end)]
        moves.sort(key=lambda move: (moment(move.at), move.order_id, move.entry_id))
        return Day(moves, self.turns(day))

    def turns(self, day: str) -> dict[str, int]:
        """Which state the figures of this day have; it rises whenever one of its UTC days changes that was
        over."""
        return {utc: self.figures.turn(utc) for utc in self._utc(day)}

    def _utc(self, day: str) -> list[str]:
        start, end = bounds(day, self.zone())
        return sorted({start.date().isoformat(), end.date().isoformat()})
