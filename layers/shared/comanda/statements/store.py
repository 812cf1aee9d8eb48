"""Statements in the Jobs table: the head, its movements, whose statement a movement is, what was decided."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.batch import several
from comanda.dynamo.jobs import HeadRow, JobsRow, PartRow, recent
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, NotFound
from comanda.statements.model import Decided, ReadStatement, Statement, StatementEntry
from comanda.times import moment

RECENT = "STATEMENT"
KEEP_SECONDS = 400 * 86_400  # a year's books are closed by then; the orders' own ledgers are kept for good
CHUNK = 40  # movements of one transaction, two items each
ATTEMPTS = 5


class MarkRow(JobsRow):
    """`MOVEMENT#<entry id>` / `MARK`: which statement brought a movement, and where it lies there."""

    class Meta:
        table_name = "unbound"

    statement_id = UnicodeAttribute()
    place = NumberAttribute()


class DecisionRow(JobsRow):
    """`MOVEMENT#<entry id>` / `DECISION`"""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    revision = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Placed:
    """A movement in its statement."""

    statement_id: str
    place: int
    entry: StatementEntry


class StatementStore:
    """`STATEMENT#<id>`: `HEAD`, and `ENTRY#<place>` for each movement. All is forgotten after 400 days."""

    def __init__(self, table: str) -> None:
        self.table = table
        for row in (HeadRow, PartRow, MarkRow, DecisionRow):
            row.bind(table)

    # -- statements ------------------------------------------------------------------------------

    def find(self, statement_id: str) -> Statement | None:
        row = HeadRow.read(_pk(statement_id), "HEAD")
        return Statement.from_dict(json.loads(row.body)) if row else None

    def get(self, statement_id: str) -> Statement:
        """Raises NotFound."""
        found = self.find(statement_id)
        if found is None:
            raise NotFound("there is no such statement")
        return found

    def recent(self, limit: int, before: str = "") -> tuple[list[Statement], str]:
        """Statements, newest first, and where to go on (empty: that was all)."""
        bodies, after = recent(self.table, RECENT, limit, before)
        return [Statement.from_dict(body) for body in bodies], after

    def add(self, statement_id: str, read: ReadStatement, at: str, actor: str) -> Statement:
        """Enter a file's movements, each once whatever other files hold it too. The same file again goes on
        where it broke off, and changes nothing when all is in place. Raises Busy."""
        head = self.find(statement_id)
        if head is not None and head.whole:
            return head
        if head is None:
            head = Statement(
                statement_id, read.format, read.accounts, len(read.entries), at, actor, read.left_out
            )
            self._put_head(head)
        place = 0
        for part in batched(read.entries, CHUNK, strict=False):
            place = self._enter(head, part, place)
        whole = replace(head, added=place, whole=True, revision=head.revision + 1)
        self._put_head(whole)
        return whole

    def _enter(self, head: Statement, part: Sequence[StatementEntry], place: int) -> int:
        """Place what is new of some movements behind `place`; the place behind them. Whoever enters the
        same ones at this moment from another file is faster or slower, movement by movement."""
        for _ in range(ATTEMPTS):
            marks = self._marks(entry.entry_id for entry in part)
            own = [e for e in part if marks.get(e.entry_id, head.statement_id) == head.statement_id]
            tx = Transaction()
            for offset, entry in enumerate(own):
                if entry.entry_id not in marks:
                    self._put_entry(tx, head, place + offset, entry)
            try:
                if tx.actions:
                    tx.commit()
            except RevisionMoved:
                continue
            return place + len(own)
        raise Busy("another file with the same movements is being entered")

    def _put_entry(self, tx: Transaction, head: Statement, place: int, entry: StatementEntry) -> None:
        expires = _until(head.at)
        mark = MarkRow(_movement(entry.entry_id), "MARK", expires_at=expires)
        mark.statement_id, mark.place = head.statement_id, place
        tx.put(mark, MarkRow.pk.does_not_exist())
        body = canonical(entry.to_dict())
        tx.put(PartRow(_pk(head.statement_id), _at(place), body=body, expires_at=expires))

    def _marks(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """Which statement brought each of the movements, as far as any did."""
        items = several(self.table, ((_movement(entry_id), "MARK") for entry_id in entry_ids))
        return {item["pk"]["S"].removeprefix("MOVEMENT#"): item["statement_id"]["S"] for item in items}

    def _put_head(self, head: Statement) -> None:
        row = HeadRow(
            _pk(head.statement_id),
            "HEAD",
            body=canonical(head.to_dict()),
            revision=head.revision,
            expires_at=_until(head.at),
            kind_pk=RECENT,
            kind_sk=f"{head.at}#{head.statement_id}",
        )
        HeadRow.write(row)

    # -- movements -------------------------------------------------------------------------------

    def entries(self, statement_id: str, first: int, limit: int) -> list[Placed]:
        """Movements in the order of the file, from place `first` on."""
        keys = [(_pk(statement_id), _at(place)) for place in range(first, first + limit)]
        items = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": _pk(statement_id)},
                ":first": {"S": keys[0][1]},
                ":last": {"S": keys[-1][1]},
            },
            ConsistentRead=True,
        )
        return [_placed(statement_id, item) for item in items]

    def entry(self, statement_id: str, entry_id: str) -> Placed:
        """Raises NotFound."""
        mark = MarkRow.read(_movement(entry_id), "MARK")
        if mark is None or mark.statement_id != statement_id:
            raise NotFound("the statement has no such movement")
        return self.entries(statement_id, int(mark.place), 1)[0]

    # -- decisions -------------------------------------------------------------------------------

    def decided(self, entry_ids: Iterable[str]) -> dict[str, Decided]:
        """What was decided of these movements; those that nobody has looked at are open."""
        wanted = list(dict.fromkeys(entry_ids))
        items = several(self.table, ((_movement(entry_id), "DECISION") for entry_id in wanted))
        known = (Decided.from_dict(json.loads(item["body"]["S"])) for item in items)
        return {entry_id: Decided(entry_id) for entry_id in wanted} | {one.entry_id: one for one in known}

    def decide(self, before: Decided, at: str, **changes: Any) -> Decided:
        """Write a decision on condition that the last one is `before`. Raises RevisionMoved."""
        after = replace(before, revision=before.revision + 1, at=at, **changes)
        row = DecisionRow(_movement(after.entry_id), "DECISION", expires_at=_until(at))
        row.body, row.revision = canonical(after.to_dict()), after.revision
        tx = Transaction()
        same = DecisionRow.revision == before.revision if before.revision else DecisionRow.pk.does_not_exist()
        tx.put(row, same)
        tx.commit()
        return after


def _placed(statement_id: str, item: dict[str, Any]) -> Placed:
    entry = StatementEntry.from_dict(json.loads(item["body"]["S"]))
    return Placed(statement_id, int(item["sk"]["S"].removeprefix("ENTRY#")), entry)


def _until(at: str) -> int:
    return int(moment(at).timestamp()) + KEEP_SECONDS


def _pk(statement_id: str) -> str:
    return f"STATEMENT#{statement_id}"


def _at(place: int) -> str:
    return f"ENTRY#{place:05d}"


def _movement(entry_id: str) -> str:
    return f"MOVEMENT#{entry_id}"
