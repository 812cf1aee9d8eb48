"""Switches: what can be paused, pausing it, and taking up again what waited."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from comanda.backoffice.operations.audit import AuditLog
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, NotFound
from comanda.origin import Origin
from comanda.settings.methods import PROVIDERS
from comanda.settings.pauses import BULK, EXPORTS, LIFECYCLE, Pause, Pauses, destination, provider

ATTEMPTS = 5
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Switch:
    """What can be paused, and since when it is."""

    what: str
    pause: Pause | None = None

    @property
    def family(self) -> str:
        return self.what.partition(":")[0]

    @property
    def code(self) -> str:
        return self.what.partition(":")[2]

    def to_dict(self) -> dict[str, Any]:
        paused = self.pause
        told = {"since": paused.since, "by": paused.by, "reason": paused.reason} if paused else None
        return {"what": self.what, "family": self.family, "code": self.code, "paused": told}


@dataclass(frozen=True, slots=True)
class Pausing:
    """`destinations` answers the codes of the shop's export destinations; `wake_exports` wakes the batches of
    one, `wake_jobs` goes on with bulk jobs. Effects and workflows are taken up by the sweep."""

    pauses: Pauses
    audit: AuditLog
    destinations: Callable[[], list[str]]
    wake_exports: Callable[[str], int]
    wake_jobs: Callable[[], int]

    def switches(self) -> list[Switch]:
        """All there are, those of destinations that are gone while they are paused among them."""
        paused = {pause.what: pause for pause in self.pauses.all()}
        there = dict.fromkeys([*self._known(), *paused])
        return [Switch(what, paused.get(what)) for what in there]

    def pause(self, what: str, reason: str, origin: Origin) -> Switch:
        """Pause it; what is paused already stays as it is. Raises NotFound, Invalid without a reason."""
        if what not in self._known():
            raise NotFound("there is no such switch")
        if not reason or len(reason) > LONGEST_REASON:
            raise Invalid.at("/reason", f"say why, in at most {LONGEST_REASON} characters")
        wanted = Pause(what, origin.at, origin.actor, reason)
        return Switch(what, self._turn(wanted, origin))

    def resume(self, what: str, origin: Origin) -> Switch:
        """Resume it and wake what waited. Asked again it wakes again, which does no harm. Raises NotFound."""
        if what not in [switch.what for switch in self.switches()]:
            raise NotFound("there is no such switch")
        self._release(what, origin)
        if what.startswith(f"{EXPORTS}:"):
            self.wake_exports(what.partition(":")[2])
        elif what == BULK:
            self.wake_jobs()
        return Switch(what)

    def _known(self) -> list[str]:
        return list(self._all())

    def _all(self) -> Iterator[str]:
        yield from map(destination, sorted(self.destinations()))
        yield from map(provider, sorted(set(PROVIDERS.values())))
        yield from (LIFECYCLE, BULK)

    def _turn(self, wanted: Pause, origin: Origin) -> Pause:
        for _ in range(ATTEMPTS):
            present, version = self.pauses.seen()
            standing = next((one for one in present if one.what == wanted.what), None)
            if standing:
                return standing
            tx = Transaction()
            self.pauses.write(tx, (*present, wanted), version)
            self.audit.adding(tx, origin, "paused", wanted.what, detail=wanted.reason)
            if _written(tx):
                return wanted
        raise Busy("others keep turning the switches")

    def _release(self, what: str, origin: Origin) -> None:
        for _ in range(ATTEMPTS):
            present, version = self.pauses.seen()
            left = [one for one in present if one.what != what]
            if len(left) == len(present):
                return
            tx = Transaction()
            self.pauses.write(tx, left, version)
            self.audit.adding(tx, origin, "resumed", what)
            if _written(tx):
                return
        raise Busy("others keep turning the switches")


def _written(tx: Transaction) -> bool:
    try:
        tx.commit()
    except RevisionMoved:
        return False
    return True
