"""The history of corrections, kept in the Jobs table: that one has a sort key, Stock has none, so a
product's corrections are one Query there, newest first, and need no index."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.jobs import JobsRow
from comanda.dynamo.transaction import Transaction
from comanda.stock.model import Adjustment


class AdjustmentRow(JobsRow):
    """`ADJUST#<sku>` / `<time>#<id>`"""

    class Meta:
        table_name = "unbound"

    adjustment_id = UnicodeAttribute()
    sku = UnicodeAttribute()
    location = UnicodeAttribute()
    delta = NumberAttribute()
    reason = UnicodeAttribute()
    on_hand = NumberAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    cause = UnicodeAttribute(null=True)


class AdjustmentStore:
    def __init__(self, table: str) -> None:
        self.table = table
        AdjustmentRow.bind(table)

    def add(self, tx: Transaction, made: Adjustment) -> None:
        """Write a correction into the transaction that makes it."""
        tx.put(AdjustmentRow(_key(made.sku), f"{made.at}#{made.adjustment_id}", **_stored(made)))

    def latest(self, sku: str, limit: int) -> list[Adjustment]:
        """The last corrections of a product, newest first."""
        return self.page(sku, limit)[0]

    def page(self, sku: str, limit: int, before: str = "") -> tuple[list[Adjustment], str]:
        """Corrections of a product before a position, newest first, and the position to go on from; "" at
        the end."""
        answer = client().query(
            TableName=self.table,
            KeyConditionExpression="pk = :sku AND sk < :before",
            ExpressionAttributeValues={":sku": {"S": _key(sku)}, ":before": {"S": before or "~"}},
            ScanIndexForward=False,
            Limit=limit,
            ConsistentRead=True,
        )
        items = answer["Items"]
        more = "LastEvaluatedKey" in answer and bool(items)
        return [_adjustment(item) for item in items], items[-1]["sk"]["S"] if more else ""


def _stored(made: Adjustment) -> dict[str, Any]:
    return made.to_dict() | {"cause": made.cause or None}


def _key(sku: str) -> str:
    return f"ADJUST#{sku}"


def _adjustment(item: dict[str, Any]) -> Adjustment:
    row = AdjustmentRow.from_raw_data(item)
    values = {name: getattr(row, name) for name in Adjustment.__slots__}
    return Adjustment(
        **values | {"delta": int(row.delta), "on_hand": int(row.on_hand), "cause": row.cause or ""}
    )
