"""The course of one command: its decision, the facts it adds to the history, and the order after them."""

from dataclasses import replace

from comanda.orders.decision import NOTHING, Decision
from comanda.orders.evolve import evolve
from comanda.orders.facts import Fact, Origin, chain
from comanda.orders.model import Order


class Course:
    """Grows by decisions; each new fact is chained and folded once."""

    def __init__(self, before: Order | None, origin: Origin) -> None:
        self.before = before
        self.origin = origin
        self.decision = NOTHING
        self.facts: list[Fact] = []
        self._order = before
        self._after: Order | None = None

    def add(self, decision: Decision) -> "Course":
        if decision is NOTHING:
            return self
        self.decision = self.decision + decision
        if decision.facts:
            self._fold(decision)
        return self

    def _fold(self, decision: Decision) -> None:
        after, prev_hash = (self._order.facts, self._order.head_hash) if self._order else (0, "")
        for fact in chain(decision.facts, self.origin, after=after, prev_hash=prev_hash):
            self._order = evolve(self._order, fact)
            self.facts.append(fact)
        self._after = None

    @property
    def after(self) -> Order:
        """The order one revision on. Raises ValueError when nothing has happened at all."""
        if self._order is None:
            raise ValueError("a decision without facts cannot begin an order")
        if self._after is None:
            revision = (self.before.revision if self.before else 0) + 1
            self._after = replace(self._order, revision=revision)
        return self._after
