"""The course of one command: its decision, the facts it adds to the history, and the order after them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from comanda.orders.decision import NOTHING, Decision
from comanda.orders.evolve import evolve
from comanda.orders.facts import Fact, Happened, Origin, chain
from comanda.orders.model import Order
from comanda.orders.routing import Routes

RESERVED = "StockReserved"


class Course:
    """Grows by decisions; each new fact is chained and folded once.

    With `routes` units are taken from wherever they are; without, from each line's own place. `texts`
    are the personal texts before it, as far as they are at hand.
    """

    def __init__(
        self,
        before: Order | None,
        origin: Origin,
        routes: Routes | None = None,
        *,
        texts: Mapping[str, Any] | None = None,
    ) -> None:
        self.before = before
        self.texts = dict(texts or {})
        self.origin = origin
        self.decision = NOTHING
        self.facts: list[Fact] = []
        self._order = before
        self._after: Order | None = None
        self._routes = routes

    def add(self, decision: Decision) -> "Course":
        if decision is NOTHING:
            return self
        if self._routes is None or not any(one.type == RESERVED for one in decision.facts):
            self._fold(decision.facts)
        else:
            decision = self._routed(decision, self._routes)
        self.decision = self.decision + decision
        if decision.scans and self._order is not None:
            self._order, self._after = _with_scans(self._order, decision), None
        return self

    def _routed(self, decision: Decision, routes: Routes) -> Decision:
        """The same decision with every unit taken where the look found it. Raises OutOfStock."""
        facts: list[Happened] = []
        moves = [move for move in decision.moves if move.reserved <= 0]
        for happened in decision.facts:
            if happened.type == RESERVED and self._order is not None:
                happened, taken = routes.reserved(self._order, happened)
                moves += taken
            self._fold((happened,))
            facts.append(happened)
        return replace(decision, facts=tuple(facts), moves=tuple(moves))

    def _fold(self, facts: tuple[Happened, ...]) -> None:
        if not facts:
            return
        after, prev_hash = (self._order.facts, self._order.head_hash) if self._order else (0, "")
        for fact in chain(facts, self.origin, after=after, prev_hash=prev_hash):
            self._order = evolve(self._order, fact)
            self.facts.append(fact)
        self._after = None

    @property
    def personal(self) -> dict[str, Any]:
        """The personal texts after it."""
        sealed = {name: text.value for name, text in self.decision.personal.items()}
        known = self.texts | sealed
        return {name: text for name, text in known.items() if name not in self.decision.forgotten}

    @property
    def after(self) -> Order:
        """The order one revision on. Raises ValueError when nothing has happened at all."""
        if self._order is None:
            raise ValueError("a decision without facts cannot begin an order")
        if self._after is None:
            revision = (self.before.revision if self.before else 0) + 1
            self._after = replace(self._order, revision=revision)
        return self._after


def _with_scans(order: Order, decision: Decision) -> Order:
    """The parcels with their scans as carriers told them, which no fact holds."""
    told = decision.scans
    return replace(
        order,
        shipments=tuple(replace(one, scans=told.get(one.shipment_id, one.scans)) for one in order.shipments),
    )
