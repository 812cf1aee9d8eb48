"""Closings of days in the Jobs table, kept for good: numbered without gaps, never changed.

`DAYCLOSE` holds `CLOSE#<number>`, `DAY#<day>` (which closing stands, or why the day was opened again) and
`COUNTER`. Whatever changes it raises the counter's turn, so that two people close one after the other.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import batched
from typing import Any

from pynamodb.attributes import NumberAttribute

from comanda.canonical import canonical
from comanda.closing.model import Closing, Move
from comanda.dynamo.jobs import JobsRow, PartRow
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import RevisionMoved, Transaction

PK, COUNTER = "DAYCLOSE", "COUNTER"
MOVES_AT_ONCE = 500


class CounterRow(JobsRow):
    """`DAYCLOSE` / `COUNTER`"""

    class Meta:
        table_name = "unbound"

    last = NumberAttribute(default=0)
    turn = NumberAttribute(default=0)


@dataclass(frozen=True, slots=True)
class Seen:
    last: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class DayState:
    """`number`: the newest closing of the day. `opened`: when it was opened again, by whom and why."""

    day: str
    number: int
    closed: bool
    opened: list[dict[str, str]] = field(default_factory=list)


class ClosingStore:
    def __init__(self, table: str) -> None:
        self.table = table
        CounterRow.bind(table)
        PartRow.bind(table)

    def seen(self) -> Seen:
        row = CounterRow.read(PK, COUNTER)
        return Seen(int(row.last), int(row.turn)) if row else Seen()

    def days(self) -> dict[str, DayState]:
        """Every day that was ever closed."""
        found = (DayState(**json.loads(item["body"]["S"])) for item in self._items("DAY#"))
        return {one.day: one for one in found}

    def closing(self, number: int) -> Closing | None:
        row = PartRow.read(PK, _sk(number))
        return Closing.from_dict(json.loads(row.body)) if row else None

    def keep_lines(self, name: str, moves: Sequence[Move]) -> None:
        """The moves of a closing, under a name of their own; written before it."""
        for number, some in enumerate(batched(moves, MOVES_AT_ONCE, strict=False), 1):
            body = canonical([asdict(one) for one in some])
            PartRow.write(PartRow(f"DAYLINES#{name}", f"{number:05d}", body=body))

    def lines(self, name: str) -> Iterator[Move]:
        for item in self._items("", f"DAYLINES#{name}"):
            yield from (Move(**one) for one in json.loads(item["body"]["S"]))

    def close(self, tx: Transaction, seen: Seen, closing: Closing, state: DayState) -> None:
        """Add a closing, numbered behind the last. Raises RevisionMoved when somebody else was first."""
        self._count(tx, seen, closing.number)
        fresh = PartRow.pk.does_not_exist()
        tx.put(PartRow(PK, _sk(closing.number), body=canonical(closing.to_dict())), fresh, RevisionMoved)
        self._put_state(tx, state)

    def open(self, tx: Transaction, seen: Seen, state: DayState) -> None:
        """Let a day be closed anew; its closing stays where it is. Raises RevisionMoved."""
        self._count(tx, seen, seen.last)
        self._put_state(tx, state)

    def _count(self, tx: Transaction, seen: Seen, last: int) -> None:
        same = (CounterRow.turn == seen.turn) if seen.turn else CounterRow.pk.does_not_exist()
        tx.put(CounterRow(PK, COUNTER, last=last, turn=seen.turn + 1), same, RevisionMoved)

    def _put_state(self, tx: Transaction, state: DayState) -> None:
        tx.put(PartRow(PK, f"DAY#{state.day}", body=canonical(asdict(state))))

    def _items(self, prefix: str, pk: str = PK) -> Iterator[dict[str, Any]]:
        values = {":pk": {"S": pk}} | ({":sk": {"S": prefix}} if prefix else {})
        condition = "pk = :pk" + (" AND begins_with(sk, :sk)" if prefix else "")
        return pages(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )


def _sk(number: int) -> str:
    return f"CLOSE#{number:08d}"
