"""A command under its caller's key: written in the command's transaction, answered alike the second time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.dynamo.transaction import AlreadyDone, Transaction
from comanda.errors import Problem
from comanda.idempotency.store import Earlier, KeyStore, Request

type Write = Callable[[Transaction], None]


def answered_alike[T](
    earlier: Callable[[], Earlier | None], again: Callable[[Earlier], T], work: Callable[[], T]
) -> T:
    """What `work` answers, or `again` what its first run did.

    Two runs may go on at once. The one that loses is refused for what the other has just done: stale,
    decided before, sold out, link used. The key is written with its effect, so whoever is refused because
    of it finds it then. Raises what `work` refuses with, and IdempotencyKeyReused.
    """
    known = earlier()
    if known:
        return again(known)
    try:
        return work()
    except Problem:
        known = earlier()
        if known is None:
            raise
        return again(known)


@dataclass(frozen=True, slots=True)
class Once:
    """`request` is None for a caller that sent no key: then nothing is remembered."""

    store: KeyStore
    request: Request | None
    at: str

    def earlier(self) -> Earlier | None:
        """What the first run did. Raises IdempotencyKeyReused."""
        return self.store.earlier(self.request) if self.request else None

    def answering[T](self, again: Callable[[Earlier], T], work: Callable[[], T]) -> T:
        """See answered_alike."""
        return answered_alike(self.earlier, again, work)

    def carried_out(self, change: Callable[..., object]) -> bool:
        """Make a change of what has no history: its answer is what is there now. Whether the same request
        had made it before; `change` writes what it is given as `also`. Raises what it refuses with."""

        def work() -> bool:
            try:
                change(also=self.remembering("", 0, {}))
            except AlreadyDone:
                return True
            return False

        return self.answering(lambda known: True, work)

    def remembering(self, order_id: str, revision: int, result: dict[str, Any]) -> tuple[Write, ...]:
        """The writes that go with the command."""
        request = self.request
        if request is None:
            return ()
        done = Earlier(order_id, revision, result)
        return (lambda tx: self.store.remember(tx, request, done, self.at),)
