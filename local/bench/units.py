"""What a write costs on DynamoDB, by AWS's published rules: from the item before and after it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

type Item = Mapping[str, Mapping[str, Any]]  # as the low-level client gives it

KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index: its keys, the table's keys, and what else it copies (None: everything)."""

    name: str
    keys: tuple[str, ...]
    included: frozenset[str] | None

    def entry(self, item: Item | None) -> dict[str, Any] | None:
        """What the index holds of an item; nothing of one that lacks a key."""
        if item is None or any(key not in item for key in self.keys):
            return None
        if self.included is None:
            return dict(item)
        return {name: item[name] for name in item if name in self.included or name in self.keys}


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its definition describes it."""

    name: str
    keys: tuple[str, ...]
    indexes: tuple[Index, ...]

    @classmethod
    def of(cls, name: str, definition: Mapping[str, Any]) -> "Table":
        keys = _keys(definition)
        found = []
        for index in definition.get("GlobalSecondaryIndexes", ()):
            projection = index["Projection"]
            copied = frozenset((*keys, *projection.get("NonKeyAttributes", ())))
            everything = projection["ProjectionType"] == "ALL"
            found.append(Index(index["IndexName"], _keys(index), None if everything else copied))
        return cls(name, keys, tuple(found))


@dataclass(frozen=True, slots=True)
class Cost:
    """Write units of the table itself (not yet doubled for a transaction), and of each index."""

    table: int
    indexes: dict[str, int]


def cost(table: Table, old: Item | None, new: Item | None) -> Cost:
    """One unit per KB begun of the larger of both versions; an index pays only where its entry changes."""
    units = units_of(max(item_bytes(old), item_bytes(new)))
    spent = {index.name: _index_units(index, old, new) for index in table.indexes}
    return Cost(units, {name: count for name, count in spent.items() if count})


def _index_units(index: Index, old: Item | None, new: Item | None) -> int:
    before, after = index.entry(old), index.entry(new)
    if before == after:
        return 0
    if before is None or after is None:
        return units_of(item_bytes(before or after))
    if any(before[key] != after[key] for key in index.keys):
        return units_of(item_bytes(before)) + units_of(item_bytes(after))  # one goes, one comes
    return units_of(max(item_bytes(before), item_bytes(after)))


def units_of(size: int) -> int:
    return max(1, -(-size // KILOBYTE))


def item_bytes(item: Item | None) -> int:
    return sum(len(name.encode()) + value_bytes(value) for name, value in (item or {}).items())


def value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "N":
        return _number_bytes(held)
    if kind == "B":
        return len(held)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + value_bytes(one) for name, one in held.items())
    if kind == "L":
        return 3 + sum(1 + value_bytes(one) for one in held)
    return sum(value_bytes({kind[0]: one}) for one in held)


def _number_bytes(text: str) -> int:
    """A byte for every two significant digits, one for the exponent, one for a minus."""
    whole, _, part = text.lstrip("-+").partition(".")
    digits = re.sub(r"^0+", "", whole + part) if part else whole.strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def _keys(definition: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in definition["KeySchema"])
