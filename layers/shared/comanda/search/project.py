"""Keep the tokens of an order what its texts are now.

The record of what is written goes first and says more than there is, never less; so a crash at any
point leaves nothing that the next turn, or an erasure, would not find.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from comanda.dynamo.packed import body_of
from comanda.orders.decision import Loaded
from comanda.search.store import Overtaken, Record, SearchStore
from comanda.search.words import words_of

ATTEMPTS = 5

type Load = Callable[[str], Loaded | None]


def on_change(record: dict[str, Any], load: Load, store: SearchStore) -> None:
    """A record of the orders' stream; most changes of an order change none of its words."""
    image = record["dynamodb"]
    if image["Keys"]["sk"]["S"] == "ORDER" and _texts(image.get("OldImage")) != _texts(image.get("NewImage")):
        project(image["Keys"]["pk"]["S"], load, store)


def _texts(item: dict[str, Any] | None) -> Any:
    """The SKUs and the digests of the personal texts: they tell that a text changed, not what it says."""
    if item is None:
        return None
    order = body_of(item)
    return order.get("personal", {}), sorted(line["sku"] for line in order["lines"])


def project(order_id: str, load: Load, store: SearchStore) -> None:
    """Write the tokens of an order as it is now; of one that is gone none stay. Raises Overtaken."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _project(order_id, load, store)
            return
        except Overtaken:
            if attempt == ATTEMPTS:
                raise


def _project(order_id: str, load: Load, store: SearchStore) -> None:
    before = store.record(order_id)
    loaded = load(order_id)
    if loaded is None and before is None:
        return
    wanted = words_of(loaded.order, loaded.personal).tokens if loaded else frozenset[str]()
    written = before.tokens if before else frozenset[str]()
    if before and wanted == written:
        store.add(before, wanted)  # an earlier turn may have died between the record and the tokens
        return
    created_at = loaded.order.created_at if loaded else before.created_at if before else ""
    noted = store.note(before, Record(order_id, created_at, wanted | written))
    store.add(noted, wanted)
    if gone := written - wanted:
        store.remove(noted, gone)
        store.note(noted, replace(noted, tokens=wanted))
