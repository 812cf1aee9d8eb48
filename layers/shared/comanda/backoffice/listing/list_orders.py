"""One page of orders for the back office.

The newest orders are scanned with the filter first: where what is wanted is common, or the shop
small, that is all. Where it is rare the partitions of its signatures are merged instead. A page
that is not full when its budget is spent says how far back it has looked, and the next goes on there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from comanda.backoffice.listing.index import ListIndex
from comanda.backoffice.listing.merge import Budget, Hit, Merge, Page
from comanda.backoffice.listing.plan import MOST_BYTES, SCAN_BYTES, narrower
from comanda.backoffice.listing.query import Cursor, Query, write_cursor
from comanda.backoffice.listing.rows import read_orders, row_answer, searched, shown, with_texts
from comanda.backoffice.listing.typed import Typed
from comanda.orders.decision import Loaded
from comanda.orders.index import row, traits
from comanda.orders.model import Order, Shipment
from comanda.search.store import SearchStore
from comanda.search.words import words_of

SPARE_READS = 60  # orders that may be read again beyond the page, where the index was behind

type Source = Merge | Typed


class Registry(Protocol):
    def signatures(self, family: str) -> Iterable[str]: ...


@dataclass(frozen=True, slots=True)
class OrderList:
    """What the list is made from; see wiring. `parcels` reads what an order has sent."""

    index: ListIndex
    registry: Registry
    tokens: SearchStore
    counts: Callable[[], dict[str, int]]
    parcels: Callable[[str], tuple[Shipment, ...]]
    now: Callable[[], datetime]


def list_orders(query: Query, at: OrderList) -> dict[str, Any]:
    """`{items, next, counts}`, and `searched_to` where a page ends before it is full."""
    page = _Page(query, at)
    source = page.read()
    found = {"items": [row_answer(loaded) for loaded in page.found]}
    counts = query.cursor.counts if query.cursor else at.counts()
    if source is None or source.done:
        return found | {"next": None, "counts": counts}
    cursor = Cursor(source.boundary, page.merging, counts)
    told: dict[str, Any] = found | {"next": write_cursor(cursor, query.fingerprint), "counts": counts}
    if len(page.found) < query.limit:
        told["searched_to"] = source.boundary.partition("#")[0]
    return told


def page_of(query: Query, at: OrderList) -> tuple[list[Loaded], str | None]:
    """The orders themselves, and the cursor of the next page; None at the end."""
    page = _Page(query, at)
    source = page.read()
    if source is None or source.done:
        return page.found, None
    cursor = Cursor(source.boundary, page.merging)
    return page.found, write_cursor(cursor, query.fingerprint)


class _Page:
    """A page being filled."""

    def __init__(self, query: Query, at: OrderList) -> None:
        self.query = query
        self.at = at
        self.found: list[Loaded] = []
        self.merging = query.cursor.merging if query.cursor else False
        self.start = query.cursor.position if query.cursor else ""
        self._seen: set[str] = set()
        self._reads = query.limit + SPARE_READS

    @property
    def full(self) -> bool:
        return len(self.found) >= self.query.limit

    def read(self) -> Source | None:
        """Fill the page; answers where it ended, None when nothing can ever fit."""
        if self.query.words:
            query = self.query
            typed = Typed(self.at.tokens, query.words, query.filter, self.start, descending=query.descending)
            return self._fill(typed)
        if self.query.index == "updated":
            return self._fill(self._merge("updated", ["ORDER"], Budget(MOST_BYTES)))
        budget = Budget(SCAN_BYTES)
        if not self.merging:
            scan = self._merge("created", ["ORDER"], budget)
            if self._fill(scan).done or self.full:
                return scan
            self.start = scan.boundary
        return self._narrowly(Budget(MOST_BYTES - SCAN_BYTES + budget.left))

    def _narrowly(self, budget: Budget) -> Source | None:
        states, sources = (self.at.registry.signatures(family) for family in ("state", "source"))
        choice = narrower(states, sources, self.query.filter, self.at.index.shards)
        self.merging = choice is not None
        if choice is None:
            return self._fill(self._merge("created", ["ORDER"], budget))
        if not choice.signatures:
            return None
        return self._fill(self._merge(choice.index, choice.signatures, budget))

    def _merge(self, index: str, signatures: Iterable[str], budget: Budget) -> Merge:
        query = self.query
        in_time = query.filter if index != "updated" else None

        def fetch(partition: str, after: str, limit: int) -> Page:
            return self.at.index.page(
                index,
                partition,
                low=in_time.created_from if in_time else "",
                high=in_time.created_until if in_time else "~",
                after=after,
                limit=limit,
                descending=query.descending,
            )

        return Merge(
            self.at.index.partitions(list(signatures)),
            fetch,
            self.at.index.each,
            budget,
            start=self.start,
            wanted=query.limit - len(self.found),
            descending=query.descending,
            accept=self._seems_to_fit,
        )

    def _seems_to_fit(self, hit: Hit) -> bool:
        return all(condition.fits(traits(hit.row)) for condition in self.query.filter.conditions)

    def _fill[From: (Merge, Typed)](self, source: From) -> From:
        """Read the hits again and judge them again, until the page is full or the source stops."""
        hits: Iterator[Hit] = iter(source)
        while not self.full and self._reads > 0:
            wanted = min(self.query.limit - len(self.found), self._reads)
            batch = list(islice(hits, wanted))
            if not batch:
                break
            self._reads -= len(batch)
            fresh = [hit for hit in batch if hit.order_id not in self._seen]
            self._seen |= {hit.order_id for hit in fresh}
            table, wants = self.at.index.table, searched if self.query.words else shown
            fitting = [order for order in read_orders(table, fresh) if self._fits(order)]
            self.found += [one for one in with_texts(table, fitting, wants) if self._is_meant(one)]
        return source

    def _fits(self, order: Order) -> bool:
        return self.query.filter.accepts(traits(row(order)), order.created_at)

    def _is_meant(self, loaded: Loaded) -> bool:
        order = loaded.order
        return self._says(order, loaded) or (
            any(line.shipped for line in order.lines)
            and self._says(replace(order, shipments=self.at.parcels(order.order_id)), loaded)
        )

    def _says(self, order: Order, loaded: Loaded) -> bool:
        """Whether every typed word is found; a row is read without its parcels, which have numbers too."""
        if not self.query.words:
            return True
        words = words_of(order, loaded.personal)
        return all(words.fit(word) for word in self.query.words)
