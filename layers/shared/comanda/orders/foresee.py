"""What commands would do to orders at this moment, stock included. Nothing is written."""

from dataclasses import dataclass, field
from typing import Any

from comanda.errors import OutOfStock
from comanda.orders.course import RESERVED, Course
from comanda.orders.decision import Decision, Effect, Loaded, Move
from comanda.orders.desk import Decide, Desk, approved_by_itself, fresh, given_back
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.orders.routing import Routes
from comanda.stock.places import Look, Place


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The order as it is and as it would be, what the command would say, and the outside effects that would
    be wanted."""

    before: Loaded
    after: Order
    result: dict[str, Any] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()


class Foresight:
    """Commands looked at one after the other: each counts with the units that those before it would take
    or give back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.moves: list[Move] = []

    def changes(self, order_id: str, decide: Decide, origin: Origin) -> bool:
        """Whether the command would change the order. Raises what `Desk.run` refuses with."""
        return self.look(order_id, decide, origin) is not None

    def look(
        self, order_id: str, decide: Decide, origin: Origin, *, if_version: int | None = None
    ) -> Foreseen | None:
        """What the command would do to the order, with all that follows; None if nothing. Raises what
        `Desk.run` refuses with."""
        loaded = self.desk.load(order_id)
        fresh(loaded.order, if_version)
        decision = decide(loaded)
        if not decision.facts:
            return None
        course = self._course(loaded, decision, origin)
        self.moves += course.decision.moves
        return Foreseen(loaded, course.after, decision.result, course.decision.effects)

    def _course(self, loaded: Loaded, decision: Decision, origin: Origin) -> Course:
        """The course with its units taken where they lie. Raises OutOfStock."""
        follow = self.desk.consequences.follow
        course = follow(Course(loaded.order, origin, texts=loaded.personal).add(decision))
        skus = sorted({move.sku for move in course.decision.moves if move.reserved > 0})
        if self.desk.shelf is None or not skus or not any(fact.type == RESERVED for fact in course.facts):
            return course
        look = self.desk.shelf.look(skus, course.after.lines[0].location)
        routes = Routes(look.beside(given_back(decision.moves)).beside(self._left()))
        try:
            return follow(Course(loaded.order, origin, routes, texts=loaded.personal).add(decision))
        except OutOfStock:
            if not decision.outside and not approved_by_itself(course):
                raise
            return follow(Course(loaded.order, origin, texts=loaded.personal).add(decision), stock=False)

    def _left(self) -> Look:
        """How the shelf would differ by what was looked at before."""
        places: dict[str, tuple[Place, ...]] = {}
        for move in self.moves:
            found = Place(move.sku, move.location, move.shard, move.available)
            places[move.sku] = (*places.get(move.sku, ()), found)
        return Look(places)
