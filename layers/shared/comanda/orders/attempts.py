"""Attempts to pay an order: how one begins without a provider, and how they are counted."""

from comanda.orders.asking import ON_APPROVAL
from comanda.orders.decision import Effect, Loaded
from comanda.orders.ending import MANUAL
from comanda.orders.model import Entry, Order

START = "payment.start"


def begin(
    number: int, method: str, amount: int, *, hosted: bool, until: str = "", hold: bool = False
) -> Effect:
    """The wish that a payment begins at its provider. `hosted`: its customer is sent to the provider's page.
    Until `until` whoever wishes it may carry it out in the same request. `hold`: the money is only authorised
    at first; that is settled here, since the same call may be sent again after the order was approved."""
    data = {"method": method, "amount": amount} | ({"hosted": True} if hosted else {})
    data |= {"capture": ON_APPROVAL} if hold else {}
    return Effect(f"pay-{number}", START, data, claimed_until=until)


def held_at_first(order: Order) -> bool:
    """Whether a payment that begins now is authorised only, until the order is approved."""
    return order.terms.capture == ON_APPROVAL and not order.approved


def first_entry(order: Order, at: str, attempt: int = 1) -> Entry:
    """The open attempt of a method without a provider; the customer quotes the order's number."""
    return Entry(
        entry_id=f"{MANUAL}:intent:{order.method}-{attempt}",
        kind="intent",
        method=order.method,
        provider=MANUAL,
        amount=order.totals.total,
        currency=order.currency,
        status="pending",
        at=at,
        ref=f"{order.method}-{attempt}",
    )


def next_number(loaded: Loaded) -> int:
    """One more than any attempt before, at a provider or not."""
    starts = [attempt_number(effect.effect_id) for effect in loaded.effects if effect.kind == START]
    ledger = loaded.order.ledger
    manual = [attempt_number(e.ref) for e in ledger if e.kind == "intent" and e.provider == MANUAL]
    return max((*starts, *manual), default=0) + 1


def attempt_number(name: str) -> int:
    """`pay-2` → 2, `bank_transfer-1` → 1"""
    return int(name.rpartition("-")[2])
