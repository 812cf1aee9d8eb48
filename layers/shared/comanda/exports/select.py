"""Which orders go into a batch, in which order, and how far the selection has looked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from comanda.exports.index import Entry
from comanda.exports.model import Wanted, event_for, is_news
from comanda.orders.model import Order
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later

# Longer than a write can still be on its way after it took its time, and than an index lags behind.
OVERLAP_SECONDS = 900


class Index(Protocol):
    def created(self, after: str = "", until: str = "9") -> Iterator[Entry]: ...

    def updated(self, after: str, until: str = "9") -> Iterator[Entry]: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """A staff filter, ready to use: the range of placing times, and the judgement of one order."""

    created_from: str
    created_until: str
    accepts: Callable[[Order], bool]


OBSTACLES = {Lifecycle.EXPIRED: "expired", Lifecycle.CANCELLED: "cancelled-before-export"}
EVERYTHING = Filter("", "9", lambda order: True)


def candidates(wanted: Wanted, chosen: Filter, index: Index, cursor: str, now: str) -> Iterator[Entry]:
    """Orders worth reading, each once. Entries of given ids have no position."""
    if wanted.order_ids:
        return (Entry("", order_id) for order_id in dict.fromkeys(wanted.order_ids))
    if wanted.everything_new:
        return changed_since(index, cursor, now)
    return index.created(max(wanted.after, chosen.created_from), chosen.created_until)


def changed_since(index: Index, cursor: str, now: str) -> Iterator[Entry]:
    """Orders changed since shortly before the cursor, oldest first, each once.

    An order that changes while we read moves to the end of the index. So the recent end is read
    first and kept aside: an order in it is not taken a second time at its older place, and one that
    moves there later is the next batch's.
    """
    start = later(cursor, -OVERLAP_SECONDS) if cursor else ""
    recent_from = max(start, later(now, -OVERLAP_SECONDS))
    recent = {entry.order_id: entry for entry in index.updated(recent_from)}
    for entry in index.updated(start, recent_from):
        if entry.order_id not in recent:
            yield entry
    yield from recent.values()


def covered(wanted: Wanted, last: Entry | None, now: str) -> str:
    """How far the selection has looked when it stops behind `last` (None: it came to its end)."""
    if last is None:
        return now if wanted.everything_new else ""
    if not wanted.everything_new:
        return last.position
    return min(last.at, later(now, -OVERLAP_SECONDS))


def goes_on(wanted: Wanted, last: Entry | None, cursor: str, now: str, *, found: bool) -> bool:
    """Whether another batch is to go on behind `last`.

    Not when what lies around the cursor was looked through in vain: it would be looked through from
    its beginning again, and the next run does that anyway.
    """
    if last is None:
        return False
    further = not wanted.everything_new or cursor < last.at == covered(wanted, last, now)
    return found or further


def accepted(order: Order, wanted: Wanted, chosen: Filter, destination: str) -> bool:
    """Judged on the order itself: it is for this destination, as the request wants it."""
    return obstacle(order, wanted, destination) is None and chosen.accepts(order)


def obstacle(order: Order, wanted: Wanted, destination: str) -> str | None:
    """Why the order itself is not to go to this destination now; None when it may."""
    if event_for(order, destination) is None:
        return OBSTACLES.get(order.lifecycle, "not-placed")
    if wanted.mode == "new" and not is_news(order, destination):
        return "already-exported"
    return None


def note_on_nothing(wanted: Wanted, *, more: bool) -> str:
    """What a batch without orders says of that."""
    if wanted.order_ids:
        return "no order was exported; left_out says why for each order named"
    if more:
        return "no order was exported: there was none so far, and a following batch goes on"
    if wanted.mode == "new":
        which = "none that fits the filter is" if wanted.filter else "nothing is"
        return f"no order was exported: {which} new or changed for this destination"
    if wanted.filter:
        return "no order was exported: none that is for this destination fits the filter"
    return "no order was exported: the shop has none that is for this destination"
