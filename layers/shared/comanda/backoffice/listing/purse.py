"""What one page may spend on counting, shared by all who count for it."""

from dataclasses import dataclass, field
from threading import Lock

ENTRY = 620  # bytes of an index entry at the most, nearly always
UNIT_BYTES = 8192  # of a Query that need not be consistent; it costs half a unit for each half of that begun


@dataclass(slots=True)
class Purse:
    """`left` read units. Taken before reading, so that it never ends below zero."""

    left: float
    _lock: Lock = field(default_factory=Lock)

    def take(self, entries: int) -> int:
        """How many of these entries may be read; 0 when that is not worth a request any longer."""
        with self._lock:
            if self.left < _price(1):
                return 0
            granted = min(entries, max(1, int((self.left - 0.5) * UNIT_BYTES / ENTRY)))
            self.left -= _price(granted)
            return granted

    def settle(self, granted: int, read: int) -> None:
        """Give back what was taken for entries that there were none of."""
        with self._lock:
            self.left += _price(granted) - _price(read)


def _price(entries: int) -> float:
    return 0.5 + entries * ENTRY / UNIT_BYTES
