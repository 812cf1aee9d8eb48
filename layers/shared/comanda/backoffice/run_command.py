"""Carry out a staff command on an order, once per Idempotency-Key."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved
from comanda.errors import Busy
from comanda.idempotency.once import answered_alike
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide, Desk
from comanda.orders.evolve import replay
from comanda.orders.facts import Fact, Origin
from comanda.orders.model import Order

ATTEMPTS = 5


class History(Protocol):
    def facts_until(self, order_id: str, revision: int) -> list[Fact]: ...


@dataclass(frozen=True, slots=True)
class Commanded:
    """The order as the command left it, what it said, whether this is the answer of the first time, and
    whether anything happened."""

    order: Order
    personal: dict[str, Any]
    result: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False
    changed: bool = True


@dataclass(frozen=True, slots=True)
class CommandDesk:
    """`version` of `run` is what the caller has seen, None for whoever commands many orders unseen;
    without a request nothing is remembered."""

    desk: Desk
    history: History
    keys_seen: KeyStore

    def run(
        self, order_id: str, decide: Decide, origin: Origin, *, version: int | None, request: Request | None
    ) -> Commanded:
        """Raises what `Desk.run` raises, and IdempotencyKeyReused."""
        work = lambda: self._run(order_id, decide, origin, version, request)  # noqa: E731
        return answered_alike(lambda: self._earlier(request), self._again, work)

    def _run(
        self, order_id: str, decide: Decide, origin: Origin, version: int | None, request: Request | None
    ) -> Commanded:
        kept = self._remembering(decide, request, origin.at) if request else decide
        seen: dict[str, Any] = {}

        def judged(loaded: Loaded) -> Decision:
            seen.clear()
            decision = kept(loaded)
            seen.update(loaded.personal | {name: text.value for name, text in decision.personal.items()})
            return decision

        done = self.desk.run(order_id, judged, origin, if_version=version)
        earlier = None if done.changed else self._earlier(request)
        if earlier:  # the same request was faster by a moment
            return self._again(earlier)
        return Commanded(done.order, seen, done.result, changed=done.changed)

    def begin(self, decide: Callable[[], Decision], origin: Origin, *, request: Request | None) -> Commanded:
        """Write a new order. Raises what `decide` refuses with, and IdempotencyKeyReused."""
        work = lambda: self._begin(decide, origin, request)  # noqa: E731
        return answered_alike(lambda: self._earlier(request), self._again, work)

    def _earlier(self, request: Request | None) -> Earlier | None:
        return self.keys_seen.earlier(request) if request else None

    def _begin(self, decide: Callable[[], Decision], origin: Origin, request: Request | None) -> Commanded:
        for _ in range(ATTEMPTS):
            try:
                return self._begun(decide(), origin, request)
            except RevisionMoved:
                continue  # what it is made of has changed meanwhile: decide again
        raise Busy("what this order is made of keeps changing")

    def _begun(self, decision: Decision, origin: Origin, request: Request | None) -> Commanded:
        kept = decision
        if request:
            first = Earlier(str(decision.result["order_id"]), 1, decision.result)
            kept += Decision(also=(lambda tx: self.keys_seen.remember(tx, request, first, origin.at),))
        try:
            order = self.desk.begin(kept, origin)
        except AlreadyDone:  # the same request was faster by a moment
            found = self._earlier(request)
            if found is None:
                raise
            return self._again(found)
        personal = {name: text.value for name, text in decision.personal.items()}
        return Commanded(order, personal, decision.result)

    def _remembering(self, decide: Decide, request: Request, at: str) -> Decide:
        """Write the key in the command's own transaction."""

        def judged(loaded: Loaded) -> Decision:
            decision = decide(loaded)
            first = Earlier(loaded.order.order_id, loaded.order.revision + 1, decision.result)
            kept = Decision(also=(lambda tx: self.keys_seen.remember(tx, request, first, at),))
            return decision + kept if decision.facts else decision

        return judged

    def _again(self, earlier: Earlier) -> Commanded:
        """The order as it was then, rebuilt from its history."""
        then = replay(self.history.facts_until(earlier.order_id, earlier.revision))
        order = replace(then, revision=earlier.revision)
        texts = self.desk.load(earlier.order_id).personal
        personal = {name: text for name, text in texts.items() if name in order.personal}
        return Commanded(order, personal, earlier.result, replayed=True)
