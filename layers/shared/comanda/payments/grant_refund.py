"""Staff decide that money goes back, carry it out now or later, or take the decision back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from comanda.errors import NotFound, WrongState
from comanda.ids import NewId
from comanda.orders.balance import balance
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import (
    BY_HAND,
    ORIGINAL,
    TO_CREDIT,
    WALLETS,
    carrying_out,
    executed,
    grant_of,
    granting,
    parts_of,
    standing,
    summary,
)
from comanda.payments.refund_plan import Wish, planned


@dataclass(frozen=True, slots=True)
class Terms:
    """`reason` is a code; `note` the words beside it, which are personal. `execute` moves the money now."""

    reason: str
    execute: bool
    destination: str = ORIGINAL
    note: str = ""


def refunding(asked: Callable[[Order], Wish], terms: Terms, at: str, new_id: NewId) -> Decide:
    """Grant a refund, and with `execute` carry it out. `result` is the contract's.

    Raises what `planned` and `asked` raise, and WrongState when nothing is left to give back.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("refund", order)
        if terms.destination == TO_CREDIT and not order.customer_id:
            raise WrongState("no-customer", "this order belongs to no customer who could have store credit")
        plan = planned(order, asked(order))
        name = f"note:refund-{order.facts + 1}" if terms.note.strip() else ""
        sealed = {name: Sealed(terms.note.strip(), new_id())} if name else {}
        decision, grant, parts = granting(
            order,
            plan,
            at,
            reason=terms.reason,
            destination=terms.destination,
            note=name,
            personal={key: text.digest for key, text in sealed.items()},
        )
        decision += Decision(personal=sealed)
        if terms.execute:
            begun, parts = carrying_out(order, grant, parts, at)
            decision += begun
        return decision + Decision(result=summary(grant, parts))

    return decide


def executing(refund_id: str, at: str) -> Decide:
    """Carry out what is granted, and once more what failed. Raises NotFound, WrongState."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        grant = granted_as(order, refund_id)
        parts = parts_of(order, refund_id)
        state = standing(grant, parts)
        if state in ("executed", "withdrawn"):
            raise WrongState(f"refund-{state}", f"this refund was {state} before")
        if not any(part.status in ("granted", "failed") for part in parts):
            raise WrongState("refund-under-way", "the provider is carrying this refund out")
        _still_here(order, parts)
        decision, after = carrying_out(order, grant, parts, at)
        return decision + Decision(result=summary(grant, after))

    return decide


def _still_here(order: Order, parts: list[Entry]) -> None:
    """A provider refuses what it has not; what people and we ourselves pay back we have to refuse."""
    ours = sum(p.amount for p in parts if p.provider in BY_HAND | WALLETS and p.status == "granted")
    claimed = (e for e in order.ledger if (e.kind, e.status) == ("dispute", "pending"))
    if ours > balance(order.ledger).kept - sum(e.amount for e in claimed if e.currency == order.currency):
        raise WrongState("refund-exceeds-payment", "the money was taken back in another way")


def withdrawing(refund_id: str, at: str) -> Decide:
    """Take back the decision as far as no money has moved. Raises NotFound, WrongState."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        grant = granted_as(order, refund_id)
        parts = parts_of(order, refund_id)
        state = standing(grant, parts)
        if state in ("executed", "withdrawn"):
            raise WrongState(f"refund-{state}", f"this refund was {state} before")
        if state == "pending" or any(part.status == "pending" for part in parts):
            raise WrongState("refund-under-way", "the provider is carrying this refund out")
        return _withdrawn(grant, parts, at)

    return decide


def _withdrawn(grant: Entry, parts: list[Entry], at: str) -> Decision:
    """What was carried out of it stands, as a refund of so much."""
    kept = [part for part in parts if part.status in ("ok", "foreign")]
    done = executed(kept)
    given_up = [replace(part, status="void", at=at) for part in parts if part.status in ("granted", "failed")]
    left = replace(grant, amount=done, lines=(), shipping=0) if kept else replace(grant, status="void")
    told = left.to_dict() | {"at": at}
    data = {"entry": told, "also": [part.to_dict() for part in given_up], "amount": grant.amount - done}
    return Decision(facts=(Happened("RefundWithdrawn", data),), result=summary(left, kept))


def granted_as(order: Order, refund_id: str) -> Entry:
    """The decision of this id. Raises NotFound."""
    grant = grant_of(order, refund_id)
    if grant is None:
        raise NotFound(f"this order has no refund {refund_id!r}")
    return grant
