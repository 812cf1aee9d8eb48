"""One attempt to take the money of a PaymentIntent: approved, declined, or the customer is asked first."""

from local.peers.database import Json
from local.peers.stripe import charges
from local.peers.stripe.account import Account
from local.peers.stripe.errors import ApiError, unexpected_state
from local.peers.stripe.payment_methods import Decline, card_of, resolve

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def may_confirm(intent: Json) -> None:
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(intent, "confirmed", CONFIRMABLE)


def attempt(account: Account, intent: Json, return_url: str | None = None) -> Json:
    may_confirm(intent)
    if intent["payment_method"] is None:
        raise ApiError(
            400, "This PaymentIntent has no payment method to confirm it with.",
            code="payment_intent_unexpected_state", payment_intent=intent, executed=True,
        )  # fmt: skip
    card = card_of(account.find("payment_method", intent["payment_method"]))
    if card.asks_customer:
        return _ask_customer(account, intent, return_url)
    if card.decline is not None:
        raise decline(account, intent, card.decline)
    return approve(account, intent)


def approve(account: Account, intent: Json) -> Json:
    """Takes or reserves the money; the fee's balance transaction may follow, as with asynchronous capture."""
    manual = intent["capture_method"] == "manual"
    method = account.find("payment_method", intent["payment_method"])
    charge = charges.succeeded(account, intent, method, captured=not manual)
    intent |= {
        "status": "requires_capture" if manual else "succeeded", "latest_charge": charge["id"],
        "amount_capturable": intent["amount"] if manual else 0, "processing": None,
        "amount_received": 0 if manual else intent["amount"], "next_action": None, "last_payment_error": None,
    }  # fmt: skip
    account.save(intent)
    later = intent["capture_method"] == "automatic_async"
    if not manual and not later:
        charges.settle_balance(account, charge)
    account.tell("charge.succeeded", charge)
    account.tell("payment_intent.amount_capturable_updated" if manual else "payment_intent.succeeded", intent)
    if later:
        before = dict(charge)
        charges.settle_balance(account, charge)
        account.tell("charge.updated", charge, before)
    return intent


def decline(account: Account, intent: Json, refusal: Decline) -> ApiError:
    """Records a failed charge; the answer to raise says why, and what was recorded stays."""
    method = account.find("payment_method", intent["payment_method"])
    charge = charges.failed(account, intent, method, "card_declined", refusal)
    failure: Json = {
        "type": "card_error", "code": "card_declined", "decline_code": refusal.decline_code,
        "message": refusal.message, "charge": charge["id"], "payment_method": method,
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
    }  # fmt: skip
    intent |= {"latest_charge": charge["id"]}
    account.tell("charge.failed", charge)
    fail(account, intent, failure)
    return ApiError(
        402, refusal.message, code="card_declined", kind="card_error", decline_code=refusal.decline_code,
        charge=charge["id"], payment_method=method, payment_intent=intent, keeps_effects=True,
    )  # fmt: skip


def fail(account: Account, intent: Json, failure: Json) -> None:
    intent |= {
        "status": "requires_payment_method", "payment_method": None, "next_action": None, "processing": None,
        "last_payment_error": failure,
    }  # fmt: skip
    account.save(intent)
    account.tell("payment_intent.payment_failed", intent)


def _ask_customer(account: Account, intent: Json, return_url: str | None) -> Json:
    page = f"{account.page_url}/_3ds/{intent['id']}"
    redirect = {"return_url": return_url, "url": page}
    intent |= {
        "status": "requires_action", "last_payment_error": None,
        "next_action": {"type": "redirect_to_url", "redirect_to_url": redirect},
    }  # fmt: skip
    account.save(intent)
    account.tell("payment_intent.requires_action", intent)
    return intent


def customer_answered(account: Account, intent: Json, accepted: bool) -> Json:
    if accepted:
        return approve(account, intent)
    refused: Json = {
        "type": "invalid_request_error", "code": "payment_intent_authentication_failure",
        "message": "The customer did not authenticate the payment.",
        "payment_method": account.find("payment_method", intent["payment_method"]),
        "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
    }  # fmt: skip
    fail(account, intent, refused)
    return intent


def process(account: Account, intent: Json) -> Json:
    """A method that settles later has been started: the outcome comes by `settle`."""
    may_confirm(intent)
    if intent["payment_method"] is None:
        intent["payment_method"] = resolve(account, "pm_card_visa")["id"]
    intent |= {"status": "processing", "next_action": None, "last_payment_error": None}
    intent["processing"] = {"card": {"customer_notification": None}, "type": "card"}
    account.save(intent)
    account.tell("payment_intent.processing", intent)
    return intent


def settle(account: Account, intent: Json, succeeded: bool) -> Json:
    if intent["status"] != "processing":
        raise unexpected_state(intent, "settled", ("processing",))
    if succeeded:
        return approve(account, intent)
    decline(account, intent, Decline("generic_decline", "The payment did not arrive."))
    return intent
