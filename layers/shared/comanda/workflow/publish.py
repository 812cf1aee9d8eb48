"""Tell the bus: facts, and outside effects that are wanted. Payloads carry ids; consumers read again."""

import json
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from comanda.errors import Busy

SOURCE = "comanda.orders"
MOST_ENTRIES = 10


class Bus:
    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name

    def publish(self, entries: Iterable[dict[str, Any]]) -> None:
        """Put all entries. Raises Busy when the bus kept some back; sending all again does no harm."""
        for group in batched(entries, MOST_ENTRIES, strict=False):
            answer = self.client.put_events(Entries=[entry | {"EventBusName": self.name} for entry in group])
            if answer["FailedEntryCount"]:
                raise Busy(f"the bus kept back {answer['FailedEntryCount']} of {len(group)} events")


def fact_entries(order_id: str, revision: int, body: str) -> Iterator[dict[str, Any]]:
    """One entry per fact of a commit."""
    for fact in json.loads(body):
        detail = {"order_id": order_id, "revision": revision, "seq": fact["seq"], "at": fact["at"]}
        yield entry(fact["type"], detail)


def effect_entry(order_id: str, effect_id: str, kind: str) -> dict[str, Any]:
    """An effect that a worker is to carry out."""
    name = "LifecycleWanted" if kind == "lifecycle" else "EffectWanted"
    return entry(name, {"order_id": order_id, "effect_id": effect_id, "kind": kind})


def entry(detail_type: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"Source": SOURCE, "DetailType": detail_type, "Detail": json.dumps(detail)}
