"""Several sorted partitions read as one, newest (or oldest) first, within a budget of bytes. Pure."""

import heapq
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import total_ordering

SMALLEST_PAGE, LARGEST_PAGE = 2, 500


@dataclass(frozen=True, slots=True)
class Hit:
    """An order as an index shows it, which may be a moment old."""

    position: str
    order_id: str
    row: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a partition. `more`: it goes on behind the last hit; `cost` in bytes read."""

    hits: Sequence[Hit]
    more: bool
    cost: int


@dataclass(slots=True)
class Budget:
    """Bytes that may still be read; the last read may go a little beyond."""

    left: int

    @property
    def spent(self) -> bool:
        return self.left <= 0


type Fetch = Callable[[str, str, int], Page]  # partition, position to go on behind, how many
type Each = Callable[[Callable[[str], Page], Sequence[str]], list[Page]]  # the first pages, at once
type Accept = Callable[[Hit], bool]


@dataclass(slots=True)
class _Partition:
    name: str
    last: str
    size: int
    more: bool = True
    buffer: deque[Hit] = field(default_factory=deque)


@total_ordering
@dataclass(frozen=True, slots=True)
class _Place:
    """A position in reading order."""

    position: str
    descending: bool

    def __lt__(self, other: "_Place") -> bool:
        ahead, behind = (other, self) if self.descending else (self, other)
        return ahead.position < behind.position


class Merge(Iterator[Hit]):
    """Yields the hits that `accept` takes. Up to `boundary` all has been seen.

    It stops when the budget is spent, and can go on when the budget was raised.
    """

    def __init__(
        self,
        partitions: Sequence[str],
        fetch: Fetch,
        each: Each,
        budget: Budget,
        *,
        start: str,
        wanted: int,
        descending: bool,
        accept: Accept,
        spare: bool = True,
    ) -> None:
        """`spare`: `accept` is going to refuse some, so more than is wanted is read at once."""
        self.fetch = fetch
        self.budget = budget
        self.descending = descending
        self.accept = accept
        self.boundary = start
        first = 2 * wanted if spare else wanted + 1
        size = max(SMALLEST_PAGE, min(LARGEST_PAGE, -(-first // max(1, len(partitions)))))
        self._partitions = [_Partition(name, start, size) for name in partitions]
        self._heap: list[tuple[_Place, int]] = []
        self._dry: list[int] = []  # partitions whose next hit is not known: nothing is certain until it is
        for number, page in enumerate(each(lambda name: fetch(name, start, size), partitions)):
            self._take(number, page)

    def __next__(self) -> Hit:
        while self._refilled() and self._heap:
            _, number = heapq.heappop(self._heap)
            hit = self._partitions[number].buffer.popleft()
            self.boundary = hit.position
            self._queue(number)
            if self.accept(hit):
                return hit
        raise StopIteration

    @property
    def done(self) -> bool:
        """Nothing more will come."""
        waiting = (hit for partition in self._partitions for hit in partition.buffer)
        return not any(partition.more for partition in self._partitions) and not any(
            map(self.accept, waiting)
        )

    def _refilled(self) -> bool:
        """Read on where a partition ran dry; False when there is no budget left for it."""
        while self._dry:
            if self.budget.spent:
                return False
            number = self._dry.pop()
            partition = self._partitions[number]
            partition.size = min(LARGEST_PAGE, 2 * partition.size)
            self._take(number, self.fetch(partition.name, partition.last, partition.size))
        return True

    def _take(self, number: int, page: Page) -> None:
        partition = self._partitions[number]
        partition.buffer.extend(page.hits)
        partition.more = page.more
        partition.last = page.hits[-1].position if page.hits else partition.last
        self.budget.left -= page.cost
        self._queue(number)

    def _queue(self, number: int) -> None:
        partition = self._partitions[number]
        if partition.buffer:
            place = _Place(partition.buffer[0].position, self.descending)
            heapq.heappush(self._heap, (place, number))
        elif partition.more:
            self._dry.append(number)
