"""What an edit means for the money: the way to pay what is due now, instead of what was due before."""

from dataclasses import replace
from typing import Any

from comanda.errors import WrongState
from comanda.orders.attempts import begin, first_entry, held_at_first, next_number
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.derive import amount_due, to_ask
from comanda.orders.edits.outcome import Outcome, applied
from comanda.orders.ending import MANUAL, open_attempts, voids
from comanda.orders.facts import Happened
from comanda.orders.guards.money import MOVING
from comanda.orders.model import Order
from comanda.orders.wire import money
from comanda.settings.methods import PROVIDERS


def check_money(order: Order, outcome: Outcome) -> None:
    """Raise WrongState when the total would change under a payment that is being processed or taken."""
    if outcome.totals.total != order.totals.total and MOVING.forbids(order):
        raise WrongState(MOVING.name, MOVING.why)


def difference(order: Order, outcome: Outcome) -> dict[str, Any]:
    """The new total less the old one, signed, and which way it goes: due | owed | none."""
    amount = outcome.totals.total - order.totals.total
    which = "due" if amount > 0 else "owed" if amount < 0 else "none"
    return money(amount, order.currency) | {"which": which}


def standing(order: Order, outcome: Outcome) -> dict[str, Any]:
    """What is to be paid after the edit, and what was paid too much and may be refunded by staff."""
    left = amount_due(applied(order, outcome))
    return {"due": money(max(left, 0), order.currency), "refundable": money(max(-left, 0), order.currency)}


def asking_anew(loaded: Loaded, outcome: Outcome, at: str) -> Decision:
    """Give up the open attempts to pay another amount, and begin one for what is due after the edit. What is
    authorised stays: as much of it as is due will be taken."""
    order = loaded.order
    after = applied(order, outcome)
    due = amount_due(after)
    if due == amount_due(order):
        return NOTHING
    given_up = tuple(
        Happened("PaymentVoided", {"entry": entry.to_dict() | {"status": "void"}})
        for entry in open_attempts(order)
        if entry.provider == MANUAL
    )
    decision = Decision(facts=given_up, effects=voids(order, "replaced" if due > 0 else "paid"))
    asked = to_ask(after)
    return decision + _begun(loaded, after, asked, at) if asked > 0 else decision


def _begun(loaded: Loaded, after: Order, due: int, at: str) -> Decision:
    number = next_number(loaded)
    if after.method in PROVIDERS:
        start = begin(number, after.method, due, hosted=after.terms.hosted, hold=held_at_first(after))
        return Decision(effects=(start,))
    entry = replace(first_entry(after, at, number), amount=due)
    return Decision(facts=(Happened("PaymentStarted", {"entry": entry.to_dict()}),))
