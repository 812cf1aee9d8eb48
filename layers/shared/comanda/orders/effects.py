"""What workers at outside effects share: how they claim one, put it off, and ask a person about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.errors import NotFound
from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Hold
from comanda.orders.outbox import Outbox, expired
from comanda.orders.vocabulary import HoldReason
from comanda.times import later, stamp

FIRST_PAUSE = 60
LONGEST_PAUSE = 3600


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims of workers that may repeat what another one left: what they call tells what has happened."""

    desk: Desk
    outbox: Outbox
    now: Callable[[], datetime]

    def named(self, message: dict[str, Any]) -> tuple[Loaded, Outgoing] | None:
        """The order and the effect that `detail` of a bus event names; None where the order was purged
        since, or has no such effect."""
        try:
            loaded = self.desk.load(message["detail"]["order_id"])
        except NotFound:
            return None
        wanted = message["detail"]["effect_id"]
        effect = next((one for one in loaded.effects if one.effect_id == wanted), None)
        return (loaded, effect) if effect else None

    def take(self, order_id: str, effect: Outgoing) -> Outgoing | None:
        """Claim what is wanted, or what another worker claimed and left. None when somebody else has it."""
        at = stamp(self.now())
        if effect.state == "wanted":
            return self.outbox.claim(order_id, effect.effect_id, at=at)
        return self.outbox.take_over(order_id, effect, at=at) if expired(effect, at) else None

    def put_off(self, order_id: str, claim: Outgoing, reason: str, origin: Origin) -> None:
        """Nothing has happened outside, or a repeat does no harm: it is tried again a little later."""
        self.outbox.release(order_id, claim, reason, until=next_try(claim, origin.at))

    def ask_a_person(self, order_id: str, claim: Outgoing, reason: str, origin: Origin) -> None:
        """Nobody knows what has happened outside: the effect is unknown, and its order held."""
        self.outbox.doubt(order_id, claim, reason)
        hold_order(self.desk, order_id, claim, HoldReason.UNKNOWN_EFFECT, reason, origin)


def origin_of(claim: Outgoing, at: str) -> Origin:
    return Origin("system", f"effect:{claim.effect_id}", at)


def next_try(claim: Outgoing, at: str) -> str:
    """A little later after each try."""
    return later(at, min(FIRST_PAUSE * 2 ** min(max(claim.attempts - 1, 0), 10), LONGEST_PAUSE))


def hold_order(
    desk: Desk, order_id: str, claim: Outgoing, reason: HoldReason, detail: str, origin: Origin
) -> None:
    """Hold the order for a person, once for the same trouble."""
    told = f"{claim.effect_id}: {detail}"

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        if any(hold.detail == told for hold in order.open_holds):
            return NOTHING
        hold = Hold(f"h{order.facts + 1}", reason, origin.at, "system", detail=told)
        return Decision(facts=(Happened("HoldOpened", {"hold": hold.to_dict()}),), outside=True)

    desk.run(order_id, decide, origin)
