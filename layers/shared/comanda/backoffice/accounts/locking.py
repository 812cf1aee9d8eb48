"""Lock the books up to a day, or open them again: administrators, with a reason, kept for good."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.operations.audit import AuditLog
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, Invalid
from comanda.origin import Origin
from comanda.periods.lock import Change, PeriodLock
from comanda.times import moment

ATTEMPTS = 5
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Locking:
    """`zone` answers the shop's time zone."""

    lock: PeriodLock
    audit: AuditLog
    zone: Callable[[], str]

    def state(self) -> dict[str, Any]:
        """Up to which day the books are locked, and every change of that, newest first."""
        history = [asdict(one) | {"until": one.until or None} for one in self.lock.history()]
        return {"until": self.lock.read().until or None, "history": history}

    def move(self, until: str, reason: str, origin: Origin) -> dict[str, Any]:
        """Lock up to and with the day `until`; an earlier one, or none, opens what was locked. The same day
        again changes nothing. Raises Invalid: a lock ends before today, and says why."""
        self._check(until, reason, origin)
        for _ in range(ATTEMPTS):
            seen = self.lock.read()
            if seen.until == until:
                return self.state()
            tx = Transaction()
            self.lock.write(tx, seen, Change(origin.at, origin.actor, seen.until, until, reason))
            deed = "period.lock" if until > seen.until else "period.unlock"
            self.audit.adding(tx, origin, deed, until or "-", detail=reason)
            try:
                tx.commit()
            except RevisionMoved:
                continue
            return self.state()
        raise Busy("others are moving the lock just now")

    def _check(self, until: str, reason: str, origin: Origin) -> None:
        errors = []
        if until:
            try:
                day = date.fromisoformat(until)
            except ValueError:
                raise Invalid.at("/until", "a day is written 2026-11-22") from None
            if day >= moment(origin.at).astimezone(ZoneInfo(self.zone())).date():
                errors.append({"pointer": "/until", "detail": "the books are locked up to yesterday at most"})
        if not reason or len(reason) > LONGEST_REASON:
            detail = f"say why, in at most {LONGEST_REASON} characters"
            errors.append({"pointer": "/reason", "detail": detail})
        if errors:
            raise Invalid("the books cannot be locked like that", errors=errors)
