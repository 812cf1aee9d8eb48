"""What is paused: one item of the Settings table, read at the edge, where something is about to be done."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import RevisionMoved, Transaction

EXPORTS, PAYMENTS, WORKFLOW = "exports", "payments", "workflow"
FAMILIES = (EXPORTS, PAYMENTS, WORKFLOW)
LIFECYCLE = f"{WORKFLOW}:order_lifecycle"
BULK = f"{WORKFLOW}:bulk_action"
KEY = "PAUSES"

type Paused = Callable[[str], bool]


def never_paused(what: str) -> bool:
    """For whoever has no switch."""
    return False


@dataclass(frozen=True, slots=True)
class Pause:
    """`what` is family and code, as `exports:sftp`; `by` is the actor, `reason` staff's words."""

    what: str
    since: str
    by: str
    reason: str


class PauseRow(Row):
    """`PAUSES`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()
    version = NumberAttribute(default=0)


class Pauses:
    """Every read is consistent and nothing is kept: who reads after a switch was turned sees it turned."""

    def __init__(self, table: str) -> None:
        PauseRow.bind(table)

    def all(self) -> tuple[Pause, ...]:
        """What is paused now, oldest first."""
        return self.seen()[0]

    def paused(self, what: str) -> bool:
        return any(pause.what == what for pause in self.all())

    def seen(self) -> tuple[tuple[Pause, ...], int]:
        """What is paused now, and the version to write under."""
        row = PauseRow.read(KEY)
        if row is None:
            return (), 0
        return tuple(Pause(**one) for one in json.loads(row.body)), int(row.version)

    def write(self, tx: Transaction, pauses: Iterable[Pause], version: int) -> None:
        """Replace what is paused at `version`, in somebody's transaction; refused it is RevisionMoved."""
        kept = sorted(pauses, key=lambda pause: pause.since)
        row = PauseRow(KEY, body=canonical([asdict(pause) for pause in kept]), version=version + 1)
        same = PauseRow.version == version if version else PauseRow.pk.does_not_exist()
        tx.put(row, same, RevisionMoved)


def destination(code: str) -> str:
    return f"{EXPORTS}:{code}"


def provider(code: str) -> str:
    return f"{PAYMENTS}:{code}"
