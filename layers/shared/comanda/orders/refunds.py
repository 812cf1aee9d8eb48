"""Money that is given back: decided first (granted), then carried out, part by part. Pure.

A grant is split over what the order was paid with, in proportion to what is left of each, by largest
remainder. Granted money stays set aside, also while its refund has failed, until it is executed or
withdrawn: so refunded and granted together never exceed what was captured.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from comanda.customers.wallet import CARD, CREDIT
from comanda.money import share
from comanda.orders.balance import TAKEN, balance
from comanda.orders.decision import NOTHING, Decision, Effect
from comanda.orders.facts import Happened
from comanda.orders.model import Entry, Order, RefundLine

MANUAL = "manual"  # the provider of transfers, cheques and cash: nobody to ask
BY_HAND = frozenset({MANUAL})  # has gone back by the word of staff
WALLETS = frozenset({CREDIT, CARD})  # money of ours: it moves in the order's own transaction
NOT_FOUND = "not_found"  # why money goes back for units that were not on their shelf
ORIGINAL, TO_CREDIT, ELSEWHERE = "original", "credit", "elsewhere"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is given back, in minor units, and for what. `foreign` adds all money in other currencies."""

    amount: int
    lines: tuple[RefundLine, ...] = ()
    shipping: int = 0
    foreign: bool = False


def left_of(order: Order, capture: Entry) -> int:
    """What of a capture was neither given back, nor granted, nor taken back by a bank."""
    return capture.amount - sum(e.amount for e in order.ledger if e.parent == capture.ref and _takes(e))


def refundable(order: Order) -> int:
    """How much of the order's own currency can still be granted."""
    taken = sum(e.amount for e in order.ledger if _takes(e) and e.currency == order.currency)
    here = sum(left for _, left in tenders(order))
    return max(0, min(here, balance(order.ledger).captured - taken))


def tenders(order: Order, status: str = "ok") -> list[tuple[Entry, int]]:
    """The captures that have something left, with how much. Status `foreign`: those in other currencies."""
    captures = (e for e in order.ledger if e.kind == "capture" and e.status == status)
    found = ((capture, left_of(order, capture)) for capture in captures)
    return [(capture, left) for capture, left in found if left > 0]


def _takes(entry: Entry) -> bool:
    if entry.kind == "dispute":
        return entry.status not in ("failed", "void")
    if entry.kind != "refund" or entry.status == "void":
        return False
    return entry.status != "failed" or ":grant:" in entry.entry_id


def grants(order: Order) -> list[Entry]:
    """Every granted refund, also those withdrawn."""
    return [entry for entry in order.ledger if entry.kind == "grant"]


def grant_of(order: Order, refund_id: str) -> Entry | None:
    return next((entry for entry in grants(order) if entry.grant == refund_id), None)


def parts_of(order: Order, refund_id: str) -> list[Entry]:
    """The refunds that carry a grant out; those that were replaced are left out."""
    parts = (e for e in order.ledger if e.kind == "refund" and e.grant == refund_id)
    return [part for part in parts if part.status != "void"]


def standing(grant: Entry, parts: Iterable[Entry]) -> str:
    """granted | pending | partially_executed | executed | failed | withdrawn"""
    found = {part.status for part in parts}
    if grant.status == "void":
        return "withdrawn"
    for status in ("failed", "pending"):
        if status in found:
            return status
    if found <= frozenset(TAKEN):
        return "executed"
    return "granted" if found == {"granted"} else "partially_executed"


def executed(parts: Iterable[Entry]) -> int:
    """Money of the order's own currency that has gone back."""
    return sum(part.amount for part in parts if part.status == "ok")


def summary(grant: Entry, parts: Iterable[Entry]) -> dict[str, Any]:
    """The contract's `{refund_id, granted, executed, status}`."""
    known = tuple(parts)
    return {
        "refund_id": grant.grant,
        "granted": {"amount": grant.amount, "currency": grant.currency},
        "executed": {"amount": executed(known), "currency": grant.currency},
        "status": standing(grant, known),
    }


def granting(
    order: Order,
    plan: Plan,
    at: str,
    *,
    reason: str,
    destination: str = ORIGINAL,
    note: str = "",
    personal: dict[str, str] | None = None,
) -> tuple[Decision, Entry, list[Entry]]:
    """Set the money aside: the decision, the grant and its parts. Nothing moves yet.

    `note` names the personal text that explains it, `personal` its digest.
    """
    refund_id = f"r{order.facts + 1}"
    grant = Entry(
        f"refund:{refund_id}",
        "grant",
        order.method,
        destination,
        plan.amount,
        order.currency,
        "granted",
        at,
        reason=reason,
        reference=note,
        grant=refund_id,
        destination=destination,
        lines=plan.lines,
        shipping=plan.shipping,
    )
    customer = f"{CREDIT}:{order.customer_id}"
    parts = [_part(grant, customer, n, *one) for n, one in enumerate(_split(order, plan), start=1)]
    data: dict[str, Any] = {"entry": grant.to_dict(), "also": [part.to_dict() for part in parts]}
    if personal:
        data["personal"] = personal
    return Decision(facts=(Happened("RefundGranted", data),)), grant, parts


def _split(order: Order, plan: Plan) -> list[tuple[Entry, int]]:
    here = tenders(order)
    split = share(plan.amount, [left for _, left in here])
    own = [(capture, n) for (capture, _), n in zip(here, split, strict=True) if n]
    return own + (tenders(order, "foreign") if plan.foreign else [])


def _part(grant: Entry, customer: str, number: int, capture: Entry, amount: int) -> Entry:
    """What goes back of one capture, by the way the grant says."""
    provider, wallet = capture.provider, capture.wallet
    if grant.destination == ELSEWHERE:
        provider, wallet = MANUAL, ""
    elif grant.destination == TO_CREDIT:
        provider, wallet = CREDIT, customer
    name = f"{grant.grant}-{number}"
    return Entry(
        f"{provider}:grant:{name}",
        "refund",
        capture.method,
        provider,
        amount,
        capture.currency,
        "granted",
        grant.at,
        parent=capture.ref,
        reason=grant.reason,
        grant=grant.grant,
        wallet=wallet,
    )


def carrying_out(
    order: Order, grant: Entry, parts: Iterable[Entry], at: str, *, by_hand: bool = True
) -> tuple[Decision, list[Entry]]:
    """Begin what is granted, and once more what failed; answers the decision and the parts after it.

    What a provider moves is wanted of it. What people pay back by hand has gone back by their word, if
    `by_hand` says that they do. Store credit and gift cards follow the ledger at once.
    """
    decision, after, begun = NOTHING, [], []
    for part in parts:
        waits = part.provider in BY_HAND and not by_hand
        if waits or part.status not in ("granted", "failed"):
            after.append(part)
        elif part.provider in BY_HAND | WALLETS:
            decision += _paid_back(part, at)
            after.append(replace(part, status="ok", at=at))
        else:
            fresh, also, effect = _begun(order, part, at)
            begun += also
            after.append(fresh)
            decision += Decision(effects=(effect,))
    if begun:
        data = {"entry": grant.to_dict(), "also": [entry.to_dict() for entry in begun]}
        decision = Decision(facts=(Happened("RefundStarted", data),)) + decision
    return decision, after


def _paid_back(part: Entry, at: str) -> Decision:
    done = replace(part, status="ok", at=at)
    return Decision(facts=(Happened("RefundExecuted", {"entry": done.to_dict()}, "customer"),))


def _begun(order: Order, part: Entry, at: str) -> tuple[Entry, list[Entry], Effect]:
    """What the provider made and then took back is made anew, under a name of its own: under the old
    one it would only be told again of the first."""
    fresh, gone = replace(part, status="pending", at=at), []
    if part.ref:
        gone = [replace(part, status="void", at=at)]
        fresh = replace(fresh, entry_id=f"{part.entry_id}-again", ref="")
    name = fresh.entry_id.partition(":grant:")[2]
    capture = next(e for e in order.ledger if e.kind == "capture" and e.ref == part.parent)
    data = {"entry_id": fresh.entry_id, "ref": capture.parent, "charge": part.parent, "amount": part.amount}
    return fresh, [*gone, fresh], Effect(name, "payment.refund", data)
