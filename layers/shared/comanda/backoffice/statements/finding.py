"""Orders that the movements of a page may be about, found in as few requests as there can be."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from comanda.backoffice.statements.desk import StatementDesk
from comanda.orders.decision import Loaded
from comanda.orders.vocabulary import GIVEN_UP, UNPLACED, Payment
from comanda.search.words import plain_text
from comanda.statements.matching import name_words, same_person
from comanda.statements.mentions import PRINTED, Strength, mentions, named
from comanda.statements.model import StatementEntry

MOST_FOUND = 20  # orders of one word, newest first
NAME_WORDS = 2  # the longest words of a payer that are looked up
LONG_ENOUGH = 4  # letters of such a word
UNPAID = frozenset({Payment.PENDING, Payment.PARTIALLY_PAID, Payment.FAILED, Payment.VOIDED})


def found_orders(entries: Iterable[StatementEntry], desk: StatementDesk) -> dict[str, list[Loaded]]:
    """Orders by movement, as they are now: those whose number it mentions, else those that wait for money
    from somebody of that name."""
    entries = [entry for entry in entries if entry.kind in ("credit", "returned")]
    words = _Words(desk)
    by_number = {entry.entry_id: words.numbered(entry) for entry in entries}
    seen = _seen({order_id for ids in by_number.values() for order_id in ids}, desk)
    meant = {entry.entry_id: _mentioned(entry, by_number[entry.entry_id], seen) for entry in entries}
    nameless = [entry for entry in entries if entry.kind == "credit" and not meant[entry.entry_id]]
    by_name = {entry.entry_id: words.of_person(entry) for entry in nameless}
    seen |= _seen({order_id for ids in by_name.values() for order_id in ids} - seen.keys(), desk)
    for entry in nameless:
        meant[entry.entry_id] = [one for one in by_name[entry.entry_id] if _may_pay(entry, seen.get(one))]
    whole = {one: desk.commands.desk.load(one) for one in {one for ids in meant.values() for one in ids}}
    return {entry_id: [whole[one] for one in ids] for entry_id, ids in meant.items()}


class _Words:
    """Looks up each word once."""

    def __init__(self, desk: StatementDesk) -> None:
        self.tokens = desk.tokens
        self.prefix = str(desk.settings().section("shop")[0].number_prefix)
        self.known: dict[str, list[str]] = {}

    def numbered(self, entry: StatementEntry) -> list[str]:
        """Orders whose number may be in a movement."""
        found: dict[str, None] = {}
        for digits in dict.fromkeys(one.plain for one in mentions((entry.text, *entry.references))):
            if digits:
                found |= dict.fromkeys(self._orders(plain_text(f"{self.prefix}{digits:0>{PRINTED}}")))
            if len(digits) > 1:  # one of another prefix, too; a single digit is no word of the search
                found |= dict.fromkeys(self._orders(digits))
        return list(found)

    def of_person(self, entry: StatementEntry) -> list[str]:
        """Orders of somebody with the longest words of the payer's name."""
        words = sorted(name_words(entry.payer or entry.text), key=lambda word: (-len(word), word))
        longest = [word for word in words if len(word) >= LONG_ENOUGH][:NAME_WORDS]
        return list(dict.fromkeys(one for word in longest for one in self._orders(word)))

    def _orders(self, word: str) -> list[str]:
        if word not in self.known:
            self.known[word] = list(islice(self._newest(word), MOST_FOUND))
        return self.known[word]

    def _newest(self, word: str) -> Iterator[str]:
        positions = self.tokens.exactly(word, newest="", oldest="", descending=True)
        return (position.partition("#")[2] for position in positions)


def _seen(order_ids: Iterable[str], desk: StatementDesk) -> dict[str, Loaded]:
    return {loaded.order.order_id: loaded for loaded in desk.look(sorted(order_ids))}


def _mentioned(entry: StatementEntry, ids: list[str], seen: Mapping[str, Loaded]) -> list[str]:
    """Of these orders those whose number is in the movement indeed: a word may be anything."""
    found = mentions((entry.text, *entry.references))
    there = (seen[one] for one in ids if one in seen)
    return [one.order.order_id for one in there if named(found, one.order.number) is not Strength.NONE]


def _may_pay(entry: StatementEntry, loaded: Loaded | None) -> bool:
    if loaded is None or loaded.order.lifecycle in GIVEN_UP | UNPLACED or loaded.order.payment not in UNPAID:
        return False
    return same_person(entry, loaded.text("contact") or {})
