"""Money that a bank has set aside and that waits to be taken, and the wish to take it. Pure."""

from dataclasses import replace

from comanda.orders.balance import open_authorizations
from comanda.orders.decision import NOTHING, Decision, Effect
from comanda.orders.derive import EXPIRING_MARK, amount_due
from comanda.orders.ending import over
from comanda.orders.facts import Happened
from comanda.orders.mails import mail
from comanda.orders.model import Entry, Order
from comanda.times import later

CAPTURE = "payment.capture"


def waiting(order: Order) -> list[Entry]:
    """Authorisations in the order's currency of which nothing is taken and nobody has asked to."""
    return [entry for entry in authorized(order) if not entry.taking]


def authorized(order: Order) -> list[Entry]:
    """Authorisations in the order's currency that can still be taken, oldest first."""
    return open_authorizations(order.ledger)


def unwarned(order: Order) -> list[tuple[str, Entry]]:
    """Authorisations of whose lapse staff were not told yet, and when they are to be."""
    held = [] if over(order) else [e for e in authorized(order) if e.until and not e.warned]
    return [(later(entry.until, -order.terms.warn_seconds), entry) for entry in held]


def warning(order: Order, now: str) -> Decision:
    """Tell staff, once, of authorisations that are about to lapse."""
    due = [replace(entry, warned=True) for moment, entry in unwarned(order) if moment <= now]
    if not due:
        return NOTHING
    first, *others = (entry.to_dict() for entry in due)
    told = {"entry": first} | ({"also": others} if others else {})
    key = str(order.facts + 1)
    return Decision(facts=(Happened("LapseWarned", told),), effects=(mail(EXPIRING_MARK, key),))


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
