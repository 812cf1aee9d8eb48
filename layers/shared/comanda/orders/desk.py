"""The one writer: every change to an order goes over this desk."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved
from comanda.errors import Busy, NotFound, OutOfStock, Stale
from comanda.orders.course import RESERVED, Course
from comanda.orders.decision import Decision, Loaded, Move
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.orders.routing import Routes
from comanda.stock.places import Look, Place

ATTEMPTS = 10

type Decide = Callable[[Loaded], Decision]


class Orders(Protocol):
    """What the desk needs of the store."""

    def load(self, order_id: str) -> Loaded | None: ...

    def write(self, course: Course) -> Order: ...


class Follows(Protocol):
    """What follows by itself; see consequences."""

    def follow(self, course: Course, *, stock: bool = True) -> Course: ...


class Shelf(Protocol):
    """A look at all places where some SKUs are kept."""

    def look(self, skus: Iterable[str], home: str) -> Look: ...


@dataclass(frozen=True, slots=True)
class Done:
    """The order after a command. `changed` is False when there was nothing to do."""

    order: Order
    result: dict[str, Any] = field(default_factory=dict)
    changed: bool = True


class Desk:
    def __init__(self, orders: Orders, consequences: Follows, shelf: Shelf | None = None) -> None:
        self.orders = orders
        self.consequences = consequences
        self.shelf = shelf

    def begin(self, decision: Decision, origin: Origin) -> Order:
        """Write a new order. Units that the decision gives back (its cart held them) are the first that it
        takes. Raises what `OrderStore.write` raises."""
        course = self.consequences.follow(Course(None, origin).add(decision))
        try:
            return self.orders.write(self._handed_on(course, decision))
        except OutOfStock as refusal:
            return self._elsewhere(course, decision, refusal)

    def _handed_on(self, course: Course, decision: Decision) -> Course:
        """The same course with all its units taken from where the decision gives some back, if it does.
        Raises OutOfStock when those are too few."""
        own = given_back(decision.moves)
        if not own.places or not any(fact.type == RESERVED for fact in course.facts):
            return course
        return self.consequences.follow(Course(None, course.origin, Routes(own)).add(decision))

    def run(self, order_id: str, decide: Decide, origin: Origin, *, if_version: int | None = None) -> Done:
        """Load the order, decide, write with all that follows; read again when somebody else was first.

        `if_version` is the version the caller has seen. Raises NotFound, Stale, whatever `decide`
        refuses with, and Busy when others keep writing first. An effect that is known already
        changes nothing and is no error.
        """
        for attempt in range(ATTEMPTS):
            loaded = self.load(order_id)
            fresh(loaded.order, if_version)
            decision = decide(loaded)
            if not decision.facts:
                return Done(loaded.order, decision.result, changed=False)
            try:
                return Done(self._write(loaded, decision, origin), decision.result)
            except RevisionMoved:
                time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 5)))  # noqa: S311 - jitter
            except AlreadyDone:
                return Done(self.load(order_id).order, decision.result, changed=False)
        raise Busy("others keep changing this order; nothing was written")

    def load(self, order_id: str) -> Loaded:
        """The order as it is now. Raises NotFound."""
        loaded = self.orders.load(order_id)
        if loaded is None:
            raise NotFound("no such order")
        return loaded

    def _write(self, loaded: Loaded, decision: Decision, origin: Origin) -> Order:
        before, texts = loaded.order, loaded.personal
        course = self.consequences.follow(Course(before, origin, texts=texts).add(decision))
        try:
            return self.orders.write(course)
        except OutOfStock as refusal:
            first = refusal
        try:
            return self._elsewhere(course, decision, first)
        except OutOfStock:
            if not decision.outside and not approved_by_itself(course):
                raise
            course = Course(before, origin, texts=texts).add(decision)
            return self.orders.write(self.consequences.follow(course, stock=False))

    def _elsewhere(self, tried: Course, decision: Decision, refusal: OutOfStock) -> Order:
        """Look at all places of what is wanted and take it from there.

        Raises OutOfStock only when all places together show too few, and Busy when others keep
        taking what was just seen.
        """
        skus = sorted({move.sku for move in tried.decision.moves if move.reserved > 0})
        if self.shelf is None or not skus or not any(fact.type == RESERVED for fact in tried.facts):
            raise refusal
        for attempt in range(ATTEMPTS):
            look = self.shelf.look(skus, tried.after.lines[0].location)
            routes = Routes(look.beside(given_back(decision.moves)))
            fresh_start = Course(tried.before, tried.origin, routes, texts=tried.texts)
            course = self.consequences.follow(fresh_start.add(decision))
            try:
                return self.orders.write(course)
            except OutOfStock:
                time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 5)))  # noqa: S311 - jitter
        raise Busy("others keep taking the same units; nothing was written")


def given_back(moves: Iterable[Move]) -> Look:
    """The places that these moves give units back to: free for whatever else is in their transaction."""
    places: dict[str, tuple[Place, ...]] = {}
    for move in moves:
        if move.available > 0 and move.reserved < 0:
            found = Place(move.sku, move.location, move.shard, move.available)
            places[move.sku] = (*places.get(move.sku, ()), found)
    return Look(places)


def approved_by_itself(course: Course) -> bool:
    """The shop's setting confirmed the order: whoever did something else is not told that stock is short."""
    return any(fact.type == "OrderApproved" and fact.data["by"] == "setting" for fact in course.facts)


def fresh(order: Order, if_version: int | None) -> None:
    """Raise Stale unless the order is at the version that the caller has seen."""
    if if_version is not None and order.version != if_version:
        raise Stale(f"the order is at version {order.version}, you saw {if_version}")
