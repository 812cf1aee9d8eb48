"""Mailed links: what each token's hash is for, until when, and whether it was used."""

from dataclasses import dataclass

from pynamodb.attributes import UnicodeAttribute

from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.errors import LinkExpired, LinkUsed, NotFound
from comanda.ids import token_hash


class LinkRow(Row):
    """`LINK#<hash of the token>` in the Settings table."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    purpose = UnicodeAttribute()
    order_id = UnicodeAttribute()
    serial = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    used_at = UnicodeAttribute(default="")


@dataclass(frozen=True, slots=True)
class Link:
    """A token's purpose: verify | approve | csv | edit | quote | pickup. `expires_at` is UTC."""

    hash: str
    purpose: str
    order_id: str
    serial: str
    expires_at: str
    used_at: str = ""


class LinkStore:
    def __init__(self, table: str) -> None:
        LinkRow.bind(table)

    def add(self, tx: Transaction, link: Link) -> None:
        """Write a link in somebody's transaction."""
        row = LinkRow(_key(link.hash), purpose=link.purpose, order_id=link.order_id, serial=link.serial)
        row.expires_at = link.expires_at
        tx.put(row)

    def add_new(self, tx: Transaction, link: Link) -> None:
        """Write a link that nobody else may have; whoever asks for a taken one decides again."""
        row = LinkRow(_key(link.hash), purpose=link.purpose, order_id=link.order_id, serial=link.serial)
        row.expires_at = link.expires_at
        tx.put(row, LinkRow.pk.does_not_exist())

    def use(self, tx: Transaction, link: Link, at: str) -> None:
        """Use a single-use link up in the transaction of its effect; the second one gets LinkUsed."""
        tx.update(
            LinkRow(_key(link.hash)),
            [LinkRow.used_at.set(at)],
            LinkRow.used_at == "",
            lambda item: LinkUsed("this link has been used"),
        )

    def known(self, token: str, purpose: str) -> Link | None:
        """The link of a token whatever has become of it; None for one that nobody was given."""
        row = LinkRow.read(_key(token_hash(token)))
        if row is None or row.purpose != purpose:
            return None
        return Link(token_hash(token), row.purpose, row.order_id, row.serial, row.expires_at, row.used_at)

    def find(self, token: str, purpose: str, now: str, *, unused: bool = True) -> Link:
        """The link of a token. Raises NotFound (also for another purpose), LinkExpired, LinkUsed."""
        link = self.known(token, purpose)
        if link is None:
            raise NotFound("this link is not known")
        if unused and link.used_at:
            raise LinkUsed("this link has been used")
        if link.expires_at <= now:
            raise LinkExpired("this link has expired")
        return link


def _key(hashed: str) -> str:
    return f"LINK#{hashed}"
