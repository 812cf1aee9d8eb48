"""Keep what an order adds to the figures what it is now.

Each record of the stream names the days that it may have touched; of those the part is worked out anew
from the order as it stands. So records may come late, twice and in any order.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from comanda.dynamo.packed import body_of
from comanda.figures.model import day_of, of_entry, of_order
from comanda.figures.store import FigureStore, Noted, Overtaken
from comanda.orders.decision import Loaded
from comanda.orders.model import Entry

type Load = Callable[[str], Loaded | None]


def on_change(record: dict[str, Any], load: Load, store: FigureStore, now: datetime) -> None:
    """A record of the orders' stream: a snapshot or a line of a ledger."""
    keys = record["dynamodb"]["Keys"]
    days = _days(keys["sk"]["S"], record["dynamodb"])
    if days:
        keep(keys["pk"]["S"], days, load, store, now)


def keep(order_id: str, days: Iterable[str], load: Load, store: FigureStore, now: datetime) -> None:
    """Write what an order adds to these days, where that has changed."""
    loaded, today = load(order_id), now.date().isoformat()
    for day in sorted(set(days)):
        noted = store.noted(day, order_id)
        if loaded is None:
            if noted is not None:
                store.forget(day, order_id, over=day != today)
            continue
        sums = of_order(loaded.order, day)
        if sums == (noted.sums if noted else {}):
            continue
        try:
            store.note(day, order_id, Noted(sums, loaded.order.revision), over=day != today)
        except Overtaken:
            continue  # whoever wrote that had read a later state


def days_of(loaded: Loaded) -> set[str]:
    """All days that an order may add to."""
    order = loaded.order
    return {day_of(order.created_at), *(day_of(entry.at) for entry in order.ledger)}


def _days(sk: str, change: dict[str, Any]) -> set[str]:
    """The days of which the order's part may be another one than before."""
    old, new = change.get("OldImage"), change.get("NewImage")
    if sk.startswith("LEDGER#"):
        entries = [Entry.from_dict(body_of(image)) for image in (old, new) if image]
        parts = [of_entry(entry, day_of(entry.at)) for entry in entries]
        if len(parts) == 2 and parts[0] == parts[1] and entries[0].at == entries[1].at:
            return set()
        return {day_of(entry.at) for entry, part in zip(entries, parts, strict=True) if part}
    if sk != "ORDER":
        return set()
    told = [_of_placing(body_of(image)) if image else None for image in (old, new)]
    if told[0] == told[1]:
        return set()
    return {day_of(one[1]) for one in told if one}


def _of_placing(order: dict[str, Any]) -> tuple[Any, ...]:
    return (order["lifecycle"], order["created_at"], order["currency"], order["totals"]["total"])
