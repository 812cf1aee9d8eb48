"""What is open of each kind of incident, and how little is read to know it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from comanda.backoffice.bulk.model import State as JobState
from comanda.backoffice.bulk.store import JobStore
from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import read_query
from comanda.backoffice.operations.dead_letters import DeadLetters
from comanda.backoffice.operations.executions import Look, Operating
from comanda.backoffice.operations.incidents import MOST_SHOWN, Looks, Open
from comanda.backoffice.operations.standing import reason_of
from comanda.backoffice.operations.unresolved import Unsettled
from comanda.conversation.own_bounces import OwnBounces
from comanda.exports.model import Batch
from comanda.exports.model import State as BatchState
from comanda.exports.store import BatchStore
from comanda.inbox.model import FAILED, RECEIVED, Processed
from comanda.inbox.store import InboxStore
from comanda.orders.vocabulary import HoldReason
from comanda.settings.pauses import Pauses
from comanda.times import later, stamp

HELD = {"hold": [HoldReason.STEP_FAILED.value], "limit": [str(MOST_SHOWN)], "created_from": ["-90d"]}
BATCHES = JOBS = 50
NOTICES = 100
SLOW = timedelta(minutes=15)  # a notice that was received so long ago should have been judged
OLD_DAYS = 14  # a batch that failed before is history

type Found = tuple[list[Open], bool]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where incidents are looked for. Each is made when it is first asked for."""

    operating: Callable[[], Operating]
    order_list: Callable[[], OrderList]
    jobs: Callable[[], JobStore]
    dead_letters: Callable[[], DeadLetters]
    batches: Callable[[], BatchStore]
    unsettled: Callable[[], Unsettled]
    notices: Callable[[], InboxStore]
    bounces: Callable[[], OwnBounces]
    pauses: Callable[[], Pauses]
    now: Callable[[], datetime]

    def looks(self) -> Looks:
        return {
            "executions": self.executions,
            "jobs": self.broken_jobs,
            "dead_letters": self.letters,
            "exports": self.exports,
            "effects": self.effects,
            "notices": self.unjudged,
            "bounces": self.bounced,
            "pauses": self.paused,
        }

    def executions(self) -> Found:
        """Runs that ended in failure and were not followed by another, and orders held by a failed step: a
        request for each way to end, one for their orders, one for each that failed, and a page of orders."""
        looks, more = self.operating().broken(MOST_SHOWN)
        found = [_failed(look) for look in looks]
        query = read_query(HELD, self.now(), UTC)
        held, after = page_of(query, self.order_list())
        for loaded in held:
            order = loaded.order
            hold = next((h for h in order.open_holds if h.reason == HoldReason.STEP_FAILED), None)
            if hold and order.order_id not in [one.order_id for one in found]:
                name = f"{order.order_id}-{order.run}"
                found.append(Open(name, order.number, hold.detail[:300], hold.opened_at, order.order_id))
        return found, more or after is not None

    def broken_jobs(self) -> Found:
        """Of the last jobs; one Query."""
        jobs, _ = self.jobs().recent(JOBS)
        broken = [job for job in jobs if job.state == JobState.INTERRUPTED]
        told = [Open(j.job_id, j.action, str(j.problem.get("detail", "")), j.created_at) for j in broken]
        return told, False

    def letters(self) -> Found:
        """A request for each queue."""
        queues = [one for one in self.dead_letters().queues() if one.count + one.in_hand]
        return [Open(one.queue, one.queue, count=one.count + one.in_hand) for one in queues], False

    def exports(self) -> Found:
        """Of the last batches; one Query."""
        batches, _ = self.batches().recent(BATCHES)
        since = later(stamp(self.now()), -OLD_DAYS * 86_400)
        failed = [one for one in batches if one.state == BatchState.FAILED and one.created_at > since]
        return [Open(one.batch_id, one.destination, _why(one), one.created_at) for one in failed], False

    def effects(self) -> Found:
        """A Query of their own partition, and the items by their keys."""
        found, after = self.unsettled().listed(MOST_SHOWN)
        told = [
            Open(
                one.effect.effect_id,
                f"{one.order_number} · {one.effect.kind}",
                reason_of(one.effect.result),
                one.effect.wanted_at,
                one.order_id,
            )
            for one in found
        ]
        return told, bool(after)

    def unjudged(self) -> Found:
        """Of the last notices; one Query."""
        records, _ = self.notices().recent(limit=NOTICES)
        late = stamp(self.now() - SLOW)
        bad = [r for r in records if r.state == FAILED or (r.state == RECEIVED and r.received_at < late)]
        return [_notice(record) for record in bad], False

    def bounced(self) -> Found:
        """Addresses of the merchant's own; one Query, and the settings."""
        found = self.bounces().open(MOST_SHOWN)
        return [Open(one.address, one.address, one.why, one.at) for one in found], False

    def paused(self) -> Found:
        """One item."""
        return [Open(one.what, one.what, one.reason, one.since) for one in self.pauses().all()], False


def _why(batch: Batch) -> str:
    return f"{batch.trouble.type}: {batch.trouble.detail}" if batch.trouble else ""


def _notice(record: Processed) -> Open:
    title = f"{record.sender} · {record.event_type}"
    return Open(record.entry_id, title, record.problem, record.received_at, record.order_id)


def _failed(look: Look) -> Open:
    failure = look.failure
    why = f"{failure.step}: {failure.cause or failure.error}" if failure else ""
    return Open(look.run.name, look.order_number or look.run.name, why, look.run.stopped_at, look.run.matter)
