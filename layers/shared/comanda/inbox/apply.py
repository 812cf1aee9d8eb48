"""Work through stored webhooks: do the work, note what came of it.

A first delivery is noted once, at its end: until then the stored body and its message vouch for it. A
repeated one is noted before as well, so that what kills its worker is seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.crash import crash_point
from comanda.errors import Problem
from comanda.inbox.bodies import Bodies
from comanda.inbox.model import FAILED, Entry, Outcome
from comanda.inbox.receive import arrivals, entry
from comanda.inbox.store import InboxStore
from comanda.times import stamp

type Work = Callable[[Entry], Outcome]


@dataclass(frozen=True, slots=True)
class Inbox:
    store: InboxStore
    bodies: Bodies
    now: Callable[[], datetime]


def apply(message: dict[str, Any], delivery: int, work: Work, inbox: Inbox) -> None:
    """Apply what an S3 event tells of; `delivery` counts from 1.

    Raises what `work` raises, so that the queue sends it again.
    """
    for bucket, key in arrivals(message):
        found = entry(bucket, key, inbox.bodies)
        if found is not None:
            if delivery > 1:
                inbox.store.begin(found, stamp(inbox.now()))
            _apply(found, work, inbox)


def _apply(found: Entry, work: Work, inbox: Inbox) -> None:
    crash_point("inbox.begun")
    try:
        outcome = work(found)
    except Exception as error:
        inbox.store.finish(found, Outcome(FAILED, _told(error)), stamp(inbox.now()))
        raise
    crash_point("inbox.before_mark")
    inbox.store.finish(found, outcome, stamp(inbox.now()))


def _told(error: Exception) -> str:
    """A problem in its own words; of other faults only the name: their texts may quote personal data."""
    return f"{error.type}: {error.detail}" if isinstance(error, Problem) else type(error).__name__
