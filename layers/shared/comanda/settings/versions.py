"""Who changed a settings section, when, and what it said before: one item per version in the Jobs table."""

import json
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction


class VersionRow(Row):
    """`SETTING#<section>` / `<version>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    before = UnicodeAttribute()
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()


class VersionStore:
    def __init__(self, table: str) -> None:
        self.table = table
        VersionRow.bind(table)

    def add(
        self, tx: Transaction, section: str, version: int, *, before: dict[str, Any], at: str, actor: str
    ) -> None:
        """Note a change in its own transaction; `version` is the one it makes."""
        row = VersionRow(f"SETTING#{section}", f"{version:010d}", before=json.dumps(before))
        row.changed_at, row.changed_by = at, actor
        tx.put(row)

    def latest(self, section: str, limit: int) -> list[dict[str, Any]]:
        """The last changes, newest first."""
        answer = client().query(
            TableName=self.table,
            KeyConditionExpression="pk = :section",
            ExpressionAttributeValues={":section": {"S": f"SETTING#{section}"}},
            ScanIndexForward=False,
            Limit=limit,
            ConsistentRead=True,
        )
        return [_shown(VersionRow.from_raw_data(item)) for item in answer["Items"]]


def _shown(row: VersionRow) -> dict[str, Any]:
    return {
        "version": int(row.sk),
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
        "before": json.loads(row.before),
    }
