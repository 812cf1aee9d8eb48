"""What Stripe lets nobody do to the PaymentIntent that a Checkout Session has made."""

from local.peers.database import Json
from local.peers.stripe.account import Account
from local.peers.stripe.errors import ApiError

KIND = "checkout.session"
PAGE = "/c/pay"  # where customers find one, below the address of the peer


def owner(account: Account, intent: Json) -> Json | None:
    """The session that made the intent; None for one that was made by itself."""
    return next(iter(account.records.newest_first(KIND, {"payment_intent": intent["id"]})), None)


def refuse(account: Account, intent: Json, verb: str) -> None:
    """https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-payment_intent"""
    if owner(account, intent) is not None:
        message = f"You cannot {verb} the PaymentIntent for a Checkout Session. Expire the session instead."
        raise ApiError(400, message, code="payment_intent_unexpected_state", executed=True)
