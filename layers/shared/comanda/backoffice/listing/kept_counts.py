"""What was counted last, for all who read the list: one small item in the Dedupe table."""

import json
from dataclasses import dataclass, field

from pynamodb.attributes import UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.row import Row

KEY = "COUNTS"


class CountsRow(Row):
    """`COUNTS`; it does not expire."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Kept:
    """`newest` change that was seen, and when counting began. `tallies` by label and partition, without
    the empty ones, and without the labels that have as many as are counted; `rests` are labels with many
    orders, and when they were counted; `whole_at` is when every partition was looked at. `floors` are
    labels whose counting was broken off, with what had been found by then."""

    newest: str
    at: str
    whole_at: str
    tallies: dict[str, dict[str, int]] = field(default_factory=dict)
    rests: dict[str, str] = field(default_factory=dict)
    floors: dict[str, int] = field(default_factory=dict)


class KeptCounts:
    def __init__(self, table: str) -> None:
        CountsRow.bind(table)

    def read(self) -> Kept | None:
        """A cheap read: what is a moment old is seen to be."""
        row = CountsRow.read(KEY, consistent=False)
        return Kept(**json.loads(row.body)) if row else None

    def write(self, kept: Kept) -> None:
        """Whoever writes last is believed; of what he has not seen yet the next one learns."""
        told = {name: getattr(kept, name) for name in Kept.__slots__}
        CountsRow.write(CountsRow(KEY, body=canonical(told)))
