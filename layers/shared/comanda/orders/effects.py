"""What workers at outside effects share: as whom they write, when to try again, when a person looks."""

from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Hold
from comanda.orders.vocabulary import HoldReason
from comanda.times import later

FIRST_PAUSE = 60
LONGEST_PAUSE = 3600


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
