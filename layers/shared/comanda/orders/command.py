"""Run one command on one order: load, decide, commit; read again when somebody else was first."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved
from comanda.errors import Busy, NotFound, Stale
from comanda.orders.decision import Decision, Loaded
from comanda.orders.facts import Origin
from comanda.orders.model import Order

ATTEMPTS = 10

type Decide = Callable[[Loaded], Decision]


class Orders(Protocol):
    """What a use case needs of the store."""

    def load(self, order_id: str) -> Loaded | None: ...

    def commit(self, before: Order | None, decision: Decision, origin: Origin) -> Order: ...


@dataclass(frozen=True, slots=True)
class Done:
    """The order after the command. `changed` is False when there was nothing to do."""

    order: Order
    result: dict[str, Any] = field(default_factory=dict)
    changed: bool = True


def run(orders: Orders, order_id: str, decide: Decide, origin: Origin, *, if_version: int | None = None) -> Done:
    """Carry out `decide` on the order.

    `if_version` is the version the caller has seen. Raises NotFound, Stale, whatever `decide`
    refuses with, and Busy when others keep writing first. An effect that is known already
    changes nothing and is no error.
    """
    for attempt in range(ATTEMPTS):
        loaded = orders.load(order_id)
        if loaded is None:
            raise NotFound("no such order")
        if if_version is not None and loaded.order.version != if_version:
            raise Stale(f"the order is at version {loaded.order.version}, you saw {if_version}")
        decision = decide(loaded)
        if not decision.facts:
            return Done(loaded.order, decision.result, changed=False)
        try:
            return Done(orders.commit(loaded.order, decision, origin), decision.result)
        except RevisionMoved:
            time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 5)))  # noqa: S311 - jitter
        except AlreadyDone:
            again = orders.load(order_id)
            return Done(again.order if again else loaded.order, {}, changed=False)
    raise Busy("others keep changing this order; nothing was written")
