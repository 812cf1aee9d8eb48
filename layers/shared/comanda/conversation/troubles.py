"""Mails that came back and complaints about them, newest first, kept in the Jobs table for a quarter."""

from dataclasses import dataclass

from pynamodb.attributes import UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.jobs import JobsRow, recent
from comanda.orders.record import Record
from comanda.times import moment

RECENT = "TROUBLE"
KEEP_SECONDS = 90 * 86_400


class TroubleRow(JobsRow):
    """One report about one customer's mail."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    kind_pk = UnicodeAttribute()
    kind_sk = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Trouble(Record):
    """`kind`: bounce | complaint. It names the customer, not the address."""

    kind: str
    customer_id: str
    at: str
    why: str = ""


class TroubleStore:
    """`TROUBLE#<customer>` / `<time>#<kind>`; the same report comes to the same item."""

    def __init__(self, table: str) -> None:
        self.table = table
        TroubleRow.bind(table)

    def note(self, trouble: Trouble) -> None:
        row = TroubleRow(f"TROUBLE#{trouble.customer_id}", f"{trouble.at}#{trouble.kind}")
        row.body, row.kind_pk = canonical(trouble.to_dict()), RECENT
        row.kind_sk = f"{trouble.at}#{trouble.customer_id}#{trouble.kind}"
        row.expires_at = int(moment(trouble.at).timestamp()) + KEEP_SECONDS
        TroubleRow.write(row)

    def recent(self, limit: int) -> list[Trouble]:
        return [Trouble.from_dict(body) for body in recent(self.table, RECENT, limit)[0]]
