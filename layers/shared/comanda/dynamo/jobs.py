"""The Jobs table: what its rows share, the head and the parts of long work, and the recent of a kind."""

import json
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.row import Row


class JobsRow(Row):
    """Whatever is kept in the Jobs table; each area has partitions of its own there."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    schema = NumberAttribute(default=1)
    expires_at = NumberAttribute(null=True)  # seconds of the epoch; None: kept for good


class HeadRow(JobsRow):
    """How far a piece of work is: a bulk job or an export batch; in the `recent` index, newest last."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    revision = NumberAttribute()
    kind_pk = UnicodeAttribute()
    kind_sk = UnicodeAttribute()


class PartRow(JobsRow):
    """What a piece of work was asked for, and its chunks."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()


def recent(table: str, kind: str, limit: int, before: str = "") -> tuple[list[dict[str, Any]], str]:
    """The bodies of the heads of a kind, newest first, and where to go on (empty: that was all)."""
    request: dict[str, Any] = {
        "TableName": table,
        "IndexName": "recent",
        "KeyConditionExpression": "kind_pk = :kind" + (" AND kind_sk < :before" if before else ""),
        "ExpressionAttributeValues": {":kind": {"S": kind}} | ({":before": {"S": before}} if before else {}),
        "ScanIndexForward": False,
        "Limit": limit,
    }
    items = client().query(**request)["Items"]
    found = [json.loads(item["body"]["S"]) for item in items]
    return found, items[-1]["kind_sk"]["S"] if len(items) == limit else ""
