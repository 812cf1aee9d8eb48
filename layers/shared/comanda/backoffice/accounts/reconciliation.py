"""What payment providers were asked: how far, how it went, what it repaired, what is still open."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.backoffice.operations.unresolved import Unsettled
from comanda.payments.effects import provider_of
from comanda.payments.looked_at import LookedAt
from comanda.payouts.store import PayoutStore
from comanda.settings.pauses import Pauses, provider

REPAIRS = 20  # of a provider that are shown
MOST_UNRESOLVED = 50


@dataclass(frozen=True, slots=True)
class Reconciliation:
    codes: Sequence[str]
    looked: LookedAt
    payouts: PayoutStore
    pauses: Pauses
    unsettled: Callable[[], Unsettled]

    def providers(self) -> list[dict[str, Any]]:
        """Each provider there is: last look, repairs, what nobody knows of, whether it is paused.
        `last` is None for one that was never asked, as without keys."""
        paused = {pause.what: pause for pause in self.pauses.all()}
        open_of = self._unresolved()
        told = []
        for code in self.codes:
            pause = paused.get(provider(code))
            told.append(
                {
                    "provider": code,
                    "looked_until": self.looked.read(code) or None,
                    "last": self.looked.last_run(code),
                    "payouts_asked_at": self.payouts.asked_at(code) or None,
                    "repaired": list(self.looked.repairs(code, REPAIRS)),
                    "unresolved": open_of[code],
                    "paused": {"since": pause.since, "reason": pause.reason} if pause else None,
                }
            )
        return told

    def _unresolved(self) -> Counter[str]:
        """Captures, voids and refunds by provider that failed or of which nobody knows, 50 at most."""
        found, _ = self.unsettled().listed(MOST_UNRESOLVED)
        return Counter(provider_of(one.effect) for one in found if "entry_id" in one.effect.data)
