"""Figures in the Search table: by day what every order adds, and the sum once the day is over."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.batch import get_many
from comanda.dynamo.row import Row, pages
from comanda.dynamo.transaction import Transaction
from comanda.figures.model import FEES, MONEY_IN, MONEY_OUT, Sums, added

SUM = "SUM"


class Overtaken(Exception):
    """Somebody else has just written a newer state of the same; nothing was written."""


class DayRow(Row):
    """`FIGURES#<day>` / `ORDER#<id>`: what an order adds to a day, as of a revision of the order."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    revision = NumberAttribute()


class SumRow(Row):
    """`FIGURES#<day>` / `SUM`. `turn` rises with each change of the day after it was over; the sum holds
    while it is the one that was `counted`."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute(null=True)
    turn = NumberAttribute(default=0)
    counted = NumberAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Noted:
    """What is written of an order and a day."""

    sums: Sums
    revision: int


class FigureStore:
    def __init__(self, table: str) -> None:
        self.table = table
        DayRow.bind(table)
        SumRow.bind(table)

    # -- writing -----------------------------------------------------------------------------------

    def noted(self, day: str, order_id: str) -> Noted | None:
        row = DayRow.read(_pk(day), _sk(order_id))
        return Noted(json.loads(row.body), int(row.revision)) if row else None

    def note(self, day: str, order_id: str, noted: Noted, *, over: bool) -> None:
        """Write what an order adds to a day, unless a later revision has been written. With `over` the
        day's sum is to be counted again, in the same transaction. Raises Overtaken."""
        row = DayRow(_pk(day), _sk(order_id), body=canonical(noted.sums), revision=noted.revision)
        newest = DayRow.pk.does_not_exist() | (DayRow.revision <= noted.revision)
        if over:
            tx = Transaction()
            tx.put(row, newest, Overtaken)
            tx.update(SumRow(_pk(day), SUM), [SumRow.turn.add(1)])
            tx.commit()
            return
        try:
            DayRow.write(row, newest)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise Overtaken(order_id) from error

    def forget(self, day: str, order_id: str, *, over: bool) -> None:
        """An order that is gone adds nothing."""
        row = DayRow(_pk(day), _sk(order_id))
        if over:
            tx = Transaction()
            tx.delete(row)
            tx.update(SumRow(_pk(day), SUM), [SumRow.turn.add(1)])
            tx.commit()
        else:
            DayRow.remove(row)

    # -- reading -----------------------------------------------------------------------------------

    def sums(self, days: Iterable[str]) -> dict[str, Sums]:
        """The sums that hold, by day; a day that was not counted, or has changed since, is missing."""
        keys = [(_pk(day), SUM) for day in days]
        found = get_many({self.table: keys}, consistent=False)[self.table] if keys else {}
        rows = (SumRow.from_raw_data(item) for item in found.values())
        return {
            row.pk.partition("#")[2]: json.loads(row.body or "{}")
            for row in rows
            if row.counted is not None and row.counted == row.turn
        }

    def with_money(self, day: str) -> list[str]:
        """The ids of the orders that moved money on a UTC day."""
        items = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :day AND begins_with(sk, :orders)",
            ExpressionAttributeValues={":day": {"S": _pk(day)}, ":orders": {"S": _sk("")}},
            ConsistentRead=True,
        )
        parts = ((item["sk"]["S"], json.loads(item["body"]["S"])) for item in items)
        return [sk.removeprefix(_sk("")) for sk, sums in parts if any(_is_money(name) for name in sums)]

    def parts(self, day: str) -> list[tuple[str, Sums]]:
        """What every order adds to a UTC day, by their ids."""
        items = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :day AND begins_with(sk, :orders)",
            ExpressionAttributeValues={":day": {"S": _pk(day)}, ":orders": {"S": _sk("")}},
        )
        return [(item["sk"]["S"].removeprefix(_sk("")), json.loads(item["body"]["S"])) for item in items]

    def turn(self, day: str) -> int:
        """How often a UTC day has changed after it was over."""
        found = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :day AND sk = :sum",
            ExpressionAttributeValues={":day": {"S": _pk(day)}, ":sum": {"S": SUM}},
            ConsistentRead=True,
        )
        return sum(int(item["turn"]["N"]) for item in found)

    def add_up(self, day: str, *, consistent: bool = False) -> tuple[Sums, float]:
        """The sum of a day as it stands, from its parts, and about the read units that took."""
        request = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :day AND begins_with(sk, :orders)",
            "ExpressionAttributeValues": {":day": {"S": _pk(day)}, ":orders": {"S": _sk("")}},
            "ConsistentRead": consistent,
        }
        items = list(pages(**request))
        size = sum(len(v["S"]) if "S" in v else 8 for item in items for v in item.values())
        return added(json.loads(item["body"]["S"]) for item in items), max(1.0, size * 1.2 / 4096) * (
            1 if consistent else 0.5
        )

    def close(self, day: str) -> tuple[Sums, float]:
        """Add a day up that is over and keep the sum, unless the day changes meanwhile."""
        row = SumRow.read(_pk(day), SUM)
        turn = int(row.turn) if row else 0
        sums, units = self.add_up(day, consistent=True)
        kept = SumRow(_pk(day), SUM, body=canonical(sums), turn=turn, counted=turn)
        try:
            SumRow.write(kept, SumRow.pk.does_not_exist() | (SumRow.turn == turn))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        return sums, units


def _is_money(name: str) -> bool:
    return name.split(".")[1] in (MONEY_IN, MONEY_OUT, FEES)


def _pk(day: str) -> str:
    return f"FIGURES#{day}"


def _sk(order_id: str) -> str:
    return f"ORDER#{order_id}"
