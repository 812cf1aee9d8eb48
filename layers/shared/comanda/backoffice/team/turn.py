"""One change of the staff at a time: the user pool knows no conditions, so a lease in the Jobs table does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.jobs import JobsRow
from comanda.errors import InProgress
from comanda.ids import NewId
from comanda.times import stamp

LEASE = timedelta(seconds=30)  # longer than a request may take


class TurnRow(JobsRow):
    """`TEAM` / `TURN`; `until` in the past: nobody has it."""

    class Meta:
        table_name = "unbound"

    holder = UnicodeAttribute()
    until = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Turn:
    table: str
    new_id: NewId

    @contextmanager
    def taken(self, now: datetime) -> Iterator[None]:
        """Nobody else changes the staff meanwhile. Raises InProgress when somebody just does."""
        TurnRow.bind(self.table)
        holder = self.new_id()
        free = TurnRow.pk.does_not_exist() | (TurnRow.until < stamp(now))
        try:
            TurnRow.write(TurnRow("TEAM", "TURN", holder=holder, until=stamp(now + LEASE)), free)
        except client().exceptions.ConditionalCheckFailedException as error:
            raise InProgress("somebody else is just changing the staff") from error
        try:
            yield
        finally:
            self._leave(holder)

    def _leave(self, holder: str) -> None:
        try:
            TurnRow.write(TurnRow("TEAM", "TURN", holder=holder, until=""), TurnRow.holder == holder)
        except client().exceptions.ConditionalCheckFailedException:
            return  # it had run out, and is somebody else's
