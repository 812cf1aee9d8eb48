"""DynamoDB's answers over orders that are made when they are read; only keys are kept.

It takes the requests that the list makes, counts them, and charges reads by AWS's published rules:
half a unit for each 4 KB begun of a Query, one for each 4 KB begun of every item read consistently.
"""

import os
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from threading import Lock
from typing import Any

from comanda.orders import index
from comanda.orders.items import personal_row, snapshot_row
from comanda.orders.model import Order
from comanda.orders.store import OrderStore
from comanda.search.store import HEAD, inverted
from comanda.search.words import words_of
from local.bench.crowd import Crowd
from local.bench.units import item_bytes

READ_BYTES = 4096
LAST = "\U0010ffff"


class Shelf:
    """Stands in for the low-level client. `spent` counts read units and requests since `begin`."""

    def __init__(self, crowd: Crowd, store: OrderStore) -> None:
        self.crowd = crowd
        self.store = store
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.requests: Counter[str] = Counter()
        self._lock = Lock()
        self._numbers: dict[str, int] = {}
        self._keys: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)  # partition → (sk, id)
        self._settings: dict[str, dict[str, Any]] = {}
        self._fill()

    def begin(self) -> None:
        self.spent, self.requests = defaultdict(float), Counter()

    # -- the client --------------------------------------------------------------------------------

    def query(self, **asked: Any) -> dict[str, Any]:
        values = {name: held["S"] for name, held in asked["ExpressionAttributeValues"].items()}
        found, more = self._range(asked, values)
        entries = [self._entry(asked, sk, order_id) for sk, order_id in found]
        size = sum(map(item_bytes, entries))
        kind = "counting" if asked.get("Select") == "COUNT" else "finding"
        self._spend("Query", kind, _units(size, consistent=bool(asked.get("ConsistentRead"))))
        wanted = values.get(":label")
        items = [one for one in entries if wanted is None or one["row"]["M"]["l"]["S"] == wanted]
        answer: dict[str, Any] = {"Count": len(items), "ScannedCount": len(entries)}
        if asked.get("Select") != "COUNT":
            answer["Items"] = items
        if more:
            answer["LastEvaluatedKey"] = {"sk": {"S": found[-1][0]}, "id": {"S": found[-1][1]}}
        return answer

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> dict[str, Any]:
        answers: dict[str, list[dict[str, Any]]] = {}
        units = 0.0
        for table, request in RequestItems.items():
            found = [self._item(table, key) for key in request["Keys"]]
            consistent = bool(request.get("ConsistentRead"))
            units += sum(_units(item_bytes(item), consistent=consistent) for item in found)
            answers[table] = [item for item in found if item]
        self._spend("BatchGetItem", "reading", units)
        return {"Responses": answers, "UnprocessedKeys": {}}

    def put_item(self, *, Item: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The counts that are kept are all that a list writes."""
        self._settings[Item["pk"]["S"]] = Item
        return {}

    def forget_counts(self) -> None:
        self._settings.pop("COUNTS", None)

    def get_item(self, **asked: Any) -> dict[str, Any]:
        item = self._item(asked["TableName"], asked["Key"])
        self._spend("GetItem", "finding", _units(item_bytes(item), consistent=bool(asked["ConsistentRead"])))
        return {"Item": item} if item else {}

    # -- what lies there ---------------------------------------------------------------------------

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every item with its table, for an engine that is to hold the same."""
        orders, search, settings = (os.environ[f"{name}_TABLE"] for name in ("ORDERS", "SEARCH", "SETTINGS"))
        for order_id in self._numbers:
            for sk in ("ORDER", "PII#contact"):
                yield orders, self._item(orders, {"pk": {"S": order_id}, "sk": {"S": sk}}) or {}
        for (name, pk), keys in self._keys.items():
            if name == "token":
                yield from ((search, {"pk": {"S": pk}, "sk": {"S": sk}}) for sk, _ in keys)
        yield from ((settings, item) for item in self._settings.values())

    def _fill(self) -> None:
        signatures: dict[str, set[str]] = {"state": set(), "source": set()}
        for number in range(self.crowd.size):
            order = self.crowd.order(number)
            self._numbers[order.order_id] = number
            where, state, source = (
                index.position(order),
                index.state_signature(order),
                index.source_signature(order),
            )
            moved = f"{order.updated_at}#{order.order_id}"
            places = {"created": ("ORDER", where), "updated": ("ORDER", moved)}
            for name, (pk, sk) in (places | {"state": (state, where), "source": (source, where)}).items():
                self._keys[name, f"{pk}#0"].append((sk, order.order_id))
            signatures["state"].add(state)
            signatures["source"].add(source)
            ending = f"#{inverted(order.created_at)}#{order.order_id}"
            for token in words_of(order, {"contact": self.crowd.contact(number)}).tokens:
                self._keys["token", token[:HEAD]].append((token + ending, ""))
        for keys_of in self._keys.values():
            keys_of.sort()
        for family, members in signatures.items():
            pk = f"REGISTRY#{family}"
            self._settings[pk] = {"pk": {"S": pk}, "members": {"SS": sorted(members)}}

    def _range(self, asked: dict[str, Any], values: dict[str, str]) -> tuple[list[tuple[str, str]], bool]:
        """The keys of the answer in reading order, and whether it stopped at its limit."""
        name = asked.get("IndexName", "token")
        keys = self._keys.get((name, values.get(":pk") or values.get(":head", "")), [])
        if ":beginning" in values:
            low, high = values[":beginning"], values[":beginning"] + LAST
        else:
            low = values.get(":first") or values.get(":newest", "")
            high = values.get(":last") or values.get(":oldest", "")
        first, behind = bisect_left(keys, (low, "")), bisect_right(keys, (high, LAST))
        start = asked.get("ExclusiveStartKey")
        after = (start["sk"]["S"], start["id"]["S"]) if start else None
        limit = asked["Limit"]
        if asked.get("ScanIndexForward", True):
            first = bisect_right(keys, after) if after else first
            found = keys[first : min(behind, first + limit)]
        else:
            behind = bisect_left(keys, after) if after else behind
            found = keys[max(first, behind - limit) : behind][::-1]
        return found, len(found) == limit

    def _entry(self, asked: dict[str, Any], sk: str, order_id: str) -> dict[str, Any]:
        name = asked.get("IndexName")
        if name is None:
            return {"pk": {"S": sk[:HEAD]}, "sk": {"S": sk}}
        whole = self._snapshot(self.crowd.order(self._numbers[order_id]))
        return {key: whole[key] for key in ("pk", "sk", "row", f"{name}_pk", f"{name}_sk")}

    def _item(self, table: str, key: dict[str, Any]) -> dict[str, Any] | None:
        pk = key["pk"]["S"]
        if table != os.environ["ORDERS_TABLE"]:
            return self._settings.get(pk)
        number = self._numbers[pk]
        if key["sk"]["S"] == "ORDER":
            return self._snapshot(self.crowd.order(number))
        return _raw(personal_row(pk, "contact", self.crowd.sealed(number)))

    def _snapshot(self, order: Order) -> dict[str, Any]:
        number = int(order.number.removeprefix("P-"))
        return _raw(snapshot_row(order, self.store.shards, {"contact": self.crowd.contact(number)}))

    def _spend(self, operation: str, kind: str, units: float) -> None:
        with self._lock:
            self.spent[kind] += units
            self.requests[operation] += 1


def _units(size: int, *, consistent: bool) -> float:
    return max(1, -(-size // READ_BYTES)) * (1.0 if consistent else 0.5)


def _raw(row: Any) -> dict[str, Any]:
    item: dict[str, Any] = row.serialize()
    return item
