"""A lock of the books against back-dated entries in flight: once it stands, nothing more gets behind it."""

import pytest

from comanda import wiring
from comanda.dynamo.jobs import PartRow
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import Transaction
from comanda.environment import variable
from comanda.errors import Busy, WrongState
from comanda.origin import Origin
from tests.engine.dynamodb import Engine
from tests.engine.threads import all_at_once

DAY, LOCKED = "2026-10-15", "2026-10-31"
ADMIN = Origin("staff:admin", "test", "2026-11-22T18:00:00.000Z")


def entered() -> int:
    """Entries of that day, read consistently."""
    found = pages(
        TableName=variable("JOBS_TABLE"),
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "TEST#DATED"}},
        ConsistentRead=True,
    )
    return sum(1 for _ in found)


@pytest.mark.capability("F25")
def test_no_entry_gets_behind_a_lock_that_stands(engine: Engine) -> None:
    lock, seen = wiring.period_lock(), []

    def act(number: int) -> str:
        if number == 20:
            wiring.locking().move(LOCKED, "October is with the accountant", ADMIN)
            seen.append(entered())
            return "locked"
        tx = Transaction()
        tx.put(PartRow("TEST#DATED", f"{number:03d}", body="{}"))
        lock.guard(tx, [DAY])
        try:
            tx.commit()
        except WrongState as refusal:
            return refusal.guard
        except Busy:
            return "busy"
        return "entered"

    outcomes = all_at_once(act, 48)
    assert outcomes.count("locked") == 1
    assert set(outcomes) <= {"locked", "entered", "period-locked", "busy"}
    assert seen == [entered()] == [outcomes.count("entered")]
    tx = Transaction()
    lock.guard(tx, [DAY])
    with pytest.raises(WrongState, match=r"locked up to 2026-10-31.*2026-10-15"):
        tx.commit()
    later = Transaction()
    later.put(PartRow("TEST#DATED", "later", body="{}"))
    lock.guard(later, ["2026-11-01"])
    later.commit()
