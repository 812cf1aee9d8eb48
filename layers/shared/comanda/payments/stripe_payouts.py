"""Stripe's payouts and the balance transactions that are in them, in the port's words.

Automatic payouts list what is in them; of those made by hand Stripe cannot tell
(https://docs.stripe.com/payouts/reconciliation).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from comanda.payments.payout import (
    CHARGE,
    DISPUTE,
    FEE,
    OTHER,
    REFUND,
    REFUND_FAILED,
    Payout,
    PayoutLine,
    SeenDispute,
)
from comanda.times import stamp

type Json = dict[str, Any]
type Called = Callable[[Callable[[], Any]], Any]

KINDS = {
    "charge": CHARGE,
    "payment": CHARGE,
    "refund": REFUND,
    "payment_refund": REFUND,
    "refund_failure": REFUND_FAILED,
    "payment_failure_refund": REFUND_FAILED,
    "stripe_fee": FEE,
    "tax_fee": FEE,
    "payment_network_cost": FEE,
}
DISPUTES = ("dispute", "dispute_reversal")  # as reporting categories of adjustments
DISPUTE_STATES = {
    "won": "won",
    "lost": "lost",
    "warning_closed": "won",
    "prevented": "won",
    "under_review": "answered",
    "warning_under_review": "answered",
    "appeal_under_review": "answered",
}  # else: open
OWN = "payout"  # the movement of the payout itself; its return, if it fails, is in the next one
LISTED = {"completed": "yes", "in_progress": "not_yet"}  # else: never


def payouts(api: Any, called: Called, since: datetime, until: datetime) -> Iterator[Payout]:
    """The payouts created between two moments."""
    span = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
    page = called(lambda: api.payouts.list({"limit": 100, "created": span}))
    while True:
        yield from (payout_of(one.to_dict()) for one in page.data)
        if not page.has_more:
            return
        page = called(page.next_page)


def _orders(api: Any, called: Called) -> Callable[[str], str]:
    """Answers the order that a payment was begun for; each payment is read once."""

    @cache
    def order_of(payment: str) -> str:
        intent = called(lambda: api.payment_intents.retrieve(payment))
        return str((intent.to_dict().get("metadata") or {}).get("order_id", ""))

    return order_of


def disputes(api: Any, called: Called, since: datetime, until: datetime) -> Iterator[SeenDispute]:
    """The disputes created between two moments; the charge of each names its order."""
    span = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
    asked = {"limit": 100, "created": span, "expand": ["data.charge"]}
    page = called(lambda: api.disputes.list(asked))
    while True:
        yield from (dispute_of(one.to_dict()) for one in page.data)
        if not page.has_more:
            return
        page = called(page.next_page)


def payout_lines(api: Any, called: Called, ref: str) -> Iterator[PayoutLine]:
    """The balance transactions of an automatic payout, each with the order that its payment names."""
    order_of = _orders(api, called)
    asked = {"limit": 100, "payout": ref, "expand": ["data.source"]}
    page = called(lambda: api.balance_transactions.list(asked))
    while True:
        for one in page.data:
            moved = one.to_dict()
            if moved["type"] != OWN:
                yield line_of(moved, order_of)
        if not page.has_more:
            return
        page = called(page.next_page)


def payout_of(found: Json) -> Payout:
    trace = found.get("trace_id") or {}
    return Payout(
        provider="stripe",
        ref=found["id"],
        status=found["status"],
        amount=found["amount"],
        currency=found["currency"].upper(),
        created_at=_at(found["created"]),
        arrives_on=_at(found["arrival_date"])[:10],
        listed=LISTED.get(str(found.get("reconciliation_status")), "never"),
        bank_ref=str(trace.get("value") or ""),
        failure=str(found.get("failure_code") or ""),
    )


def line_of(moved: Json, order_of: Callable[[str], str]) -> PayoutLine:
    """A balance transaction with its source expanded. `order_of` answers what order a payment is for; it is
    asked only where the source does not say so itself."""
    source = moved.get("source") or {}
    if isinstance(source, str):
        source = {"id": source}
    payment = str(source.get("payment_intent") or "")
    order_id = str((source.get("metadata") or {}).get("order_id", ""))
    if payment and not order_id:
        order_id = order_of(payment)
    kind = DISPUTE if moved.get("reporting_category") in DISPUTES else KINDS.get(moved["type"], OTHER)
    amount = source.get("amount_captured") if kind == CHARGE else source.get("amount")
    return PayoutLine(
        ref=moved["id"],
        kind=kind,
        amount=moved["amount"],
        fee=moved["fee"],
        net=moved["net"],
        currency=moved["currency"].upper(),
        at=_at(moved["created"]),
        source=str(source.get("id", "")),
        payment=payment,
        order_id=order_id,
        own_amount=int(amount or 0),
        own_currency=str(source.get("currency") or moved["currency"]).upper(),
        what=str(moved.get("description") or moved["type"]),
    )


def dispute_of(found: Json) -> SeenDispute:
    charge = found["charge"] if isinstance(found["charge"], dict) else {"id": found["charge"]}
    due = (found.get("evidence_details") or {}).get("due_by")
    page = "disputes" if found.get("livemode") else "test/disputes"
    return SeenDispute(
        provider="stripe",
        ref=found["id"],
        status=DISPUTE_STATES.get(found["status"], "open"),
        amount=found["amount"],
        currency=found["currency"].upper(),
        opened_at=_at(found["created"]),
        charge=str(charge["id"]),
        order_id=str((charge.get("metadata") or {}).get("order_id", "")),
        reason=str(found.get("reason") or ""),
        due_at=_at(due) if due else "",
        url=f"https://dashboard.stripe.com/{page}/{found['id']}",
    )


def _at(seconds: int) -> str:
    return stamp(datetime.fromtimestamp(seconds, UTC))
