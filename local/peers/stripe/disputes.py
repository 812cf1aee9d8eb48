"""Disputes: a customer's bank takes the money back; opened and decided through the control URL."""

from local.peers.database import Json
from local.peers.stripe import charges
from local.peers.stripe.account import Account
from local.peers.stripe.errors import ApiError, invalid
from local.peers.stripe.params import Params

FEE = 1500
DAYS_TO_ANSWER = 9
REASONS = (
    "bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated",
    "debit_not_authorized", "duplicate", "fraudulent", "general", "incorrect_account_details",
    "insufficient_funds",
    "product_not_received", "product_unacceptable", "subscription_canceled", "unrecognized",
)  # fmt: skip
OUTCOMES = ("won", "lost")
EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "customer_communication",
    "customer_email_address", "customer_name", "product_description", "receipt", "refund_policy",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation",
    "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def open_dispute(account: Account, charge: Json, amount: int | None, reason: str) -> Json:
    left = charge["amount"] - charge["amount_refunded"]
    disputed = left if amount is None else amount
    if reason not in REASONS:
        raise invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", "reason")
    if charge["disputed"] or not charge["captured"] or not 1 <= disputed <= left:
        raise invalid(f"Charge {charge['id']} has no {disputed} to dispute.", "amount")
    dispute = _dispute(account, charge, disputed, reason)
    before = dict(charge)
    charge["disputed"] = True
    account.save(charge)
    account.save(dispute)
    account.tell("charge.dispute.created", dispute)
    _move(account, dispute, -disputed, FEE)
    account.tell("charge.dispute.funds_withdrawn", dispute)
    account.tell("charge.updated", charge, before)
    return dispute


def close(account: Account, dispute_id: str, outcome: str) -> Json:
    dispute = account.find("dispute", dispute_id, "dispute")
    if dispute["status"] in OUTCOMES:
        raise ApiError(400, f"Dispute {dispute_id} is already {dispute['status']}.", executed=True)
    if outcome not in OUTCOMES:
        raise invalid("Invalid status: must be one of won, lost", "status")
    before = dict(dispute)
    dispute["status"] = outcome
    account.save(dispute)
    account.tell("charge.dispute.closed", dispute, before)
    if outcome == "won":
        _move(account, dispute, dispute["amount"], -FEE)
        account.tell("charge.dispute.funds_reinstated", dispute)
    return dispute


def accept(account: Account, params: Params, dispute_id: str) -> Json:
    """The merchant does not contest it: `POST /v1/disputes/{id}/close`."""
    params.only("expand")
    return close(account, dispute_id, "lost")


def _move(account: Account, dispute: Json, amount: int, fee: int) -> None:
    moved = charges.move(account, dispute, amount, fee, "adjustment")
    dispute["balance_transactions"] = [*dispute["balance_transactions"], moved]
    account.save(dispute)


def _dispute(account: Account, charge: Json, amount: int, reason: str) -> Json:
    details = {
        "due_by": account.now + DAYS_TO_ANSWER * 24 * 3600, "enhanced_eligibility": {}, "has_evidence": False,
        "past_due": False, "submission_count": 0,
    }  # fmt: skip
    card = {"brand": charge["payment_method_details"]["card"]["brand"], "case_type": "chargeback"}
    return {
        "id": account.new_id("du"), "object": "dispute", "amount": amount, "balance_transactions": [],
        "charge": charge["id"], "created": account.now, "currency": charge["currency"],
        "enhanced_eligibility_types": [], "evidence": dict.fromkeys(EVIDENCE), "evidence_details": details,
        "is_charge_refundable": False, "livemode": False, "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": {**card, "network_reason_code": "83"}, "type": "card"},
        "reason": reason, "status": "needs_response",
    }  # fmt: skip
