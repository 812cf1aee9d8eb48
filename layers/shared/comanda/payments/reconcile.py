"""Ask the payment providers what happened there, and record what no webhook has told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Protocol

from comanda.errors import ProviderUnavailable
from comanda.orders.facts import Origin
from comanda.payments.provider import Event, PaymentProvider, ProviderRefused
from comanda.payments.record import Recorder
from comanda.runtime.observe import logger, tally
from comanda.times import moment, stamp

FIRST = timedelta(days=1)  # how far back the first look goes
AGAIN = timedelta(minutes=10)  # looked at twice: what happened may come late into a provider's list
SLICE = timedelta(hours=1)  # noted as done at a time
OLDEST = timedelta(days=29)  # Stripe and PayPal tell what happened for 30 days
ASKED_AT_ONCE = 100


class Marks(Protocol):
    """How far each provider has been looked at."""

    def read(self, code: str) -> str: ...
    def move(self, code: str, until: str) -> None: ...
    def note_run(self, code: str, run: dict[str, Any]) -> None: ...
    def note_repair(self, code: str, at: str, ref: str, order_id: str) -> None: ...


class Inbox(Protocol):
    def applied(self, sender: str, event_ids: Iterable[str]) -> set[str]:
        """Those of the events whose webhook came and had its effect."""
        ...


@dataclass(slots=True)
class Looked:
    """`missed`: payments of which something was recorded that no webhook had told."""

    events: int = 0
    payments: int = 0
    missed: list[str] = field(default_factory=list)
    done: bool = True
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        counts = {"events": self.events, "payments": self.payments, "missed": len(self.missed)}
        return counts | {"done": self.done, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Reconciling:
    """`codes`: the providers that the shop has keys of."""

    codes: Callable[[], Iterable[str]]
    providers: Callable[[str], PaymentProvider]
    recorder: Recorder
    inbox: Inbox
    marks: Marks
    now: Callable[[], datetime]

    def run(self, more_time: Callable[[], bool], only: str = "") -> dict[str, Looked]:
        """Look at every provider, or at one alone; one that cannot be reached is looked at from the same
        moment next time."""
        found = {}
        for code in self.codes():
            if only not in ("", code):
                continue
            found[code] = looked = Looked()
            try:
                self._look(code, looked, more_time)
            except ProviderUnavailable as down:
                looked.done, looked.reason = False, down.detail
                tally("ReconciliationsFailed", sender=code)
                logger.warning("not reconciled", extra={"provider": code, "reason": down.detail})
            self.marks.note_run(code, looked.to_dict() | {"at": stamp(self.now())})
        return found

    def _look(self, code: str, looked: Looked, more_time: Callable[[], bool]) -> None:
        now = self.now()
        known = self.marks.read(code)
        since = max(moment(known) - AGAIN, now - OLDEST) if known else now - FIRST
        while since < now:
            until = min(since + SLICE, now)
            if not self._slice(code, since, until, looked, more_time):
                looked.done = False
                return
            self.marks.move(code, stamp(until))
            since = until

    def _slice(
        self, code: str, since: datetime, until: datetime, looked: Looked, more_time: Callable[[], bool]
    ) -> bool:
        """False when time ran out. Each payment is read once, however often something happened to it."""
        read: set[str] = set()
        for events in batched(self.providers(code).happened(since, until), ASKED_AT_ONCE, strict=False):
            looked.events += len(events)
            for ref in self._untold(code, events, read):
                if not more_time():
                    return False
                read.add(ref)
                looked.payments += 1
                self._record(code, ref, looked)
        return True

    def _untold(self, code: str, events: Iterable[Event], read: set[str]) -> Iterable[str]:
        """The payments of those events whose webhook did not come, or has not had its effect."""
        told = self.inbox.applied(code, [event.event_id for event in events if event.event_id])
        refs = (event.ref for event in events if event.ref and event.event_id not in told)
        return [ref for ref in dict.fromkeys(refs) if ref not in read]

    def _record(self, code: str, ref: str, looked: Looked) -> None:
        at = stamp(self.now())
        try:
            recorded = self.recorder.record_payment(code, ref, Origin("system", f"reconcile:{code}", at))
        except ProviderRefused as refused:
            logger.warning("payment not read", extra={"provider": code, "ref": ref, "reason": refused.code})
            return
        if recorded.changed:
            looked.missed.append(ref)
            self.marks.note_repair(code, at, ref, recorded.order.order_id if recorded.order else "")
            tally("WebhooksMissed", sender=code)
