"""How an order ends without being fulfilled: expired, cancelled, rejected. Pure.

An open attempt to pay at a provider is voided first. Only when the provider confirms does the order
end and its stock go back; if the money has come in meanwhile, an order that was to end for want of
money or verification goes on.
"""

from comanda.orders.balance import BOUNCED, balance
from comanda.orders.decision import NOTHING, Decision, Effect
from comanda.orders.derive import ended
from comanda.orders.facts import Happened
from comanda.orders.goods import releasing, writing_off
from comanda.orders.model import Ending, Entry, Order
from comanda.orders.refunds import MANUAL as MANUAL
from comanda.orders.refunds import Plan, carrying_out, granting, refundable, tenders

FACT = {"expired": "OrderExpired", "cancelled": "OrderCancelled", "rejected": "OrderRejected"}
FOR_WANT_OF_MONEY = frozenset({"expired", "unpaid"})  # reasons that money undoes


def ask(order: Order, ending: Ending) -> Decision:
    """Begin to end the order: at once, or after open attempts to pay are voided."""
    wanted = Decision(facts=(Happened("EndingAsked", {"ending": ending.to_dict()}),))
    return wanted + Decision(effects=voids(order, "ended"))


def voids(order: Order, why: str, *, but: str = "") -> tuple[Effect, ...]:
    """Void every open attempt at a provider except `but`. `why`: ended | replaced | paid | ending
    (the units go back, the order stays). What is authorised is not replaced: it is taken beside the rest."""
    return tuple(
        Effect(f"void-{e.ref}", "payment.void", {"entry_id": e.entry_id, "ref": e.ref, "why": why})
        for e in open_attempts(order)
        if e.provider != MANUAL and e.ref != but and (why, e.kind) != ("replaced", "authorization")
    )


def over(order: Order) -> bool:
    """The order has ended, or is about to."""
    return ended(order) or order.ending is not None


def open_attempts(order: Order) -> list[Entry]:
    """Intents and authorisations that could still turn into money. What its provider refused to begin
    has no reference there, and never will."""
    waiting = ("pending", "processing", "failed")
    taken = {e.parent for e in order.ledger if e.kind == "capture" and e.parent and e.status != BOUNCED}
    intents = [
        e for e in order.ledger if e.kind == "intent" and e.status in waiting and e.ref and e.ref not in taken
    ]
    seen = {e.ref for e in intents}
    held = [
        e
        for e in order.ledger
        if e.kind == "authorization" and e.status == "ok" and e.parent not in taken and e.parent not in seen
    ]
    return intents + held


def proceed(order: Order) -> Decision:
    """Go on with an asked ending: drop it, wait, or end the order."""
    ending = order.ending
    if ending is None:
        return NOTHING
    if ending.reason in FOR_WANT_OF_MONEY and balance(order.ledger).has_money:
        return Decision(facts=(Happened("EndingDropped", {"reason": "payment arrived"}),))
    if ending.kind == "expired" and order.verified:
        return Decision(facts=(Happened("EndingDropped", {"reason": "address confirmed"}),))
    if any(entry.provider != MANUAL for entry in open_attempts(order)):
        return NOTHING
    return _end(order, ending)


def _end(order: Order, ending: Ending) -> Decision:
    fact = Happened(FACT[ending.kind], {"reason": ending.reason}, "customer")
    closed = tuple(
        Happened("PaymentVoided", {"entry": entry.to_dict() | {"status": "void"}})
        for entry in open_attempts(order)
    )
    decision = Decision(facts=(*closed, fact))
    decision += releasing(order) if ending.restock else writing_off(order)
    return decision + (refunding(order, ending.reason) if ending.refund else NOTHING)


def refunding(order: Order, reason: str) -> Decision:
    """Grant back all money that is still here and have the providers carry it out; what was taken by hand
    waits for a person to pay it back."""
    plan = Plan(refundable(order), foreign=True)
    if not plan.amount and not tenders(order, "foreign"):
        return NOTHING
    granted, grant, parts = granting(order, plan, order.updated_at, reason=reason)
    begun, _ = carrying_out(order, grant, parts, order.updated_at, by_hand=False)
    return granted + begun
