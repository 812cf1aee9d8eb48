"""A command under its caller's key: written in the command's transaction, answered alike the second time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.dynamo.transaction import Transaction
from comanda.idempotency.store import Earlier, KeyStore, Request

type Write = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class Once:
    """`request` is None for a caller that sent no key: then nothing is remembered."""

    store: KeyStore
    request: Request | None
    at: str

    def earlier(self) -> Earlier | None:
        """What the first run did. Raises IdempotencyKeyReused."""
        return self.store.earlier(self.request) if self.request else None

    def remembering(self, order_id: str, revision: int, result: dict[str, Any]) -> tuple[Write, ...]:
        """The writes that go with the command."""
        request = self.request
        if request is None:
            return ()
        done = Earlier(order_id, revision, result)
        return (lambda tx: self.store.remember(tx, request, done, self.at),)
