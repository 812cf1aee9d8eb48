"""How many orders each label has, counted as far as a person can take it in."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock

from comanda.backoffice.listing.index import ListIndex
from comanda.orders.index import labels
from comanda.orders.vocabulary import Label

MOST = 1_000
CHEAP_READS = 60  # counting that takes more reads is kept for a moment
KEEP = timedelta(seconds=10)


class Counts:
    """`signatures` gives the known signatures of `state`."""

    def __init__(
        self, index: ListIndex, signatures: Callable[[], Iterable[str]], now: Callable[[], datetime]
    ) -> None:
        self.index = index
        self.signatures = signatures
        self.now = now
        self._kept: tuple[datetime, dict[str, int]] | None = None
        self._lock = Lock()

    def __call__(self) -> dict[str, int]:
        """Label → orders, at most 1,000 each. In a large shop the figures may be seconds old."""
        with self._lock:
            now = self.now()
            if self._kept and self._kept[0] > now:
                return self._kept[1]
            counts, reads = self._count()
            if reads > CHEAP_READS or MOST in counts.values():
                self._kept = (now + KEEP, counts)
            return counts

    def _count(self) -> tuple[dict[str, int], int]:
        """The counts, and how many reads they took. Labels are counted side by side."""
        partitions: dict[str, list[tuple[str, str]]] = {label: [] for label in Label}
        for signature in sorted(self.signatures()):
            possible = labels(signature) & frozenset(Label)
            for label in possible:
                judged = label if len(possible) > 1 else ""
                partitions[label] += [(name, judged) for name in self.index.partitions([signature])]
        found = self.index.each(self._of_label, list(partitions.values()))
        counts = dict(zip(map(str, partitions), (number for number, _ in found), strict=True))
        return counts, sum(reads for _, reads in found)

    def _of_label(self, partitions: list[tuple[str, str]]) -> tuple[int, int]:
        number = reads = 0
        for partition, judged in partitions:
            if number >= MOST:
                break
            number += self.index.count(partition, judged, MOST - number)
            reads += 1
        return min(number, MOST), reads
