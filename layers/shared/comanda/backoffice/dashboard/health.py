"""Whether what comes and goes by itself does so: notices of partners, mails, exports, bulk jobs, stock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from comanda.backoffice.bulk.model import Job
from comanda.backoffice.bulk.model import State as JobState
from comanda.conversation.troubles import Trouble
from comanda.exports.model import Batch
from comanda.exports.model import State as BatchState
from comanda.inbox.model import FAILED, Processed
from comanda.times import stamp

NOTICES, BATCHES, JOBS, TROUBLES, LOW = 100, 20, 20, 50, 6  # the newest that are looked at
SPAN = timedelta(days=7)
BROKEN = (JobState.FAILED, JobState.INTERRUPTED)


class Notices(Protocol):
    def recent(self, *, limit: int, cursor: str = "", state: str = "") -> tuple[list[Processed], str]: ...


class Batches(Protocol):
    def recent(self, limit: int = 50, before: str = "") -> tuple[list[Batch], str]: ...


class Jobs(Protocol):
    def recent(self, limit: int, before: str) -> tuple[list[Job], str]: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Where health is read; see wiring. `low` lists products that run low, as the staff API does."""

    notices: Callable[[], Notices]
    batches: Callable[[], Batches]
    jobs: Callable[[], Jobs]
    troubles: Callable[[int], list[Trouble]]
    low: Callable[[int], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Sender:
    """A partner that sends notices: when the last one came and how many failed of the newest hundred."""

    name: str
    last_at: str
    failed: int


@dataclass(frozen=True, slots=True)
class Health:
    """Of mails, batches and jobs what went wrong within seven days. `low_more`: more products run low than
    are listed."""

    senders: tuple[Sender, ...]
    bounces: tuple[Trouble, ...]
    complaints: tuple[Trouble, ...]
    batches: tuple[Batch, ...]
    jobs: tuple[Job, ...]
    low: tuple[dict[str, Any], ...]
    low_more: bool

    @property
    def failed_notices(self) -> int:
        return sum(sender.failed for sender in self.senders)


def health(at: Sources, now: datetime) -> Health:
    since = stamp(now - SPAN)
    troubles = [one for one in at.troubles(TROUBLES) if one.at >= since]
    batches, _ = at.batches().recent(BATCHES)
    jobs, _ = at.jobs().recent(JOBS, "")
    low = at.low(LOW + 1)
    return Health(
        senders=_senders(at.notices().recent(limit=NOTICES)[0]),
        bounces=tuple(one for one in troubles if one.kind == "bounce"),
        complaints=tuple(one for one in troubles if one.kind == "complaint"),
        batches=tuple(one for one in batches if one.state == BatchState.FAILED and one.created_at >= since),
        jobs=tuple(one for one in jobs if one.state in BROKEN and one.created_at >= since),
        low=tuple(low[:LOW]),
        low_more=len(low) > LOW,
    )


def _senders(notices: list[Processed]) -> tuple[Sender, ...]:
    """By name; notices come newest first."""
    last = {one.sender: one.received_at for one in reversed(notices)}
    failed = [one.sender for one in notices if one.state == FAILED]
    return tuple(Sender(name, last[name], failed.count(name)) for name in sorted(last))
