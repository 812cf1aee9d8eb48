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
        row = VersionRow(f"SETTING#{section}", _sk(version), before=json.dumps(before))
        row.changed_at, row.changed_by = at, actor
        tx.put(row)

    def latest(self, section: str, limit: int, before: int = 0) -> list[dict[str, Any]]:
        """The last changes, newest first; with `before` only those that made an earlier version."""
        values = {":section": {"S": f"SETTING#{section}"}}
        if before:
            values[":before"] = {"S": _sk(before)}
        answer = client().query(
            TableName=self.table,
            KeyConditionExpression="pk = :section" + (" AND sk < :before" if before else ""),
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            Limit=limit,
            ConsistentRead=True,
        )
        return [_shown(VersionRow.from_raw_data(item)) for item in answer["Items"]]

    def body(self, section: str, version: int) -> dict[str, Any] | None:
        """What the section said at a version that is not its present one; None where there is none."""
        row = VersionRow.read(f"SETTING#{section}", _sk(version + 1))
        return json.loads(row.before) if row else None


def _sk(version: int) -> str:
    return f"{version:010d}"


def _shown(row: VersionRow) -> dict[str, Any]:
    return {
        "version": int(row.sk),
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
        "before": json.loads(row.before),
    }
