"""Refunds: never more than was captured, never of money that a dispute has taken."""

from local.peers.database import Json
from local.peers.stripe import charges
from local.peers.stripe.account import Account, random_text
from local.peers.stripe.amounts import shown
from local.peers.stripe.errors import ApiError, invalid
from local.peers.stripe.params import Params

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(account: Account, params: Params) -> Json:
    params.only("amount", "charge", "expand", "instructions_email", "metadata", "payment_intent", "reason")
    charge = _charge_to_refund(account, params)
    left = charge["amount"] - charge["amount_refunded"]
    asked = params.integer("amount")
    amount = left if asked is None else asked
    _check(charge, amount, left)
    metadata, reason = params.metadata({}), params.choice("reason", *REASONS)
    refund = _refund(account, charge, amount) | {"metadata": metadata, "reason": reason}
    before = dict(charge)
    refund["balance_transaction"] = charges.move(account, refund, -amount, 0, "refund")["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    account.save(charge)
    account.save(refund)
    account.tell("refund.created", refund)
    account.tell("charge.refunded", charge, before)
    return refund


def update(account: Account, params: Params, refund_id: str) -> Json:
    params.only("expand", "metadata")
    refund = account.find("refund", refund_id)
    before = dict(refund)
    refund["metadata"] = params.metadata(refund["metadata"])
    account.save(refund)
    account.tell("refund.updated", refund, before)
    return refund


def fail(account: Account, refund_id: str, reason: str) -> Json:
    """The customer's bank sent the money back: the charge can be refunded again."""
    refund = account.find("refund", refund_id)
    if refund["status"] != "succeeded":
        raise invalid(f"Refund {refund_id} is {refund['status']} and cannot fail.")
    charge = account.find("charge", refund["charge"])
    before = dict(refund)
    back = charges.move(account, refund, refund["amount"], 0, "refund_failure")
    refund |= {"status": "failed", "failure_reason": reason, "failure_balance_transaction": back["id"]}
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    account.save(charge)
    account.save(refund)
    account.tell("refund.updated", refund, before)
    account.tell("refund.failed", refund, before)
    return refund


def _charge_to_refund(account: Account, params: Params) -> Json:
    intent_id, charge_id = params.text("payment_intent"), params.text("charge")
    if intent_id is None and charge_id is None:
        raise invalid("Name the charge or the payment_intent to refund.", "charge", "parameter_missing")
    if intent_id is None:
        return account.find("charge", charge_id or "", "charge")
    intent = account.find("payment_intent", intent_id, "payment_intent")
    if charge_id not in (None, intent["latest_charge"]):
        raise invalid("The charge does not belong to the payment_intent.", "charge")
    if intent["latest_charge"] is None:
        raise _nothing_to_refund(intent_id)
    return account.find("charge", intent["latest_charge"], "charge")


def _nothing_to_refund(key: str) -> ApiError:
    message = f"This PaymentIntent ({key}) does not have a successful charge to refund."
    return ApiError(400, message, param="payment_intent", executed=True)


def _check(charge: Json, amount: int, left: int) -> None:
    key = charge["id"]
    if charge["status"] != "succeeded":
        raise _nothing_to_refund(charge["payment_intent"])
    if charge["refunded"]:
        message = f"Charge {key} has already been refunded."
        raise ApiError(400, message, code="charge_already_refunded", executed=True)
    if not charge["captured"]:
        message = f"Charge {key} is not captured: cancel {charge['payment_intent']} instead."
        raise ApiError(400, message, param="charge", executed=True)
    if charge["disputed"]:
        message = f"Charge {key} has been charged back; cannot issue a refund."
        raise ApiError(400, message, code="charge_disputed", executed=True)
    if amount < 1:
        raise invalid("Invalid positive integer", "amount", "parameter_invalid_integer")
    if amount > left:
        currency = charge["currency"]
        message = (
            f"Refund amount (${shown(amount, currency)}) is greater than unrefunded amount on charge"
            f" (${shown(left, currency)})"
        )
        raise ApiError(400, message, param="amount", executed=True)


def leave(account: Account, charge: Json, amount: int) -> None:
    """What a partial capture leaves with the customer: a refund on the charge that moves no balance."""
    account.save(_refund(account, charge, amount))


def _refund(account: Account, charge: Json, amount: int) -> Json:
    reference = {
        "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund",
    }  # fmt: skip
    return {
        "id": account.new_id("re"), "object": "refund", "amount": amount, "balance_transaction": None,
        "charge": charge["id"], "created": account.now, "currency": charge["currency"],
        "destination_details": {"card": reference, "type": "card"}, "failure_reason": None,
        "metadata": {}, "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"], "reason": None,
        "receipt_number": f"{random_text(4)}-{random_text(4)}".upper(), "source_transfer_reversal": None,
        "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip
