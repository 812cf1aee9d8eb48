"""Capturing and cancelling PaymentIntents."""

from local.peers.database import Json
from local.peers.stripe import charges, refunds, session_rules
from local.peers.stripe.account import Account
from local.peers.stripe.errors import ApiError, invalid, unexpected_state
from local.peers.stripe.params import Params

CANCELLABLE = (
    "requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing",
)  # fmt: skip
ON_CAPTURE = (
    "amount_to_capture", "expand", "metadata", "statement_descriptor", "statement_descriptor_suffix",
)  # fmt: skip
REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")


def capture(account: Account, params: Params, intent_id: str) -> Json:
    params.only(*ON_CAPTURE)
    intent = account.find("payment_intent", intent_id, "intent")
    if intent["status"] != "requires_capture":
        raise unexpected_state(intent, "captured", ("requires_capture",))
    asked = params.integer("amount_to_capture")
    amount = intent["amount_capturable"] if asked is None else asked
    if amount < 1:
        raise invalid("Invalid positive integer", "amount_to_capture", "parameter_invalid_integer")
    if amount > intent["amount_capturable"]:
        message = f"The amount to capture, {amount}, is more than was authorised."
        raise ApiError(400, message, code="amount_too_large", param="amount_to_capture", executed=True)
    intent["metadata"] = params.metadata(intent["metadata"])
    _take(account, intent, amount)
    return intent


def _take(account: Account, intent: Json, amount: int) -> None:
    """What is not captured goes back to the customer: on the charge it counts as refunded."""
    charge = account.find("charge", intent["latest_charge"])
    before = dict(charge)
    left = charge["amount"] - amount
    charge |= {"captured": True, "amount_captured": amount, "amount_refunded": left}
    if left:
        refunds.leave(account, charge, left)
    charges.settle_balance(account, charge)
    intent |= {"status": "succeeded", "amount_capturable": 0, "amount_received": amount}
    account.save(intent)
    account.tell("charge.captured", charge, before)
    account.tell("payment_intent.succeeded", intent)


def cancel(account: Account, params: Params, intent_id: str) -> Json:
    params.only("cancellation_reason", "expand")
    reason = params.choice("cancellation_reason", *REASONS)
    intent = account.find("payment_intent", intent_id, "intent")
    if intent["status"] not in CANCELLABLE:
        raise unexpected_state(intent, "canceled", CANCELLABLE)
    if intent["status"] != "requires_capture":
        session_rules.refuse(account, intent, "cancel")
    end(account, intent, reason)
    return intent


def end(account: Account, intent: Json, reason: str | None) -> None:
    """No money comes by it any more; what was reserved is let go."""
    if intent["status"] == "requires_capture":
        _let_go(account, intent, "charge.refunded")
    _canceled(account, intent, reason)


def lapse(account: Account, intent: Json) -> Json:
    """A week passes: the bank lets go of the money, and the payment is over."""
    if intent["status"] != "requires_capture":
        raise unexpected_state(intent, "lapsed", ("requires_capture",))
    _let_go(account, intent, "charge.expired")
    _canceled(account, intent, "automatic")
    return intent


def _canceled(account: Account, intent: Json, reason: str | None) -> None:
    intent |= {
        "status": "canceled", "canceled_at": account.now, "cancellation_reason": reason,
        "amount_capturable": 0, "next_action": None, "processing": None,
    }  # fmt: skip
    account.save(intent)
    account.tell("payment_intent.canceled", intent)


def _let_go(account: Account, intent: Json, event: str) -> None:
    """A reservation given up is told as a refund of a charge that was never captured, as Stripe does."""
    charge = account.find("charge", intent["latest_charge"])
    before = dict(charge)
    charge |= {"refunded": True, "amount_refunded": charge["amount"]}
    account.save(charge)
    account.tell(event, charge, before)
