"""What stays of purged orders: one `TOMBSTONE` item each, in the `created` index under PURGED."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.orders.rows import OrderRow, OrdersRow
from comanda.times import later

SK, INDEX, LISTED = "TOMBSTONE", "created", "PURGED"
PATIENCE_SECONDS = 120  # how long a purge may take before the sweep finishes it


class TombstoneRow(OrdersRow):
    """`TOMBSTONE`; in the `due` index until everything else is gone."""

    class Meta:
        table_name = "unbound"

    number = UnicodeAttribute()
    reason = UnicodeAttribute()
    purged_by = UnicodeAttribute()
    cause = UnicodeAttribute()
    purged_at = UnicodeAttribute()
    revision = NumberAttribute()
    facts = NumberAttribute()
    head_hash = UnicodeAttribute()
    created_pk = UnicodeAttribute(default=LISTED)
    created_sk = UnicodeAttribute()
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Who purged which order, when and why, and where its history ended. Nothing personal."""

    order_id: str
    number: str
    reason: str
    purged_by: str
    cause: str
    purged_at: str
    revision: int
    facts: int
    head_hash: str
    done: bool = False


class Tombstones:
    def __init__(self, table: str) -> None:
        self.table = table
        for row in (OrdersRow, OrderRow, TombstoneRow):
            row.bind(table)

    def find(self, order_id: str) -> Tombstone | None:
        row = TombstoneRow.read(order_id, SK)
        return _stone(row) if row else None

    def burying(self, tx: Transaction, stone: Tombstone) -> None:
        """Put the tombstone and delete the snapshot, if nobody has written the order since it was read."""
        row = _row(stone)
        row.due_pk, row.due_sk = "DUE", f"{later(stone.purged_at, PATIENCE_SECONDS)}#{SK}"
        tx.put(row, TombstoneRow.pk.does_not_exist(), RevisionMoved)
        tx.delete(OrderRow(stone.order_id, "ORDER"), OrderRow.revision == stone.revision, RevisionMoved)

    def rest(self, order_id: str) -> list[str]:
        """Sort keys of what is left beside the tombstone; personal texts first."""
        items = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": order_id}},
            ProjectionExpression="sk",
            ConsistentRead=True,
        )
        keys = [item["sk"]["S"] for item in items]
        return sorted((sk for sk in keys if sk != SK), key=lambda sk: (not sk.startswith("PII#"), sk))

    def deleting(self, tx: Transaction, order_id: str, keys: Iterable[str]) -> None:
        for sk in keys:
            tx.delete(OrdersRow(order_id, sk))

    def close(self, stone: Tombstone) -> Tombstone:
        """Everything else is gone: the sweep need not look after it any more."""
        actions = [TombstoneRow.due_pk.remove(), TombstoneRow.due_sk.remove()]
        TombstoneRow.change(TombstoneRow(stone.order_id, SK), actions, TombstoneRow.pk.exists())
        return replace(stone, done=True)

    def latest(self, most: int, before: str = "") -> tuple[list[Tombstone], str]:
        """Tombstones, newest first, and where to go on; `before` is what the page before said."""
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": INDEX,
            "KeyConditionExpression": "created_pk = :listed AND created_sk < :before",
            "ExpressionAttributeValues": {":listed": {"S": LISTED}, ":before": {"S": before or "~"}},
            "ScanIndexForward": False,
            "Limit": most,
        }
        answer = client().query(**request)
        positions = [item["created_sk"]["S"] for item in answer["Items"]]
        found = [self.find(position.partition("#")[2]) for position in positions]
        return [stone for stone in found if stone], positions[-1] if "LastEvaluatedKey" in answer else ""


def _row(stone: Tombstone) -> TombstoneRow:
    values = {name: getattr(stone, name) for name in Tombstone.__slots__ if name not in ("order_id", "done")}
    return TombstoneRow(stone.order_id, SK, created_sk=f"{stone.purged_at}#{stone.order_id}", **values)


def _stone(row: TombstoneRow) -> Tombstone:
    values = {name: getattr(row, name) for name in Tombstone.__slots__ if name not in ("order_id", "done")}
    numbers = {name: int(values[name]) for name in ("revision", "facts")}
    return Tombstone(row.pk, **values | numbers, done=row.due_pk is None)
