"""One page of the list being filled.

Rows are shown as an index has them, since reading fifty orders again costs ten times as much. An index is
late by a moment; so what its reader has changed himself of late is read again consistently, whether an
index still shows it, shows it already, or has dropped it. See docs/adr/0039.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from comanda.backoffice.listing.counts import Counted
from comanda.backoffice.listing.index import ListIndex
from comanda.backoffice.listing.merge import Budget, Hit, Merge, Page
from comanda.backoffice.listing.plan import MOST_BYTES, Choice, narrower, scan_bytes
from comanda.backoffice.listing.query import Query
from comanda.backoffice.listing.rows import (
    Row,
    as_indexed,
    as_loaded,
    read_orders,
    rows_with_texts,
    searched,
    shown,
    with_texts,
)
from comanda.backoffice.listing.typed import Typed
from comanda.orders.decision import Loaded
from comanda.orders.index import traits
from comanda.orders.model import Order, Shipment
from comanda.orders.own_changes import Known, print_of
from comanda.search.store import SearchStore
from comanda.search.words import words_of

SPARE_READS = 60  # orders that may be read again beyond the page, where the index was behind

type Source = Merge | Typed


class Registry(Protocol):
    def signatures(self, family: str) -> Iterable[str]: ...


class Counting(Protocol):
    def __call__(self) -> Counted: ...


@dataclass(frozen=True, slots=True)
class OrderList:
    """What the list is made from; see wiring. `parcels` reads what an order has sent, `changed_by` what
    somebody of the staff has changed of late."""

    index: ListIndex
    registry: Registry
    tokens: SearchStore
    counts: Counting
    parcels: Callable[[str], tuple[Shipment, ...]]
    changed_by: Callable[[str], Known]


@dataclass(frozen=True, slots=True)
class Ended:
    """How far a page has looked; `done`: nothing more will come."""

    boundary: str
    done: bool


class Filling:
    """`known` is what the reader has changed; with `exactly` every order is read consistently."""

    def __init__(self, query: Query, at: OrderList, known: Known, *, exactly: bool = False) -> None:
        self.query = query
        self.at = at
        self.own = known.changes
        self.exactly = exactly or known.everything
        self.found: list[Row] = []
        self.merging = query.cursor.merging if query.cursor else False
        self.start = query.cursor.position if query.cursor else ""
        self._seen: set[str] = set()
        self._settled: set[str] = set()  # own changes that the index shows
        self._reads = query.limit + SPARE_READS

    @property
    def full(self) -> bool:
        return len(self.found) >= self.query.limit

    def read(self) -> Ended:
        """Fill the page and tell where it ended."""
        ended = self._filled()
        self.found = rows_with_texts(self.at.index.table, self.found)
        return ended

    def _filled(self) -> Ended:
        query = self.query
        if query.words:
            words, chosen = query.words, query.filter
            return self._fill(Typed(self.at.tokens, words, chosen, self.start, descending=query.descending))
        if query.index == "updated":
            return self._fill(self._merge("updated", ["ORDER"], Budget(MOST_BYTES)))
        budget = Budget(MOST_BYTES)
        choice = self._narrower() if query.filter.conditions else None
        scan = scan_bytes(choice, self.at.index.shards)
        if scan and not self.merging:
            budget = Budget(scan)
            ended = self._fill(self._merge("created", ["ORDER"], budget))
            if ended.done or self.full:
                return ended
            self.start = ended.boundary
            budget = Budget(MOST_BYTES - scan + budget.left)
        return self._narrowly(choice, budget)

    def _narrower(self) -> Choice | None:
        states, sources = (self.at.registry.signatures(family) for family in ("state", "source"))
        return narrower(states, sources, self.query.filter, self.at.index.shards)

    def _narrowly(self, choice: Choice | None, budget: Budget) -> Ended:
        self.merging = choice is not None
        if choice is None:
            return self._fill(self._merge("created", ["ORDER"], budget))
        if not choice.signatures:
            return Ended("", done=True)
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
            spare=bool(query.filter.conditions),
            descending=query.descending,
            accept=self._seems_to_fit,
        )

    def _seems_to_fit(self, hit: Hit) -> bool:
        own = self.own.get(hit.order_id)
        if own and not self.exactly:
            if print_of(hit.row) != own.print:
                return False  # it is read again, see _own_changes
            self._settled.add(hit.order_id)
        return all(condition.fits(traits(hit.row)) for condition in self.query.filter.conditions)

    # -- filling -----------------------------------------------------------------------------------

    def _fill(self, source: Source) -> Ended:
        """Take the hits until the page is full or the source stops, then see to the reader's own changes."""
        hits: Iterator[Hit] = iter(source)
        while not self.full and self._reads > 0:
            wanted = min(self.query.limit - len(self.found), self._reads)
            batch = list(islice(hits, wanted))
            if not batch:
                break
            fresh = [hit for hit in batch if hit.order_id not in self._seen]
            self._seen |= {hit.order_id for hit in fresh}
            self.found += self._rows(fresh)
        ended = Ended(source.boundary, source.done)
        return ended if self.exactly else self._own_changes(ended)

    def _rows(self, hits: list[Hit]) -> list[Row]:
        """The rows of the hits that fit, in their order."""
        if self.query.words:
            hits = [hit for hit in hits if self.exactly or hit.order_id not in self.own]
            return self._read_again(hits, consistent=self.exactly)
        believed = {} if self.exactly else as_indexed(hits)
        doubted = self._read_again([hit for hit in hits if hit.order_id not in believed])
        fitting = {row.order_id: row for row in believed.values() if self._fits(row)}
        rows = fitting | {row.order_id: row for row in doubted}
        return [rows[hit.order_id] for hit in hits if hit.order_id in rows]

    def _read_again(self, hits: list[Hit], *, consistent: bool = True) -> list[Row]:
        """The rows of those orders that fit as they are now, each at the place of its hit."""
        self._reads -= len(hits)
        places = {hit.order_id: hit.position for hit in hits}
        table, wants = self.at.index.table, searched if self.query.words else shown
        read = read_orders(table, list(places), consistent=consistent)
        rows = [as_loaded(one, places[one.order.order_id]) for one in read]
        fitting = [row.loaded for row in rows if row.loaded and self._fits(row)]
        texts = with_texts(table, fitting, wants)
        return [as_loaded(one, places[one.order.order_id]) for one in texts if self._is_meant(one)]

    def _fits(self, row: Row) -> bool:
        return self.query.filter.accepts(traits(row.row), row.shown.created_at)

    def _own_changes(self, ended: Ended) -> Ended:
        """Put what the reader has changed, and the index does not show as he left it, where it belongs."""
        missing = [one for one in self.own.values() if one.order_id not in self._settled]
        self._settled = set()
        hits = [Hit(f"{one.created_at}#{one.order_id}", one.order_id) for one in missing]
        if self.query.index == "created":
            hits = [hit for hit in hits if self._within(hit.position, ended)]
        if not hits:
            return ended
        rows = [self._placed(row) for row in self._read_again(hits)]
        rows = [row for row in rows if self._within(row.position, ended)]
        self.found = sorted([*self.found, *rows], key=lambda row: row.position, reverse=self.query.descending)
        self._seen |= {row.order_id for row in rows}
        if len(self.found) <= self.query.limit:
            return ended
        self.found = self.found[: self.query.limit]
        return Ended(self.found[-1].position, done=False)

    def _placed(self, row: Row) -> Row:
        moved = self.query.index == "updated"
        return replace(row, position=f"{row.shown.updated_at}#{row.order_id}") if moved else row

    def _within(self, position: str, ended: Ended) -> bool:
        """Whether a place lies behind where the page began and before where it ended."""
        first, last = self.start, "" if ended.done else ended.boundary
        if not self.query.descending:
            return position > first and (not last or position <= last)
        return (not first or position < first) and position >= last

    # -- words -------------------------------------------------------------------------------------

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
