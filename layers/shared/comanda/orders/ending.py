"""How an order ends without being fulfilled: expired, cancelled, rejected. Pure.

An open attempt to pay at a provider is voided first. Only when the provider confirms does the order
end and its stock go back; if the money has come in meanwhile, an order that was to end for want of
money or verification goes on.
"""

from comanda.orders.decision import NOTHING, Decision, Effect
from comanda.orders.derive import TAKEN, balance, ended
from comanda.orders.facts import Happened
from comanda.orders.goods import releasing
from comanda.orders.model import Ending, Entry, Order

FACT = {"expired": "OrderExpired", "cancelled": "OrderCancelled", "rejected": "OrderRejected"}
FOR_WANT_OF_MONEY = frozenset({"expired", "unpaid"})  # reasons that money undoes
MANUAL = "manual"  # the provider of transfers, cheques and cash: nobody to ask


def ask(order: Order, ending: Ending) -> Decision:
    """Begin to end the order: at once, or after open attempts to pay are voided."""
    wanted = Decision(facts=(Happened("EndingAsked", {"ending": ending.to_dict()}),))
    return wanted + Decision(effects=voids(order, "ended"))


def voids(order: Order, why: str, *, but: str = "") -> tuple[Effect, ...]:
    """Void every open attempt at a provider except `but`. `why`: ended | replaced | paid | ending
    (the units go back, the order stays)."""
    return tuple(
        Effect(f"void-{e.ref}", "payment.void", {"entry_id": e.entry_id, "ref": e.ref, "why": why})
        for e in open_attempts(order)
        if e.provider != MANUAL and e.ref != but
    )


def over(order: Order) -> bool:
    """The order has ended, or is about to."""
    return ended(order) or order.ending is not None


def open_attempts(order: Order) -> list[Entry]:
    """Intents and authorisations that could still turn into money. What its provider refused to begin
    has no reference there, and never will."""
    waiting = ("pending", "processing", "failed")
    taken = {e.parent for e in order.ledger if e.kind == "capture" and e.parent}
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
    if ending.restock:
        decision += releasing(order)
    return decision + (refunding(order, ending.reason) if ending.refund else NOTHING)


def refunding(order: Order, reason: str) -> Decision:
    """Grant back all money that is still here, capture by capture; the providers carry it out."""
    decision = NOTHING
    for capture in order.ledger:
        if capture.kind == "capture" and capture.status in TAKEN:
            decision += _refund_of(order, capture, reason)
    return decision


def _refund_of(order: Order, capture: Entry, reason: str) -> Decision:
    given = sum(
        e.amount
        for e in order.ledger
        if e.kind in ("refund", "dispute") and e.parent == capture.ref and e.status not in ("failed", "void")
    )
    left = capture.amount - given
    if left <= 0:
        return NOTHING
    name = f"refund-{capture.ref or capture.entry_id}-{given}"
    entry = Entry(
        entry_id=f"{capture.provider}:grant:{name}",
        kind="refund",
        method=capture.method,
        provider=capture.provider,
        amount=left,
        currency=capture.currency,
        status="pending",
        at=order.updated_at,
        parent=capture.ref,
        reason=reason,
    )
    granted = Decision(facts=(Happened("RefundGranted", {"entry": entry.to_dict()}),))
    if capture.provider == MANUAL:
        return granted  # staff pay it back by hand and record it
    data = {"entry_id": entry.entry_id, "ref": capture.parent, "charge": capture.ref, "amount": left}
    return granted + Decision(effects=(Effect(name, "payment.refund", data),))
