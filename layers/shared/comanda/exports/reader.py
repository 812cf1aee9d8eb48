"""Many orders at once: snapshots first, then the personal texts of those that are wanted."""

import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import batched
from typing import Any

from comanda.dynamo.client import client
from comanda.dynamo.packed import body_of
from comanda.errors import Busy
from comanda.orders.decision import Loaded
from comanda.orders.model import Order

MOST_KEYS = 100  # of one BatchGetItem
THREADS = 4
AHEAD = 5  # groups read before they are asked for; bounds the memory
ATTEMPTS = 8
TEXTS = frozenset({"contact", "shipping", "billing", "comment", "purchase_order", "fields"})

type Keep = Callable[[Order], bool]
type Key = tuple[str, str]


class OrderReader:
    """Loads orders without their ledger, shipments, effects and waits, which no column shows."""

    def __init__(self, table: str, threads: int = THREADS) -> None:
        self.table = table
        self.threads = threads

    def stream(self, order_ids: Iterable[str], keep: Keep) -> Iterator[Loaded]:
        """The orders that exist and that `keep` accepts, in the order of their ids, read consistently."""
        waiting: deque[Future[list[Loaded]]] = deque()
        with ThreadPoolExecutor(self.threads) as pool:
            try:
                for group in batched(order_ids, MOST_KEYS, strict=False):
                    waiting.append(pool.submit(self._load, group, keep))
                    if len(waiting) >= AHEAD:
                        yield from waiting.popleft().result()
                while waiting:
                    yield from waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _load(self, order_ids: tuple[str, ...], keep: Keep) -> list[Loaded]:
        bodies = self._bodies((order_id, "ORDER") for order_id in order_ids)
        snapshots = [bodies[order_id, "ORDER"] for order_id in order_ids if (order_id, "ORDER") in bodies]
        kept = [order for order in map(_order, snapshots) if keep(order)]
        texts = self._bodies(
            (order.order_id, f"PII#{name}") for order in kept for name in order.personal if name in TEXTS
        )
        personal: dict[str, dict[str, Any]] = {order.order_id: {} for order in kept}
        for (order_id, sk), value in texts.items():
            personal[order_id][sk[4:]] = value
        return [Loaded(order, personal[order.order_id]) for order in kept]

    def _bodies(self, keys: Iterable[Key]) -> dict[Key, Any]:
        """The JSON bodies of the items that there are."""
        found: dict[Key, Any] = {}
        for group in batched(dict.fromkeys(keys), MOST_KEYS, strict=False):
            wanted = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in group]
            for item in self._items(wanted):
                found[item["pk"]["S"], item["sk"]["S"]] = body_of(item)
        return found

    def _items(self, keys: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        request = {
            "Keys": keys,
            "ConsistentRead": True,
            "ProjectionExpression": "pk, sk, body",
        }
        for attempt in range(ATTEMPTS):
            answer = client().batch_get_item(RequestItems={self.table: request})
            yield from answer["Responses"].get(self.table, ())
            left = (answer.get("UnprocessedKeys") or {}).get(self.table)
            if not left:
                return
            request = left
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter
        raise Busy("the Orders table is too busy to be read just now")


def _order(snapshot: dict[str, Any]) -> Order:
    return Order.from_parts(snapshot, [], [])
