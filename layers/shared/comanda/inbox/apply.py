"""Work through stored webhooks: note the attempt, do the work, note what came of it."""

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


def apply(message: dict[str, Any], work: Work, inbox: Inbox) -> None:
    """Apply what an S3 event tells of. Raises what `work` raises, so that the queue sends it again."""
    for bucket, key in arrivals(message):
        found = entry(bucket, key, inbox.bodies)
        if found is not None:
            _apply(found, work, inbox)


def _apply(found: Entry, work: Work, inbox: Inbox) -> None:
    inbox.store.begin(found, stamp(inbox.now()))
    crash_point("inbox.begun")
    try:
        outcome = work(found)
    except Exception as error:
        inbox.store.finish(found.entry_id, Outcome(FAILED, _told(error)), stamp(inbox.now()))
        raise
    crash_point("inbox.before_mark")
    inbox.store.finish(found.entry_id, outcome, stamp(inbox.now()))


def _told(error: Exception) -> str:
    """A problem in its own words; of other faults only the name: their texts may quote personal data."""
    return f"{error.type}: {error.detail}" if isinstance(error, Problem) else type(error).__name__
