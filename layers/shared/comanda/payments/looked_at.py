"""How far each payment provider has been looked at, how the last look went, and what it repaired."""

import json
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.client import client
from comanda.dynamo.jobs import JobsRow, PartRow
from comanda.times import later, moment

SK, RUN, REPAIR = "MARK", "RUN", "REPAIR#"
KEPT_SECONDS = 90 * 24 * 3600  # repairs; the orders themselves know for good


class MarkRow(JobsRow):
    """`LOOKED#<provider>`"""

    class Meta:
        table_name = "unbound"

    until = UnicodeAttribute()


class LookedAt:
    def __init__(self, table: str) -> None:
        self.table = table
        MarkRow.bind(table)
        PartRow.bind(table)

    def read(self, code: str) -> str:
        """Until when, UTC; empty before the first look."""
        row = MarkRow.read(f"LOOKED#{code}", SK)
        return str(row.until) if row else ""

    def move(self, code: str, until: str) -> None:
        """Note that everything before `until` was looked at; a mark never goes back."""
        row = MarkRow(f"LOOKED#{code}", SK, until=until)
        try:
            MarkRow.write(row, MarkRow.pk.does_not_exist() | (MarkRow.until < until))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def note_run(self, code: str, run: dict[str, Any]) -> None:
        """How the last look went; only the newest is kept."""
        PartRow.write(PartRow(f"LOOKED#{code}", RUN, body=canonical(run)))

    def note_repair(self, code: str, at: str, ref: str, order_id: str) -> None:
        """A payment of which no webhook had told. One look notes it once."""
        row = PartRow(f"LOOKED#{code}", f"{REPAIR}{at}#{ref}")
        row.body = canonical({"at": at, "ref": ref, "order_id": order_id})
        row.expires_at = int(moment(later(at, KEPT_SECONDS)).timestamp())
        PartRow.write(row)

    def last_run(self, code: str) -> dict[str, Any] | None:
        """How the last look went; None before the first."""
        row = PartRow.read(f"LOOKED#{code}", RUN)
        found: dict[str, Any] | None = json.loads(row.body) if row else None
        return found

    def repairs(self, code: str, limit: int) -> Iterable[dict[str, Any]]:
        """What was repaired, newest first: `{at, ref, order_id}`."""
        answer = client().query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :repair)",
            ExpressionAttributeValues={":pk": {"S": f"LOOKED#{code}"}, ":repair": {"S": REPAIR}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [json.loads(item["body"]["S"]) for item in answer["Items"]]
