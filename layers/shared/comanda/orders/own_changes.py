"""Which orders somebody of the staff has just changed, noted before the change is written.

An index follows its table a moment late. Whoever made a change asks here what the index may not show
him yet. A note says what the row will be; so an index that has caught up is known by its row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from botocore.exceptions import ClientError
from pynamodb.attributes import BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from comanda.canonical import digest
from comanda.dynamo.batch import get_many
from comanda.dynamo.row import Row

STAFF = "staff:"
SPAN = timedelta(seconds=30)  # of one item; the last two are read
CLOCKS = timedelta(seconds=2)  # by which the writer's clock may be ahead of the reader's
KEEP = timedelta(hours=1)
MOST = 14  # changes in one item, which stays below a kilobyte; with more, all is taken for changed
PRINT = 12


class ChangesRow(Row):
    """`OWN#<actor>#<number of the span>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    changes: ListAttribute[UnicodeAttribute] = ListAttribute(of=UnicodeAttribute, null=True)
    number = NumberAttribute(default=0)
    overflown = BooleanAttribute(default=False)
    expires_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class OwnChange:
    """An order as its changer will find it. `print` stands for its row; empty: it is gone."""

    order_id: str
    created_at: str
    print: str

    @property
    def text(self) -> str:
        return f"{self.order_id} {self.created_at} {self.print}"


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody has changed of late, the latest of each order; `everything`: too much to tell."""

    changes: Mapping[str, OwnChange]
    everything: bool = False


NOTHING_CHANGED = Known({})


def print_of(row: Mapping[str, str]) -> str:
    """What tells a row of the list from any other."""
    return digest(dict(row))[:PRINT]


class Notes(Protocol):
    """Where staff's changes are noted before they are written."""

    def note(self, actor: str, change: OwnChange) -> None: ...


class OwnChanges:
    def __init__(self, table: str, now: Callable[[], datetime]) -> None:
        self.table = table
        self.now = now
        self._overflown: str = ""  # the item that this process has seen overflow
        ChangesRow.bind(table)

    def note(self, actor: str, change: OwnChange) -> None:
        """Note what `actor` is about to write; who is not of the staff reads no list."""
        if not actor.startswith(STAFF):
            return
        now = self.now()
        pk = _key(actor, now)
        if self._overflown == pk:
            return
        row = ChangesRow(pk)
        add = ChangesRow.changes.set((ChangesRow.changes | []).append([change.text]))
        room = ChangesRow.pk.does_not_exist() | (ChangesRow.number < MOST)
        keep = ChangesRow.expires_at.set(int((now + KEEP).timestamp()))
        try:
            ChangesRow.change(row, [add, ChangesRow.number.add(1), keep], room)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            ChangesRow.change(row, [ChangesRow.overflown.set(True), keep])
            self._overflown = pk

    def of(self, actor: str) -> Known:
        """What `actor` has changed since half a minute ago at least."""
        if not actor.startswith(STAFF):
            return NOTHING_CHANGED
        now = self.now()
        keys = list(dict.fromkeys(_key(actor, at) for at in (now - SPAN, now, now + CLOCKS)))
        items = get_many({self.table: keys})[self.table]
        found: dict[str, OwnChange] = {}
        everything = False
        for key in keys:  # the older first: what came later counts
            if key not in items:
                continue
            row = ChangesRow.from_raw_data(items[key])
            everything = everything or bool(row.overflown)
            found |= {one.order_id: one for one in (_change(str(text)) for text in row.changes or ())}
        return Known(found, everything)


def _key(actor: str, at: datetime) -> str:
    return f"OWN#{actor}#{int(at.timestamp() // SPAN.total_seconds())}"


def _change(text: str) -> OwnChange:
    order_id, created_at, printed = text.split(" ")
    return OwnChange(order_id, created_at, printed)
