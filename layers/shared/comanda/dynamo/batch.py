"""Read many items of many tables in one request."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Any

from comanda.dynamo.client import client
from comanda.errors import Busy

MOST_KEYS = 100
ATTEMPTS = 6

type Key = str | tuple[str, str]  # partition key, or partition and sort key
type Found = dict[str, dict[str, dict[str, Any]]]


def get_many(keys: Mapping[str, Iterable[Key]], *, consistent: bool = True) -> Found:
    """Raw items by table and partition key; at most one item of a partition may be asked for.

    Repeated keys are asked for once; a key that is not there is missing from the answer. Raises
    Busy when DynamoDB keeps handing keys back.
    """
    found: Found = {table: {} for table in keys}
    wanted = [(table, key) for table, names in keys.items() for key in dict.fromkeys(names)]
    for start in range(0, len(wanted), MOST_KEYS):
        _fetch(wanted[start : start + MOST_KEYS], found, consistent)
    return found


def several(table: str, keys: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """The items of these keys (partition, sort) that are there, any number of one partition. Raises Busy."""
    found: list[dict[str, Any]] = []
    for batch in batched(dict.fromkeys(keys), MOST_KEYS, strict=False):
        found += [item for _, item in _items([(table, key) for key in batch], consistent=True)]
    return found


def keys_there(table: str, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the keys (partition, sort) that have an item. Raises Busy."""
    there: set[tuple[str, str]] = set()
    for batch in batched(dict.fromkeys(keys), MOST_KEYS, strict=False):
        for _, item in _items([(table, key) for key in batch], consistent=True):
            there.add((item["pk"]["S"], item["sk"]["S"]))
    return there


def _fetch(wanted: list[tuple[str, Key]], found: Found, consistent: bool) -> None:
    for table, item in _items(wanted, consistent=consistent):
        found[table][item["pk"]["S"]] = item


def _items(wanted: list[tuple[str, Key]], *, consistent: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    request: dict[str, Any] = {}
    for table, key in wanted:
        entry = request.setdefault(table, {"Keys": [], "ConsistentRead": consistent})
        entry["Keys"].append(_raw(key))
    for attempt in range(ATTEMPTS):
        answer = client().batch_get_item(RequestItems=request)
        for table, items in answer["Responses"].items():
            yield from ((table, item) for item in items)
        request = answer.get("UnprocessedKeys") or {}
        if not request:
            return
        time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter
    raise Busy("the tables are too busy to be read just now")


def _raw(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key}} if isinstance(key, str) else {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
