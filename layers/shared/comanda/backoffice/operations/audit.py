"""What staff did to the system itself: one entry for each deed, newest first by the Jobs table's index."""

from dataclasses import dataclass

from comanda.canonical import canonical
from comanda.dynamo.jobs import HeadRow, recent
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.ids import NewId
from comanda.orders.record import Record
from comanda.origin import Origin

KIND = "AUDIT"


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """`subject` names what it was done to, `detail` holds staff's own words or a count."""

    entry_id: str
    at: str
    actor: str
    action: str
    subject: str
    order_id: str = ""
    detail: str = ""


class AuditLog:
    """`AUDIT#<id>` in the Jobs table; entries are added and never changed."""

    def __init__(self, table: str, new_id: NewId) -> None:
        self.table = table
        self.new_id = new_id
        HeadRow.bind(table)

    def adding(
        self,
        tx: Transaction,
        origin: Origin,
        action: str,
        subject: str,
        *,
        order_id: str = "",
        detail: str = "",
    ) -> None:
        """Note a deed in its own transaction."""
        tx.put(self._row(origin, action, subject, order_id, detail))

    def add(self, origin: Origin, action: str, subject: str, *, order_id: str = "", detail: str = "") -> None:
        """Note a deed that is done elsewhere than in a table; noted first, so that none goes without."""
        Row.write(self._row(origin, action, subject, order_id, detail))

    def recent(self, limit: int, before: str = "") -> tuple[list[Entry], str]:
        """Entries, newest first, and where to go on (empty: that was all)."""
        found, after = recent(self.table, KIND, limit, before)
        return [Entry.from_dict(body) for body in found], after

    def _row(self, origin: Origin, action: str, subject: str, order_id: str, detail: str) -> HeadRow:
        entry = Entry(self.new_id(), origin.at, origin.actor, action, subject, order_id, detail)
        place = f"{entry.at}#{entry.entry_id}"
        body = canonical(entry.to_dict())
        return HeadRow(f"AUDIT#{entry.entry_id}", "ENTRY", body=body, revision=1, kind_pk=KIND, kind_sk=place)
