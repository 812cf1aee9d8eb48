"""Write and delete many small items without conditions, in as few requests as there can be."""

import random
import time
from collections.abc import Iterable
from itertools import batched
from typing import Any

from comanda.dynamo.client import client
from comanda.errors import Busy

MOST_ITEMS = 25
ATTEMPTS = 6


def write_many(
    table: str, *, puts: Iterable[tuple[str, str]] = (), deletes: Iterable[tuple[str, str]] = ()
) -> None:
    """Put items that are nothing but their keys, and delete others. Raises Busy."""
    requests: list[dict[str, Any]] = [{"PutRequest": {"Item": _raw(key)}} for key in puts]
    requests += [{"DeleteRequest": {"Key": _raw(key)}} for key in deletes]
    for batch in batched(requests, MOST_ITEMS, strict=False):
        _write(table, list(batch))


def _write(table: str, requests: list[dict[str, Any]]) -> None:
    for attempt in range(ATTEMPTS):
        left = client().batch_write_item(RequestItems={table: requests}).get("UnprocessedItems") or {}
        requests = left.get(table, [])
        if not requests:
            return
        time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter
    raise Busy("the table is too busy to be written just now")


def _raw(key: tuple[str, str]) -> dict[str, Any]:
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
