"""Staff gave money back by mistake and take that back, while none has moved outside."""

from dataclasses import replace
from typing import Any

from comanda.errors import WrongState
from comanda.orders.balance import balance
from comanda.orders.decision import Decision, Loaded, Outgoing
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import BY_HAND, WALLETS, parts_of, standing, summary
from comanda.orders.undo import Withdraw, stopping
from comanda.orders.vocabulary import HoldReason
from comanda.payments.grant_refund import granted_as

OURS = BY_HAND | WALLETS  # what counts by our own word
RECEIPT = "refunded"


def unrefunding(refund_id: str, at: str, withdraw: Withdraw) -> Decide:
    """Neither decided nor paid back: the grant and all its parts are void, whoever wanted to carry them out
    is stopped, store credit that came of it is taken out again.

    Raises NotFound, WrongState (`refund-withdrawn`, `refund-executed` when a provider has paid,
    `already-begun`, `already-told`, `moved-on` when the order was changed since), and what a wallet
    refuses with that has spent it.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-refund", order)
        grant = granted_as(order, refund_id)
        parts = parts_of(order, refund_id)
        _still_ours(order, grant, parts)
        entries = [replace(part, status="void", at=at) for part in parts]
        gone = replace(grant, status="void", at=at)
        told: dict[str, Any] = {"entry": gone.to_dict(), "also": [one.to_dict() for one in entries]}
        closed = _closed_with(order, parts)
        told |= {"holds": closed} if closed else {}
        shown = any(part.status == "ok" for part in parts)
        fact = Happened("RefundUndone", told, "customer" if shown else "internal")
        done = Decision(facts=(fact,), result=summary(gone, ()))
        return done + stopping(loaded, _wanted(loaded, parts), withdraw)

    return decide


def _still_ours(order: Order, grant: Entry, parts: list[Entry]) -> None:
    if standing(grant, parts) == "withdrawn":
        raise WrongState("refund-withdrawn", "this refund was withdrawn before")
    if any(part.provider not in OURS and part.status not in ("granted", "pending") for part in parts):
        raise WrongState("refund-executed", "the provider has carried this refund out, or tried to")
    sums = balance(order.ledger)
    undone = sum(part.amount for part in parts if part.status == "ok")
    if order.given_back > sums.refunded - sums.disputed - undone:
        raise WrongState("moved-on", "the order was changed since, and its new total counts on this refund")


def _wanted(loaded: Loaded, parts: list[Entry]) -> list[Outgoing]:
    """The provider's part of it, and the mail that tells of what counts at once."""
    names = {part.entry_id.partition(":grant:")[2] for part in parts if part.status == "pending"}
    moments = {part.at for part in parts if part.status == "ok"}
    return [
        one
        for one in loaded.effects
        if one.effect_id in names or (one.data.get("event") == RECEIPT and one.wanted_at in moments)
    ]


def _closed_with(order: Order, parts: list[Entry]) -> list[str]:
    """Holds that closed by themselves because this money had gone."""
    moments = {part.at for part in parts if part.status == "ok"}
    late = (hold for hold in order.holds if hold.reason == HoldReason.LATE_PAYMENT)
    return [hold.hold_id for hold in late if hold.closed_at in moments]
