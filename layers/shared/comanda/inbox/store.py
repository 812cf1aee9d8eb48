"""The inbox in the Jobs table: one record per webhook, newest first in the `recent` index."""

import base64
import json
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.batch import get_many
from comanda.dynamo.client import client
from comanda.dynamo.jobs import JobsRow
from comanda.errors import Malformed
from comanda.inbox.model import ALREADY_APPLIED, APPLIED, RECEIVED, Entry, Outcome, Processed

RECENT = "WEBHOOK"
SK = "RECORD"


class InboxRow(JobsRow):
    """`INBOX#<entry id>`"""

    class Meta:
        table_name = "unbound"

    kind = UnicodeAttribute()
    sender = UnicodeAttribute()
    event_id = UnicodeAttribute()
    event_type = UnicodeAttribute(default="")
    received_at = UnicodeAttribute()
    bucket = UnicodeAttribute()
    key = UnicodeAttribute()
    state = UnicodeAttribute(default=RECEIVED)
    attempts = NumberAttribute(default=0)
    problem = UnicodeAttribute(default="")
    order_id = UnicodeAttribute(default="")
    changed_at = UnicodeAttribute(default="")
    kind_pk = UnicodeAttribute(default=RECENT)
    kind_sk = UnicodeAttribute()


class InboxStore:
    def __init__(self, table: str) -> None:
        self.table = table
        InboxRow.bind(table)

    def find(self, entry_id: str) -> Processed | None:
        row = InboxRow.read(f"INBOX#{entry_id}", SK)
        return _processed(row) if row else None

    def applied(self, sender: str, event_ids: Iterable[str]) -> set[str]:
        """Those of a sender's events that came and had their effect."""
        keys = {(f"INBOX#{sender}.{event_id}", SK): event_id for event_id in event_ids}
        found = get_many({self.table: keys})[self.table]
        done = (APPLIED, ALREADY_APPLIED)
        rows = {pk: InboxRow.from_raw_data(item).state for pk, item in found.items()}
        return {event_id for (pk, _), event_id in keys.items() if rows.get(pk) in done}

    def begin(self, entry: Entry, at: str) -> Processed:
        """Note that a repeated delivery is under way."""
        row = InboxRow
        return self._note(entry, [row.state.set(row.state | RECEIVED), row.changed_at.set(at)])

    def finish(self, entry: Entry, outcome: Outcome, at: str) -> None:
        """Count an attempt and say what came of it.

        What was applied once stays applied, whatever a repetition finds.
        """
        row = InboxRow
        actions = [
            row.state.set(outcome.state),
            row.problem.set(outcome.reason),
            row.order_id.set(outcome.order_id),
            row.changed_at.set(at),
            row.attempts.add(1),
        ]
        known = None if outcome.state == APPLIED else row.pk.does_not_exist() | (row.state != APPLIED)
        try:
            self._note(entry, actions, known)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            self._note(entry, [row.attempts.add(1)])

    def _note(self, entry: Entry, actions: list[Any], condition: Any = None) -> Processed:
        """Change the record; the first note makes it."""
        row = InboxRow
        first = {
            "kind": entry.kind,
            "sender": entry.sender,
            "event_id": entry.event_id,
            "event_type": entry.event_type,
            "received_at": entry.received_at,
            "schema": 1,
            "kind_pk": RECENT,
            "kind_sk": f"{entry.received_at}#{entry.entry_id}",
        }
        columns = row.get_attributes()
        envelope = [columns[name].set(columns[name] | value) for name, value in first.items()]
        envelope += [row.bucket.set(entry.bucket), row.key.set(entry.key)]
        changed = row.change(row(f"INBOX#{entry.entry_id}", SK), [*envelope, *actions], condition)
        return _processed(row.from_raw_data(changed))

    def recent(self, *, limit: int, cursor: str = "", state: str = "") -> tuple[list[Processed], str]:
        """One page, newest first, and the cursor of the next ("" at the end). Raises Malformed."""
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "recent",
            "KeyConditionExpression": "kind_pk = :kind",
            "ExpressionAttributeValues": {":kind": {"S": RECENT}},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if state:
            request["FilterExpression"] = "#state = :state"
            request["ExpressionAttributeNames"] = {"#state": "state"}
            request["ExpressionAttributeValues"][":state"] = {"S": state}
        if cursor:
            request["ExclusiveStartKey"] = _start(cursor)
        answer = client().query(**request)
        rows = [_processed(InboxRow.from_raw_data(item)) for item in answer["Items"]]
        return rows, _cursor(answer.get("LastEvaluatedKey"))


def _processed(row: InboxRow) -> Processed:
    return Processed(
        entry_id=row.pk.removeprefix("INBOX#"),
        kind=row.kind,
        sender=row.sender,
        event_id=row.event_id,
        event_type=row.event_type,
        received_at=row.received_at,
        bucket=row.bucket,
        key=row.key,
        state=row.state,
        attempts=int(row.attempts),
        problem=row.problem,
        order_id=row.order_id,
        changed_at=row.changed_at,
    )


def _cursor(last: dict[str, Any] | None) -> str:
    if not last:
        return ""
    return base64.urlsafe_b64encode(json.dumps([last["kind_sk"]["S"], last["pk"]["S"]]).encode()).decode()


def _start(cursor: str) -> dict[str, Any]:
    try:
        kind_sk, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        key = {"kind_pk": RECENT, "kind_sk": kind_sk, "pk": pk, "sk": SK}
        return {name: {"S": "" + value} for name, value in key.items()}  # TypeError for what is no text
    except (ValueError, TypeError) as error:
        raise Malformed("this is no cursor of ours") from error
