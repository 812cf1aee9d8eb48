"""Money that a bank has set aside and that waits to be taken, and the wish to take it. Pure."""

from dataclasses import replace

from comanda.orders.decision import NOTHING, Decision, Effect
from comanda.orders.derive import amount_due
from comanda.orders.facts import Happened
from comanda.orders.model import Entry, Order

CAPTURE = "payment.capture"


def waiting(order: Order) -> list[Entry]:
    """Authorisations in the order's currency of which nothing is taken and nobody has asked to."""
    return [entry for entry in authorized(order) if not entry.taking]


def authorized(order: Order) -> list[Entry]:
    """Authorisations in the order's currency that can still be taken, oldest first."""
    taken = {e.parent for e in order.ledger if e.kind == "capture" and e.parent}
    held = [e for e in order.ledger if (e.kind, e.status) == ("authorization", "ok")]
    return sorted((e for e in held if e.parent not in taken), key=lambda entry: (entry.at, entry.entry_id))


def left_to_take(order: Order) -> int:
    """What is due and not being taken yet, in minor units."""
    return amount_due(order) - sum(entry.taking for entry in authorized(order))


def taking(order: Order, entry: Entry, amount: int) -> Decision:
    """Have `amount` of an authorisation taken by an outside effect; what is beyond it goes back by itself."""
    data = {"entry_id": entry.entry_id, "ref": entry.ref, "amount": amount}
    return Decision(
        facts=(Happened("CaptureAsked", {"entry": replace(entry, taking=amount).to_dict()}),),
        effects=(Effect(f"capture-{order.facts + 1}", CAPTURE, data),),
    )


def taking_what_is_due(order: Order) -> Decision:
    """Have everything taken that is authorised and due."""
    left, decision = left_to_take(order), NOTHING
    for entry in waiting(order):
        amount = min(entry.amount, left)
        if amount <= 0:
            break
        decision += taking(replace(order, facts=order.facts + len(decision.facts)), entry, amount)
        left -= amount
    return decision
