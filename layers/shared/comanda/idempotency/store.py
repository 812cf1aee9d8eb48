"""Idempotency keys in the Dedupe table, written in the transaction of the effect they stand for."""

import json
from dataclasses import dataclass, field
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.canonical import digest
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import AlreadyDone, Transaction
from comanda.errors import IdempotencyKeyReused
from comanda.times import moment

KEEP_SECONDS = 45 * 86_400


class KeyRow(Row):
    """`IDEM#<scope>#<key>`; the scope is caller and route."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    fingerprint = UnicodeAttribute()
    order_id = UnicodeAttribute()
    revision = NumberAttribute(default=0)
    result = UnicodeAttribute(default="{}")
    expires_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Request:
    """A caller's request under its key. `fingerprint` is the digest of what was asked."""

    scope: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, scope: str, key: str, body: Any) -> "Request":
        return cls(scope, key, digest(body))

    @property
    def pk(self) -> str:
        return f"IDEM#{self.scope}#{self.key}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the first run of a request did."""

    order_id: str
    revision: int
    result: dict[str, Any] = field(default_factory=dict)


class KeyStore:
    def __init__(self, table: str) -> None:
        self.table = table
        KeyRow.bind(table)

    def earlier(self, request: Request) -> Earlier | None:
        """The first run of this request, if there was one. Raises IdempotencyKeyReused."""
        return self._judged(KeyRow.read(request.pk), request)

    def from_raw(self, item: dict[str, Any] | None, request: Request) -> Earlier | None:
        return self._judged(KeyRow.from_raw_data(item) if item else None, request)

    def _judged(self, row: KeyRow | None, request: Request) -> Earlier | None:
        if row is None:
            return None
        if row.fingerprint != request.fingerprint:
            raise IdempotencyKeyReused("this Idempotency-Key came with another body before")
        return Earlier(row.order_id, int(row.revision), json.loads(row.result))

    def remember(self, tx: Transaction, request: Request, earlier: Earlier, at: str) -> None:
        """Write the key in the transaction of its effect; a second one finds AlreadyDone."""
        row = KeyRow(
            request.pk,
            fingerprint=request.fingerprint,
            order_id=earlier.order_id,
            revision=earlier.revision,
            result=json.dumps(earlier.result),
            expires_at=int(moment(at).timestamp()) + KEEP_SECONDS,
        )
        tx.put(row, KeyRow.pk.does_not_exist(), AlreadyDone)
