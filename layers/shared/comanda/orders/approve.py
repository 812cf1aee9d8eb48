"""The merchant accepts or refuses an order: in the back office, or by the link in the mail."""

from typing import Literal

from comanda.idempotency.once import Once
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders import ending
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide, Desk, Done
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check
from comanda.orders.model import Ending

type Verdict = Literal["approve", "reject"]


def approving(loaded: Loaded) -> Decision:
    """Accept the order. Raises WrongState."""
    check("approve", loaded.order)
    return Decision(facts=(Happened("OrderApproved", {"by": "merchant"}, "customer"),))


def rejecting(reason: str, actor: str, new_id: NewId) -> Decide:
    """Refuse the order: stock goes back, money is voided or refunded, the customer is told why."""

    def decide(loaded: Loaded) -> Decision:
        check("reject", loaded.order)
        return explained(loaded, Ending("rejected", "rejected", actor), reason, new_id)

    return decide


def explained(loaded: Loaded, end: Ending, reason: str, new_id: NewId) -> Decision:
    """Ask for the ending and keep the free text beside it; free text may name people, so it is personal."""
    decision = ending.ask(loaded.order, end)
    if not reason.strip():
        return decision
    sealed = Sealed(reason.strip(), new_id())
    asked = Happened("EndingAsked", {"ending": end.to_dict(), "personal": {"note:end": sealed.digest}})
    return Decision(facts=(asked,), effects=decision.effects, personal={"note:end": sealed})


def decide_by_link(
    token: str,
    verdict: Verdict,
    reason: str,
    *,
    links: Links,
    desk: Desk,
    origin: Origin,
    new_id: NewId,
    once: Once,
) -> Done:
    """Use the mailed link up; the same key is answered alike again.

    Raises NotFound, LinkUsed, LinkExpired, WrongState.
    """
    judge = approving if verdict == "approve" else rejecting(reason, origin.actor, new_id)
    return once.answering(
        lambda earlier: Done(desk.load(earlier.order_id).order, changed=False),
        lambda: _decide(token, judge, links, desk, origin, once),
    )


def _decide(token: str, judge: Decide, links: Links, desk: Desk, origin: Origin, once: Once) -> Done:
    link = links.find(token, "approve", origin.at)

    def decide(loaded: Loaded) -> Decision:
        noted = once.remembering(loaded.order.order_id, loaded.order.revision + 1, {})
        return judge(loaded) + Decision(also=(links.use(link, origin.at), *noted))

    return desk.run(link.order_id, decide, origin)
