"""The course of one command: its decision, the facts it adds to the history, and the order after them."""

from dataclasses import replace

from comanda.orders.decision import Decision
from comanda.orders.evolve import evolve
from comanda.orders.facts import Fact, Origin, chain
from comanda.orders.model import Order


class Course:
    """Grows by decisions; each new fact is chained and folded once."""

    def __init__(self, before: Order | None, origin: Origin) -> None:
        self.before = before
        self.origin = origin
        self.decision = Decision()
        self.facts: list[Fact] = []
        self._order = before

    def add(self, decision: Decision) -> "Course":
        self.decision = self.decision + decision
        after, prev_hash = (self._order.facts, self._order.head_hash) if self._order else (0, "")
        for fact in chain(decision.facts, self.origin, after=after, prev_hash=prev_hash):
            self._order = evolve(self._order, fact)
            self.facts.append(fact)
        return self

    @property
    def after(self) -> Order:
        """The order one revision on. Raises ValueError when nothing has happened at all."""
        if self._order is None:
            raise ValueError("a decision without facts cannot begin an order")
        return replace(self._order, revision=(self.before.revision if self.before else 0) + 1)
