"""Orders found by what somebody typed, in the order of their placing."""

from collections.abc import Iterator, Sequence

from comanda.backoffice.listing.merge import Hit
from comanda.orders.filters import BEGINNING, END, Filter
from comanda.search.store import SearchStore
from comanda.search.words import is_phone_end

MOST_TOKENS = 2_000  # a beginning that more tokens share stands for a whole word only
MOST_WORDS = 4  # are looked up; the rest is judged on the orders


class Typed(Iterator[Hit]):
    """Hits behind the position `start`: orders with the longest of the words, less those that the
    other words rule out. Whatever is found here is judged again on the orders themselves."""

    def __init__(
        self, tokens: SearchStore, words: Sequence[str], chosen: Filter, start: str, *, descending: bool
    ) -> None:
        self.boundary = start
        self._start = start
        self._tokens = tokens
        self._chosen = chosen
        self._descending = descending
        self._positions = self._found(words[:MOST_WORDS])
        self._next: str | None = None
        self._advance()

    def __next__(self) -> Hit:
        if self._next is None:
            raise StopIteration
        position = self.boundary = self._next
        self._advance()
        return Hit(position, position.partition("#")[2])

    @property
    def done(self) -> bool:
        return self._next is None

    def _advance(self) -> None:
        self._next = next(filter(self._in_time, self._positions), None)

    def _in_time(self, position: str) -> bool:
        at = position.partition("#")[0]
        return self._chosen.created_from <= at < self._chosen.created_until and position != self._start

    def _found(self, words: Sequence[str]) -> Iterator[str]:
        """All positions where the words are rare enough to be told at once, else those of the longest
        as a whole word, read as they are needed."""
        lists = [few for word in words if (few := self._beginning_with(word)) is not None]
        if lists:
            found = sorted(set.intersection(*lists), reverse=self._descending)
            return (position for position in found if self._behind_start(position))
        newest, oldest = self._chosen.created_until, self._chosen.created_from
        if self._start:
            newest, oldest = (self._start, oldest) if self._descending else (newest, self._start)
        return self._tokens.exactly(
            words[0],
            newest="" if newest == END else newest,
            oldest="" if oldest == BEGINNING else oldest,
            descending=self._descending,
        )

    def _behind_start(self, position: str) -> bool:
        if not self._start:
            return True
        return position < self._start if self._descending else position > self._start

    def _beginning_with(self, word: str) -> set[str] | None:
        """Orders with a word, or a telephone's end, like this; None when they are too many to tell."""
        found, whole = self._tokens.beginning_with(word, MOST_TOKENS)
        if whole and is_phone_end(word):
            phones, whole = self._tokens.beginning_with(word[::-1], MOST_TOKENS)
            found |= phones
        return found if whole else None
