"""Counts what every DynamoDB request of a client costs, by the part of the story it belongs to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local.bench.units import Cost, Item, Table, cost

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
RATE = "RATE#"  # rate counters are a protection, not part of an order


@dataclass
class Part:
    """What one part of the story has cost. `index_units` in a transaction are kept apart."""

    requests: Counter[str] = field(default_factory=Counter)
    table_units: int = 0  # doubled where written in a transaction
    index_units: int = 0
    index_units_in_transactions: int = 0
    engine_units: float = 0.0
    read_units: float = 0.0
    by_item: Counter[str] = field(default_factory=Counter)

    @property
    def units(self) -> int:
        return self.table_units + self.index_units


@dataclass
class Meter:
    """Attach it to the product's client; `reader` is another client, whose own reads do not count.

    `changes` of the Orders table stand in for its stream: the engine keeps none in memory.
    """

    tables: Mapping[str, Table]
    reader: Any
    parts: dict[str, Part] = field(default_factory=dict)
    part: str = "other"
    agreed: int = 0  # requests outside transactions that the engine counted alike …
    disagreed: int = 0  # … and otherwise; what is in a transaction it counts by rules of its own
    changes: list[dict[str, Any]] = field(default_factory=list)

    def attach(self, client: Any) -> None:
        events = client.meta.events
        events.register("provide-client-params.dynamodb.*", self._ask_for_figures)
        events.register("before-parameter-build.dynamodb.*", self._before)
        events.register("after-call.dynamodb.*", self._after)

    def forget(self) -> None:
        """Begin to count anew."""
        self.parts.clear()
        self.agreed = self.disagreed = 0

    @contextmanager
    def during(self, part: str) -> Iterator[None]:
        before, self.part = self.part, part
        try:
            yield
        finally:
            self.part = before

    def _ask_for_figures(self, params: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**params, "ReturnConsumedCapacity": "INDEXES"}

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        keys = list(self._keys(model.name, params)) if model.name in WRITES else []
        context["bench"] = [(table, key, self._item(table, key)) for table, key in keys]

    def _after(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        part = self.parts.setdefault(self.part, Part())
        written = context.get("bench", [])
        if written and all(_is_rate(key) for _, key, _ in written):
            return
        part.requests[model.name] += 1
        spent = sum(one["CapacityUnits"] for one in _consumed(parsed))
        if model.name not in WRITES:
            part.read_units += spent
            return
        part.engine_units += spent
        own = 0
        for table, key, old in written:
            if _is_rate(key):
                continue
            new = self._item(table, key)
            found = cost(self.tables[table], old, new)
            own += found.table + sum(found.indexes.values())
            self._count(part, table, new or old or key, found, model.name)
            if table == "OrdersTable" and old != new:
                self.changes.append(_record(len(self.changes), key, old, new))
        if model.name != "TransactWriteItems" and spent:
            self.agreed += own == spent
            self.disagreed += own != spent

    def _count(self, part: Part, table: str, item: Item, spent: Cost, operation: str) -> None:
        twice = 2 if operation == "TransactWriteItems" else 1
        indexes = sum(spent.indexes.values())
        part.table_units += spent.table * twice
        part.index_units += indexes
        if twice == 2:
            part.index_units_in_transactions += indexes
        kind = _kind(table, item)
        part.by_item[kind] += spent.table * twice
        for name, units in spent.indexes.items():
            part.by_item[f"{kind} in index {name}"] += units

    def _keys(self, operation: str, params: dict[str, Any]) -> Iterator[tuple[str, Item]]:
        if operation == "TransactWriteItems":
            for action in params["TransactItems"]:
                ((_, request),) = action.items()
                yield self._key(request["TableName"], request)
        elif operation == "BatchWriteItem":
            for table, requests in params["RequestItems"].items():
                for one in requests:
                    ((_, request),) = one.items()
                    yield self._key(table, request)
        else:
            yield self._key(params["TableName"], params)

    def _key(self, table: str, request: dict[str, Any]) -> tuple[str, Item]:
        if "Key" in request:
            return table, request["Key"]
        return table, {name: request["Item"][name] for name in self.tables[table].keys}

    def _item(self, table: str, key: Item) -> Item | None:
        found: Item | None = self.reader.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found


def _record(number: int, key: Item, old: Item | None, new: Item | None) -> dict[str, Any]:
    """The change as the table's stream tells it."""
    event = "MODIFY" if old and new else "INSERT" if new else "REMOVE"
    images = {"OldImage": old, "NewImage": new}
    change = {"Keys": key, "SequenceNumber": str(number)}
    return {
        "eventName": event,
        "dynamodb": change | {name: image for name, image in images.items() if image is not None},
    }


def _consumed(parsed: dict[str, Any]) -> list[dict[str, Any]]:
    found = parsed.get("ConsumedCapacity") or []
    return [found] if isinstance(found, dict) else found


def _is_rate(key: Item) -> bool:
    return str(key["pk"]["S"]).startswith(RATE)


def _kind(table: str, item: Item) -> str:
    """Orders FACT, Stock level, …: the item's family."""
    name = table.removesuffix("Table")
    head = str((item.get("sk") or item["pk"])["S"])
    if name in ("Search", "Stock", "Carts"):
        return name if name != "Search" or head != "TOKENS" else "Search record"
    return f"{name} {head.split('#')[0]}"
