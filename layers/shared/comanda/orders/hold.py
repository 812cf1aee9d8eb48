"""Holds: each has a reason and who opened and closed it; a hold stops shipping and nothing else."""

from collections.abc import Callable

from comanda.errors import NotFound, WrongState
from comanda.ids import NewId
from comanda.orders.decision import NOTHING, Decision, Effect, Loaded, Outgoing, Sealed
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check, failures
from comanda.orders.model import Hold, Order
from comanda.orders.refunds import carrying_out, grants, parts_of


def holding(reason: str, note: str, origin: Origin, new_id: NewId) -> Decide:
    """Open a hold; `result.hold_id` names it."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("hold", order)
        hold_id = f"h{order.facts + 1}"
        name = f"note:{hold_id}" if note.strip() else ""
        hold = Hold(hold_id, reason, origin.at, origin.actor, note=name)
        data: dict[str, object] = {"hold": hold.to_dict()}
        personal = {}
        if name:
            personal[name] = Sealed(note.strip(), new_id())
            data["personal"] = {name: personal[name].digest}
        return Decision(facts=(Happened("HoldOpened", data),), personal=personal, result={"hold_id": hold_id})

    return decide


def releasing_hold(hold_id: str) -> Decide:
    """Close one hold. Raises NotFound, or WrongState when it was closed before."""

    def decide(loaded: Loaded) -> Decision:
        hold = next((one for one in loaded.order.holds if one.hold_id == hold_id), None)
        if hold is None:
            raise NotFound(f"this order has no hold {hold_id!r}")
        if not hold.open:
            raise WrongState("hold-closed", "this hold was released before")
        return Decision(facts=(_released(hold_id),), result={"hold_id": hold_id})

    return decide


def releasing_holds(which: Callable[[str, str], bool]) -> Decide:
    """Close all open holds that `which` takes by id and reason. Raises WrongState when there is none."""

    def decide(loaded: Loaded) -> Decision:
        closing = [hold.hold_id for hold in loaded.order.open_holds if which(hold.hold_id, hold.reason)]
        if not closing:
            raise WrongState("not-held", "the order has no such open hold")
        return Decision(facts=tuple(map(_released, closing)), result={"released": closing})

    return decide


def retrying(loaded: Loaded) -> Decision:
    """Close the holds of what failed, so that the waiting execution runs the same step again; what was
    refused or left unknown at a payment provider, and mails of which nobody knows whether they went out,
    are wanted once more."""
    given_up = [effect for effect in loaded.effects if _given_up(effect)]
    mails = [effect.effect_id for effect in given_up if effect.kind == "mail"]
    if not mails:
        check("retry", loaded.order)
    released = failures(loaded.order)
    facts = tuple(map(_released, released))
    if mails:
        facts += (Happened("MailsWantedAgain", {"mails": mails}),)
    ours = _failed_refunds(loaded.order)
    wanted = tuple(again(effect) for effect in given_up if effect.data.get("entry_id") not in ours)
    told = Decision(facts, effects=wanted, result={"released": released, "mails": mails})
    return told + _refunds_again(loaded.order)


def _failed_refunds(order: Order) -> set[str]:
    """Parts of granted refunds: those that failed are made once more, those given up are not."""
    parts = (e for e in order.ledger if e.kind == "refund" and e.grant)
    return {part.entry_id for part in parts if part.status in ("failed", "void")}


def _refunds_again(order: Order) -> Decision:
    decision = NOTHING
    for grant in grants(order):
        failed = [part for part in parts_of(order, grant.grant) if part.status == "failed"]
        decision += carrying_out(order, grant, failed, order.updated_at)[0]
    return decision


def _given_up(effect: Outgoing) -> bool:
    """Only a person may repeat it: by itself it could happen twice."""
    ours = effect.kind == "mail" or effect.kind.startswith(("payment.", "label."))
    return ours and effect.state in ("failed", "unknown")


def again(effect: Outgoing) -> Effect:
    """The same effect, wanted once more. `since` says to its worker from when on it may have happened."""
    return Effect(
        effect.effect_id, effect.kind, {"since": effect.wanted_at, **effect.data, **effect.progress}
    )


def _released(hold_id: str) -> Happened:
    return Happened("HoldReleased", {"hold_id": hold_id})
