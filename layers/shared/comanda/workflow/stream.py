"""The stream of the Orders table: publish what happened, wake who waits."""

from collections.abc import Iterator
from typing import Any, Protocol

from comanda.dynamo.packed import unpack
from comanda.errors import NotFound
from comanda.workflow.publish import Bus, effect_entry, fact_entries


class Wakes(Protocol):
    def wake(self, order_id: str) -> None: ...


def on_change(record: dict[str, Any], bus: Bus, waker: Wakes) -> None:
    """One stream record. Everything here may happen twice without harm."""
    image = record["dynamodb"].get("NewImage")
    if image is None:
        return
    bus.publish(_entries(record, image))
    if image["sk"]["S"] == "ORDER":
        try:
            waker.wake(image["pk"]["S"])
        except NotFound:
            return  # purged since


def _entries(record: dict[str, Any], image: dict[str, Any]) -> Iterator[dict[str, Any]]:
    order_id, sk = image["pk"]["S"], image["sk"]["S"]
    if sk.startswith("FACT#") and record["eventName"] == "INSERT":
        yield from fact_entries(order_id, int(sk[5:]), unpack(image["body"]))
    elif sk.startswith("OUT#") and image["state"]["S"] == "wanted" and _newly_wanted(record):
        yield effect_entry(order_id, sk[4:], image["kind"]["S"])


def _newly_wanted(record: dict[str, Any]) -> bool:
    """A first wish, or one that was given back or asked for again."""
    old = record["dynamodb"].get("OldImage")
    return old is None or old["state"]["S"] != "wanted"
