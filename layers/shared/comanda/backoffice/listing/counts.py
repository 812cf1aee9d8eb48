"""How many orders each label has, counted as far as a person can take it in.

Counting a shop takes thirty to a hundred read units, so it is not done for each page. What was counted is
kept for all; the newest changes tell whether it still holds, and which partitions are to be counted again:
those that had orders, and those that one has come to. See docs/adr/0040.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import Protocol

from comanda.backoffice.listing.index import ListIndex
from comanda.backoffice.listing.kept_counts import Kept
from comanda.backoffice.listing.purse import Purse
from comanda.orders.index import labels
from comanda.orders.vocabulary import Label
from comanda.times import moment, stamp

MOST = 1_000
LAG = timedelta(seconds=10)  # a change this young may be in one index and not yet in another
MANY = 200  # orders of a label that are not counted again for so long:
REST = timedelta(minutes=1)
WHOLE_KEEP = timedelta(minutes=5)
MOST_UNITS = 100.0  # of a page; what is not counted then is left as it was, or told as "more than"
ENOUGH = 0.8  # of it reaches for the 1,000 of one label; with less what was known before is worth more

type Partition = tuple[str, str]  # its name, and the label to count in it (all: empty)


@dataclass(frozen=True, slots=True)
class Counted:
    """Orders of each label, and the labels that have more, or may have."""

    numbers: dict[str, int]
    more: frozenset[str]


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

    def __call__(self) -> Counted:
        """Orders of each label, at most 1,000, as the index has them. Of a label that has more than 200 it
        may be what there was a minute ago. In the largest shops counting ends before: there are more."""
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


def _told(kept: Kept) -> Counted:
    full = {label for label in kept.rests if label not in kept.tallies and label not in kept.floors}
    numbers = {
        label: MOST if label in full else sum(kept.tallies.get(label, {}).values(), kept.floors.get(label, 0))
        for label in map(str, Label)
    }
    return Counted(numbers, frozenset(full | kept.floors.keys()))


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
    floors: dict[str, int] = field(default_factory=dict)

    def count(self, newest: str) -> Kept:
        before = self.kept or Kept("", "", "")
        complete, left = True, MOST_UNITS
        due = sorted(self.partitions, key=lambda one: (before.rests.get(one, ""), one))
        for ahead, label in zip(range(len(due), 0, -1), due, strict=True):
            if label in before.rests and self.now - moment(before.rests[label]) <= REST:
                self._as_before(label, before)
                continue
            # Before anybody has counted, each label gets a share, so that each has a first figure.
            share = left if self.kept else left / ahead
            purse = Purse(share)
            complete = self._label(label, before, purse) and complete
            left -= share - purse.left
        at = stamp(self.now)
        whole_at = at if self.touched is None and complete else before.whole_at or at
        seen = newest if complete else before.newest  # what was left out is looked for again
        return Kept(seen, at, whole_at, self.tallies, self.rests, self.floors)

    def _as_before(self, label: str, before: Kept) -> None:
        if label in before.rests:
            self.rests[label] = before.rests[label]
        if label in before.tallies:
            self.tallies[label] = dict(before.tallies[label])
        if label in before.floors:
            self.floors[label] = before.floors[label]

    def _label(self, label: str, before: Kept, purse: Purse) -> bool:
        """Count one; False where others had left too little for it."""
        known = before.tallies.get(label, {})
        whole = self.touched is None or label in before.rests
        chosen = [
            partition
            for signature, partition in self.partitions[label]
            if whole or partition[0] in known or signature in (self.touched or ())
        ]
        found: dict[str, int] = {}
        begun, ended = purse.left, True
        at_once = len(chosen) if sum(known.values()) and not whole else 1
        for some in batched(chosen, max(1, at_once), strict=False):
            for (name, _), (number, to_the_end) in zip(some, self._each(some, purse), strict=True):
                found[name] = number
                ended = ended and to_the_end
            if not ended or sum(found.values()) >= MOST:  # a thousand are enough
                break
        if not ended and self.kept and begun <= MOST_UNITS * ENOUGH:
            self._as_before(label, before)
            return False
        self._sum(label, {name: number for name, number in found.items() if number}, ended=ended)
        return True

    def _each(self, some: tuple[Partition, ...], purse: Purse) -> list[tuple[int, bool]]:
        return self.index.each(lambda one: self.index.count(*one, MOST, purse), some)

    def _sum(self, label: str, numbers: dict[str, int], *, ended: bool) -> None:
        number = sum(numbers.values())
        if number > MANY or not ended:
            self.rests[label] = stamp(self.now)
        if number >= MOST:
            return
        if ended:
            self.tallies[label] = numbers
        else:
            self.floors[label] = number
