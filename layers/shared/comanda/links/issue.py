"""Issue and use mailed links."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.dynamo.transaction import Transaction
from comanda.ids import token_hash
from comanda.links.keys import Keys
from comanda.links.store import Link, LinkStore


@dataclass(frozen=True, slots=True)
class Issued:
    """A link about to be written: `mark` goes into the mail effect, `write` into the transaction."""

    mark: dict[str, str]
    write: Callable[[Transaction], None]


class Links:
    """`keys` is asked anew each time, so that a rotation is seen."""

    def __init__(self, store: LinkStore, keys: Callable[[], Keys]) -> None:
        self.store = store
        self.keys = keys

    def issue(self, purpose: str, order_id: str, serial: str, expires_at: str) -> Issued:
        """A link for one purpose; the same arguments give the same token."""
        hashed = token_hash(self.keys().link(purpose, order_id, serial))
        link = Link(hashed, purpose, order_id, serial, expires_at)
        return Issued({"hash": hashed, "serial": serial}, lambda tx: self.store.add(tx, link))

    def find(self, token: str, purpose: str, now: str, *, unused: bool = True) -> Link:
        """See LinkStore.find."""
        return self.store.find(token, purpose, now, unused=unused)

    def use(self, link: Link, at: str) -> Callable[[Transaction], None]:
        """The write that uses a link up."""
        return lambda tx: self.store.use(tx, link, at)
