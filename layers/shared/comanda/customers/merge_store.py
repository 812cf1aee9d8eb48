"""Merges in the Customers table: a record with whoever ended, a word with whoever stays, and what is open."""

from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from comanda.customers.merge import Merge
from comanda.dynamo.row import Row, pages
from comanda.dynamo.transaction import RevisionMoved, Transaction

OPEN = "MERGES"


class MergeRow(Row):
    """`CUSTOMER#<id>` / `MERGE`: whom this customer was merged into"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    into = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    cause = UnicodeAttribute(default="")
    state = UnicodeAttribute(default="running")
    orders = NumberAttribute(default=0)
    moved = JSONAttribute(default=dict)
    schema = NumberAttribute(default=1)


class AbsorbedRow(Row):
    """`CUSTOMER#<id>` / `MERGED#<other id>`: who was merged into this customer"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    actor = UnicodeAttribute()


class OpenRow(Row):
    """`MERGES` / `<id>`: there may be something left of this customer; `turn` counts who said so"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    turn = NumberAttribute(default=0)


class MergeStore:
    def __init__(self, table: str) -> None:
        self.table = table
        for row in (MergeRow, AbsorbedRow, OpenRow):
            row.bind(table)

    def find(self, customer_id: str) -> Merge | None:
        row = MergeRow.read(f"CUSTOMER#{customer_id}", "MERGE")
        if row is None:
            return None
        moved = tuple(sorted((currency, int(amount)) for currency, amount in row.moved.items()))
        told = (row.into, row.at, row.actor, row.cause, row.state)
        return Merge(customer_id, *told, int(row.orders), moved)

    def absorbed(self, customer_id: str) -> list[dict[str, str]]:
        """Who was merged into this customer, oldest first: `{customer_id, at, actor}`."""
        rows = map(AbsorbedRow.from_raw_data, self._under(f"CUSTOMER#{customer_id}", "MERGED#"))
        told = [
            {"customer_id": row.sk.removeprefix("MERGED#"), "at": row.at, "actor": row.actor} for row in rows
        ]
        return sorted(told, key=lambda one: (one["at"], one["customer_id"]))

    def unfinished(self) -> list[str]:
        """The customers of whom something may be left to move."""
        return [item["sk"]["S"] for item in self._under(OPEN, "")]

    def turn(self, customer_id: str) -> int:
        """How often somebody said that something is left; 0 when nothing is."""
        row = OpenRow.read(OPEN, customer_id)
        return int(row.turn) if row else 0

    # -- writing -----------------------------------------------------------------------------------

    def begin(self, tx: Transaction, merge: Merge) -> None:
        row = MergeRow(f"CUSTOMER#{merge.customer_id}", "MERGE", into=merge.into, at=merge.at)
        row.actor, row.cause = merge.actor, merge.cause
        tx.put(row, MergeRow.pk.does_not_exist(), RevisionMoved)
        absorbed = AbsorbedRow(f"CUSTOMER#{merge.into}", f"MERGED#{merge.customer_id}", at=merge.at)
        absorbed.actor = merge.actor
        tx.put(absorbed)
        tx.put(OpenRow(OPEN, merge.customer_id, turn=1))

    def count_order(self, tx: Transaction, customer_id: str) -> None:
        """One more order changed hands; in the order's own transaction."""
        tx.update(MergeRow(f"CUSTOMER#{customer_id}", "MERGE"), [MergeRow.orders.add(1)])

    def note_moved(self, tx: Transaction, merge: Merge, currency: str, amount: int) -> None:
        """Store credit that changes hands; in the transaction that moves it."""
        total = dict(merge.moved).get(currency, 0) + amount
        moved = {**dict(merge.moved), currency: total}
        tx.update(MergeRow(f"CUSTOMER#{merge.customer_id}", "MERGE"), [MergeRow.moved.set(moved)])

    def reopen(self, customer_id: str) -> None:
        """Something of a merged customer has turned up."""
        OpenRow.change(OpenRow(OPEN, customer_id), [OpenRow.turn.add(1)])

    def finish(self, customer_id: str, turn: int) -> None:
        """Nothing is left, unless somebody has said otherwise since `turn` was read (RevisionMoved)."""
        tx = Transaction()
        tx.update(MergeRow(f"CUSTOMER#{customer_id}", "MERGE"), [MergeRow.state.set("done")])
        tx.delete(OpenRow(OPEN, customer_id), OpenRow.turn == turn)
        tx.commit()

    def _under(self, pk: str, beginning: str) -> list[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
            "ConsistentRead": True,
        }
        if beginning:
            request["KeyConditionExpression"] += " AND begins_with(sk, :beginning)"
            request["ExpressionAttributeValues"][":beginning"] = {"S": beginning}
        return list(pages(**request))
