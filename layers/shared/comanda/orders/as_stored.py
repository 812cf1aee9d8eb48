"""An order's items as they lie in the table, read so that they can be judged without being read twice."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from comanda.canonical import canonical
from comanda.dynamo.client import client
from comanda.dynamo.packed import unpack
from comanda.dynamo.row import pages

type RawItem = dict[str, Any]
COMMIT = "FACT#"


@dataclass(frozen=True, slots=True)
class AsStored:
    """`snapshot` was read first and the commits last, so what lies between is of a revision in
    between. `latest` is the revision of a snapshot read after all of them."""

    order_id: str
    snapshot: RawItem
    parts: tuple[RawItem, ...]
    commits: tuple[RawItem, ...]
    latest: int


def as_stored(table: str, order_id: str) -> AsStored | None:
    """All items of an order; None when there is no snapshot. Never waits for others to stop writing."""
    snapshot = _snapshot(table, order_id)
    if snapshot is None:
        return None
    parts = tuple(_items(table, order_id, "sk > :from", "FACT$"))
    commits = tuple(_items(table, order_id, "begins_with(sk, :from)", COMMIT))
    again = _snapshot(table, order_id) or snapshot
    return AsStored(order_id, snapshot, parts, commits, revision_of(again))


def revision_of(snapshot: RawItem) -> int:
    """The revision beside a snapshot's body; -1 when it is not readable."""
    text = snapshot.get("revision", {}).get("N", "")
    return int(text) if text.isdecimal() else -1


def _snapshot(table: str, order_id: str) -> RawItem | None:
    key = {"pk": {"S": order_id}, "sk": {"S": "ORDER"}}
    item: RawItem | None = client().get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    return item


def _items(table: str, order_id: str, where: str, start: str) -> Iterator[RawItem]:
    return pages(
        TableName=table,
        KeyConditionExpression=f"pk = :pk AND {where}",
        ExpressionAttributeValues={":pk": {"S": order_id}, ":from": {"S": start}},
        ConsistentRead=True,
    )


def is_plain(item: RawItem) -> bool:
    """Whether the body is plain text, as the first version wrote it, and not packed."""
    return "S" in item["body"]


def under(items: Iterable[RawItem], prefix: str) -> dict[str, RawItem]:
    """The items whose sort key begins with `prefix`, by the rest of it."""
    return {item["sk"]["S"][len(prefix) :]: item for item in items if item["sk"]["S"].startswith(prefix)}


def plain(item: RawItem) -> Any:
    """The JSON in an item's body. Raises ValueError unless it is exactly the canonical text of its value,
    so that no byte of it can differ unseen."""
    try:
        text = unpack(item["body"])
        value = json.loads(text)
        same = canonical(value) == text
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not readable") from error
    if not same:
        raise ValueError("not as it was written")
    return value
