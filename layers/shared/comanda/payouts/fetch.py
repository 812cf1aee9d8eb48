"""Ask the providers what they pay out, tie each line to its order, and keep it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from comanda.errors import ProviderUnavailable
from comanda.orders.model import Order
from comanda.payments.payout import NotReady, Payout, PayoutSource
from comanda.payments.provider import ProviderRefused
from comanda.payouts.disputes import DisputeStore
from comanda.payouts.model import Kept, kept, tie
from comanda.payouts.store import PayoutStore
from comanda.runtime.observe import logger, tally
from comanda.times import moment, stamp

EVERY = timedelta(hours=1)
DISPUTED = timedelta(days=120)  # so long a dispute may take from its opening to its end
FIRST = timedelta(days=60)  # how far back the first look goes
AGAIN = timedelta(days=14)  # looked at again: a payout may still fail days after it was paid


@dataclass(slots=True)
class Asked:
    """`disputes`: those that are new or have changed. `skipped`: the provider was asked within the hour."""

    payouts: int = 0
    written: int = 0
    differences: int = 0
    disputes: int = 0
    skipped: bool = False
    done: bool = True


@dataclass(frozen=True, slots=True)
class Fetching:
    """`codes`: the providers that the shop has keys of and that tell what they pay out."""

    codes: Callable[[], Iterable[str]]
    source: Callable[[str], PayoutSource]
    order: Callable[[str], Order | None]
    store: PayoutStore
    disputes: DisputeStore
    now: Callable[[], datetime]

    def run(self, more_time: Callable[[], bool], only: str = "") -> dict[str, Asked]:
        """Ask every provider that was not asked within the hour, or one alone, which is asked at once."""
        chosen = [code for code in self.codes() if only in ("", code)]
        return {code: self._ask(code, more_time, at_once=bool(only)) for code in chosen}

    def _ask(self, code: str, more_time: Callable[[], bool], *, at_once: bool) -> Asked:
        asked, now, last = Asked(), self.now(), self.store.asked_at(code)
        latest = max(last, self.store.waiting_since(code))
        if latest and not at_once and now - moment(latest) < EVERY:
            asked.skipped = True
            return asked
        since = moment(last) - AGAIN if last else now - FIRST
        try:
            seen = self.source(code).disputes(now - DISPUTED, now)
            asked.disputes = sum(self.disputes.write(one) for one in seen)
            asked.done = self._look(code, since, now, asked, more_time)
        except NotReady:
            asked.done = False
            self.store.note_waiting(code, stamp(now))
        except (ProviderUnavailable, ProviderRefused) as down:
            asked.done = False
            tally("PayoutsNotAsked", sender=code)
            logger.warning("payouts not read", extra={"provider": code, "reason": str(down)})
        if asked.done:
            self.store.note_asked(code, stamp(now))
        return asked

    def _look(
        self, code: str, since: datetime, until: datetime, asked: Asked, more_time: Callable[[], bool]
    ) -> bool:
        """False when time ran out; what is kept by then is not read again."""
        for payout in self.source(code).payouts(since, until):
            asked.payouts += 1
            known = self.store.head(code, payout.ref)
            if known and known.payout == payout and known.whole:
                continue
            if not more_time():
                return False
            asked.differences += self._keep(code, payout).sums.differences
            asked.written += 1
        return True

    def _keep(self, code: str, payout: Payout) -> Kept:
        """Read the lines of a payout, tie them, write both."""
        order = cache(self.order)
        found = self.source(code).payout_lines(payout) if payout.listed == "yes" else ()
        lines = [tie(line, code, order(line.order_id) if line.order_id else None) for line in found]
        done = kept(payout, lines, stamp(self.now()))
        self.store.write(done, lines)
        return done
