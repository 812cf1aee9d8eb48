"""Stripe's objects, as plain data, in the port's words."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from comanda.payments.provider import Charge, Dispute, ProviderRecord, Refund

type Json = dict[str, Any]

STATUS = {
    "requires_payment_method": "pending",
    "requires_confirmation": "pending",
    "requires_action": "pending",
    "processing": "processing",
    "requires_capture": "authorized",
    "succeeded": "succeeded",
    "canceled": "void",
}
REFUND_STATUS = {"succeeded": "ok", "failed": "failed", "canceled": "failed"}  # else: pending
LAPSED = ("automatic", "expired")  # Stripe itself cancelled it; what somebody gave up has other reasons
DISPUTE_STATUS = {"won": "won", "lost": "lost", "warning_closed": "won"}  # else: open


def record_of(intent: Json, refunds: Iterable[Json], disputes: Iterable[Json]) -> ProviderRecord:
    """A PaymentIntent with its latest charge expanded. A charge that failed is no money: left out."""
    metadata = intent.get("metadata") or {}
    failure = intent.get("last_payment_error") or {}
    status = STATUS.get(intent["status"], "pending")
    charge = intent.get("latest_charge") or {}
    good = charge.get("status") == "succeeded"
    return ProviderRecord(
        provider="stripe",
        ref=intent["id"],
        status="failed" if status == "pending" and failure else status,
        amount=intent["amount"],
        currency=intent["currency"].upper(),
        order_id=str(metadata.get("order_id", "")),
        effect_id=str(metadata.get("effect_id", "")),
        charges=(_charge(charge),) if good else (),
        refunds=_given_back(charge, list(refunds)) if good and charge.get("captured") else (),
        disputes=tuple(_dispute(one) for one in disputes),
        failure=str(failure.get("decline_code") or failure.get("code") or ""),
        capture_before=_capture_before(charge) if status == "authorized" else None,
        lapsed=intent.get("cancellation_reason") in LAPSED,
    )


def _given_back(charge: Json, refunds: list[Json]) -> tuple[Refund, ...]:
    """Refunds of money that was taken, oldest first; Stripe lists the newest first. What a partial capture
    leaves with the customer is told as a refund too, the oldest; `amount_refunded` counts it in any case."""
    told = [refund_of(one) for one in sorted(reversed(refunds), key=_born)]
    left = charge["amount"] - charge["amount_captured"]
    counted = sum(one.amount for one in told if one.status != "failed")
    first = next((one for one in told if one.amount == left and not one.effect_id), None)
    if left > 0 and first and counted > charge["amount_refunded"] - left:
        told.remove(first)
    return tuple(told)


def _born(refund: Json) -> int:
    return int(refund.get("created") or 0)


def refund_of(refund: Json) -> Refund:
    metadata = refund.get("metadata") or {}
    return Refund(
        ref=refund["id"],
        charge=str(refund.get("charge") or ""),
        amount=refund["amount"],
        currency=refund["currency"].upper(),
        status=REFUND_STATUS.get(str(refund.get("status")), "pending"),
        effect_id=str(metadata.get("effect_id", "")),
        reason=str(refund.get("failure_reason") or ""),
    )


def _charge(charge: Json) -> Charge:
    return Charge(
        ref=charge["id"],
        amount=charge["amount"],
        captured=charge["amount_captured"] if charge["captured"] else 0,
        currency=charge["currency"].upper(),
        bank_ref=_bank_ref(charge.get("payment_method_details") or {}),
    )


def _capture_before(charge: Json) -> datetime | None:
    """Only kinds of payment that can be captured later tell it, each in its own details."""
    details = charge.get("payment_method_details") or {}
    told = (details.get(str(details.get("type"))) or {}).get("capture_before")
    return datetime.fromtimestamp(int(told), UTC) if told else None


def _bank_ref(details: Json) -> str:
    """What the bank of this kind of payment calls it."""
    told = details.get(str(details.get("type"))) or {}
    known = (told.get(name) for name in ("authorization_code", "network_transaction_id", "reference"))
    return str(next((value for value in known if value), ""))


def _dispute(dispute: Json) -> Dispute:
    return Dispute(
        ref=dispute["id"],
        charge=str(dispute["charge"]),
        amount=dispute["amount"],
        currency=dispute["currency"].upper(),
        status=DISPUTE_STATUS.get(dispute["status"], "open"),
        reason=str(dispute.get("reason") or ""),
    )
