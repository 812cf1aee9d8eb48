"""The lock of the books: one item, which whatever is dated by the bank's calendar is checked against in its
own transaction, so that a lock and a back-dated entry cannot both win."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.jobs import JobsRow, PartRow
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import WrongState

PK, SK = "PERIODLOCK", "LOCK"


class LockRow(JobsRow):
    """`PERIODLOCK` / `LOCK`: `until` is the last day that is locked, empty for none; `turn` counts moves."""

    class Meta:
        table_name = "unbound"

    until = UnicodeAttribute(default="")
    turn = NumberAttribute(default=0)


@dataclass(frozen=True, slots=True)
class Change:
    """Who moved the lock, when, from which day to which, and why. Empty: nothing is locked."""

    at: str
    by: str
    before: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lock:
    until: str = ""
    turn: int = 0


class PeriodLock:
    def __init__(self, table: str) -> None:
        self.table = table
        LockRow.bind(table)
        PartRow.bind(table)

    def read(self) -> Lock:
        row = LockRow.read(PK, SK)
        return Lock(str(row.until), int(row.turn)) if row else Lock()

    def write(self, tx: Transaction, seen: Lock, change: Change) -> None:
        """Move the lock in a transaction, with its history. Raises RevisionMoved when it moved meanwhile."""
        row = LockRow(PK, SK, until=change.until, turn=seen.turn + 1)
        same = (LockRow.turn == seen.turn) if seen.turn else LockRow.pk.does_not_exist()
        tx.put(row, same, RevisionMoved)
        tx.put(PartRow(PK, f"CHANGE#{row.turn:06d}", body=canonical(asdict(change))))

    def history(self) -> list[Change]:
        """Every change there was, newest first."""
        items = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :change)",
            ExpressionAttributeValues={":pk": {"S": PK}, ":change": {"S": "CHANGE#"}},
            ConsistentRead=True,
            ScanIndexForward=False,
        )
        return [Change(**json.loads(item["body"]["S"])) for item in items]

    def guard(self, tx: Transaction, days: Iterable[str]) -> None:
        """Let a transaction happen only while none of these days is locked. Its refusal is WrongState."""
        first = min(days)
        is_open = LockRow.pk.does_not_exist() | (LockRow.until < first)
        tx.check(LockRow(PK, SK), is_open, lambda item: locked(first, item))


def locked(day: str, item: dict[str, Any] | None) -> WrongState:
    """The refusal of an entry of that day."""
    until = item["until"]["S"] if item and "until" in item else ""
    return WrongState(
        "period-locked",
        f"the books are locked up to {until}: nothing can be entered with the date {day} any more",
    )
