"""Rate limits: counters a minute, per address and per e-mail, kept in the Dedupe table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.canonical import sha256
from comanda.dynamo.client import client
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.errors import RateLimited

WINDOW = 60


class RateRow(Row):
    """`RATE#<what>#<digest of who>#<minute>`."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    uses = NumberAttribute()
    expires_at = NumberAttribute()


def window(now: datetime) -> int:
    """The number of the minute within which uses add up."""
    return int(now.timestamp()) // WINDOW


@dataclass(frozen=True, slots=True)
class Rate:
    """How often `who` may do `what` in the minute of `now`, and the item of `table` that counts it.

    `who` is stored as a digest: an address or an e-mail is nobody's business here.
    """

    table: str
    what: str
    who: str
    limit: int
    now: datetime

    @property
    def pk(self) -> str:
        return f"RATE#{self.what}#{sha256(self.who.casefold())[:32]}#{window(self.now)}"

    def count(self) -> None:
        """Count one use at once. Raises RateLimited when it is one too many."""
        answer: dict[str, Any] = client().update_item(
            TableName=self.table,
            Key={"pk": {"S": self.pk}},
            UpdateExpression="ADD uses :one SET expires_at = if_not_exists(expires_at, :end)",
            ExpressionAttributeValues={":one": {"N": "1"}, ":end": {"N": str(self._ends)}},
            ReturnValues="UPDATED_NEW",
        )
        if int(answer["Attributes"]["uses"]["N"]) > self.limit:
            raise self._refusal()

    def counted(self, tx: Transaction) -> None:
        """Count one use in the transaction of what is limited; one too many refuses it (RateLimited)."""
        RateRow.bind(self.table)
        room = RateRow.uses.does_not_exist() | (RateRow.uses < self.limit)
        changes = [RateRow.uses.add(1), RateRow.expires_at.set(self._ends)]
        tx.update(RateRow(self.pk), changes, room, lambda _: self._refusal())

    def judge(self, item: dict[str, Any] | None) -> None:
        """Look at the counter as it was read, counting nothing. Raises RateLimited when it is full."""
        if item and int(item["uses"]["N"]) >= self.limit:
            raise self._refusal()

    @property
    def _ends(self) -> int:
        return int(self.now.timestamp()) + 10 * WINDOW

    def _refusal(self) -> RateLimited:
        left = WINDOW - int(self.now.timestamp()) % WINDOW
        return RateLimited(f"at most {self.limit} a minute", retry_after=left)
