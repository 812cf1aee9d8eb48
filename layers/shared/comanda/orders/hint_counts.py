"""Which orders came under one telephone, address or basket lately: sets in the Dedupe table."""

from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import size

from comanda.dynamo.row import Row
from comanda.times import moment, stamp

MOST = 300  # orders kept under one key; beyond it whoever comes is one of very many


class SeenRow(Row):
    """`HINT#<digest>`: `<time of placing>#<order id>` of each"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    orders = UnicodeSetAttribute(null=True)
    expires_at = NumberAttribute(default=0)


class HintCounts:
    def __init__(self, table: str) -> None:
        SeenRow.bind(table)

    def add(self, key: str, order_id: str, placed_at: str, *, minutes: int) -> list[tuple[str, str]]:
        """Put an order under a key, once however often it is said; answers all that are there, as
        `(order id, time of placing)`, since `minutes` before this one."""
        until = moment(placed_at) + 2 * timedelta(minutes=minutes) + timedelta(days=2)
        actions: list[Any] = [SeenRow.orders.add({f"{placed_at}#{order_id}"})]
        actions.append(SeenRow.expires_at.set(int(until.timestamp())))
        since = stamp(moment(placed_at) - timedelta(minutes=minutes))
        if not self._added(key, actions):
            self._forget(key, since)
            self._added(key, actions)
        recent = {one for one in self._there(key) if one >= since} | {f"{placed_at}#{order_id}"}
        told = (one.partition("#") for one in sorted(recent))
        return [(order, at) for at, _, order in told]

    def _added(self, key: str, actions: list[Any]) -> bool:
        """Whether there was room for it."""
        room = SeenRow.orders.does_not_exist() | (size(SeenRow.orders) < MOST)  # type: ignore[no-untyped-call]
        try:
            SeenRow.change(SeenRow(f"HINT#{key}"), actions, room)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _forget(self, key: str, since: str) -> None:
        old = {one for one in self._there(key) if one < since}
        if old:
            SeenRow.change(SeenRow(f"HINT#{key}"), [SeenRow.orders.delete(old)])

    def _there(self, key: str) -> set[str]:
        row = SeenRow.read(f"HINT#{key}")
        return set(row.orders or ()) if row else set()
