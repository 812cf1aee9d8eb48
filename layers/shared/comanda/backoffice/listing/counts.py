"""How many orders each label has, counted as far as a person can take it in.

Counting a shop takes thirty to a hundred read units, so it is not done for each page. What was counted is
kept for all; the newest changes tell whether it still holds, and which partitions are to be counted again:
those that had orders, and those that one has come to. See docs/adr/0040.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from comanda.backoffice.listing.index import ListIndex
from comanda.backoffice.listing.kept_counts import Kept
from comanda.orders.index import labels
from comanda.orders.vocabulary import Label
from comanda.times import moment, stamp

MOST = 1_000
LAG = timedelta(seconds=10)  # a change this young may be in one index and not yet in another
MANY = 200  # orders of a label that are not counted again for so long:
REST = timedelta(minutes=1)
WHOLE_KEEP = timedelta(minutes=5)
MOST_UNITS = 60.0  # beyond that a page leaves the rest of the labels as they were
ENTRY = 620  # bytes of an index entry at the most, nearly always

type Partition = tuple[str, str]  # its name, and the label to count in it (all: empty)


class Keeping(Protocol):
    def read(self) -> Kept | None: ...

    def write(self, kept: Kept) -> None: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """`signatures` gives the known signatures of `state`."""

    index: ListIndex
    signatures: Callable[[], Iterable[str]]
    keeping: Keeping
    now: Callable[[], datetime]

    def __call__(self) -> dict[str, int]:
        """Label → orders, at most 1,000 each, as the index has them. Of a label that has more than 200 it
        may be what there was a minute ago."""
        now = self.now()
        kept = self.keeping.read()
        since = stamp(moment(kept.newest.partition("#")[0]) - LAG) if kept and kept.newest else ""
        changed = self.index.changed_since(since) if kept else None
        newest = changed[0].position if changed else self._newest(kept)
        whole = kept is None or changed is None or now - moment(kept.whole_at) > WHOLE_KEEP
        if kept and not whole and not _stale(kept, newest, now):
            return _told(kept)
        touched = None if whole else {hit.row["s"] for hit in changed or ()}
        round = _Round(self.index, self._partitions(), kept, touched, now)
        done = round.count(newest)
        self.keeping.write(done)
        return _told(done)

    def _newest(self, kept: Kept | None) -> str:
        first = self.index.changed_since("", most=1)
        return first[0].position if first else (kept.newest if kept else "")

    def _partitions(self) -> dict[str, list[tuple[str, Partition]]]:
        """By label: the signatures that may have it, with their partitions."""
        found: dict[str, list[tuple[str, Partition]]] = {label: [] for label in Label}
        for signature in sorted(self.signatures()):
            possible = labels(signature) & frozenset(Label)
            for label in possible:
                judged = label if len(possible) > 1 else ""
                names = self.index.partitions([signature])
                found[label] += [(signature, (name, judged)) for name in names]
        return found


def _stale(kept: Kept, newest: str, now: datetime) -> bool:
    """Whether anything has changed since, or may have been missed then."""
    if newest != kept.newest:
        return True
    at = newest.partition("#")[0]
    missed = bool(at) and moment(kept.at) - moment(at) < LAG
    return missed or any(now - moment(since) > REST for since in kept.rests.values())


def _told(kept: Kept) -> dict[str, int]:
    full = {label for label in kept.rests if label not in kept.tallies}
    return {
        label: MOST if label in full else sum(kept.tallies.get(label, {}).values())
        for label in map(str, Label)
    }


@dataclass(slots=True)
class _Round:
    """Counting once. `touched` are the signatures that orders have come to; None: look at all."""

    index: ListIndex
    partitions: dict[str, list[tuple[str, Partition]]]
    kept: Kept | None
    touched: set[str] | None
    now: datetime
    tallies: dict[str, dict[str, int]] = field(default_factory=dict)
    rests: dict[str, str] = field(default_factory=dict)
    spent: float = 0.0

    def count(self, newest: str) -> Kept:
        before = self.kept or Kept("", "", "")
        complete = True
        for label in sorted(self.partitions, key=lambda one: (one in before.rests, one)):
            resting = label in before.rests and self.now - moment(before.rests[label]) <= REST
            if resting or (self.kept and self.spent > MOST_UNITS):
                complete = complete and resting
                self._as_before(label, before)
            else:
                self._label(label, before)
        at = stamp(self.now)
        whole_at = at if self.touched is None and complete else before.whole_at or at
        seen = newest if complete else before.newest  # what was left out is looked for again
        return Kept(seen, at, whole_at, self.tallies, self.rests)

    def _as_before(self, label: str, before: Kept) -> None:
        if label in before.rests:
            self.rests[label] = before.rests[label]
        if label in before.tallies:
            self.tallies[label] = dict(before.tallies[label])

    def _label(self, label: str, before: Kept) -> None:
        known = before.tallies.get(label, {})
        whole = self.touched is None or label in before.rests
        chosen = [
            partition
            for signature, partition in self.partitions[label]
            if whole or partition[0] in known or signature in (self.touched or ())
        ]
        if sum(known.values()) and not whole:
            self._sum(label, list(zip(chosen, self.index.each(self._one, chosen), strict=True)))
            return
        found: list[tuple[Partition, tuple[int, int]]] = []
        for partition in chosen:  # one after the other: a thousand are enough
            found.append((partition, self._one(partition)))
            if sum(number for _, (number, _) in found) >= MOST:
                break
        self._sum(label, found)

    def _one(self, partition: Partition) -> tuple[int, int]:
        return self.index.count(*partition, MOST)

    def _sum(self, label: str, found: list[tuple[Partition, tuple[int, int]]]) -> None:
        self.spent += sum(max(1, -(-read * ENTRY // 4096)) * 0.5 for _, (_, read) in found)
        numbers = {name: number for (name, _), (number, _) in found if number}
        if sum(numbers.values()) > MANY:
            self.rests[label] = stamp(self.now)
        if sum(numbers.values()) < MOST:
            self.tallies[label] = numbers
