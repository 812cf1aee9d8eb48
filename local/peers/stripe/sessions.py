"""Checkout Sessions: a page of Stripe's on which one payment is made, until it is paid or expires."""

from local.peers.database import Json
from local.peers.stripe import attempts, captures, intents, payment_methods
from local.peers.stripe.account import Account
from local.peers.stripe.errors import ApiError
from local.peers.stripe.params import Params
from local.peers.stripe.session_rules import KIND, owner


def retrieve(account: Account, params: Params, key: str) -> Json:
    params.only("expand")
    return current(account, key)


def update(account: Account, params: Params, key: str) -> Json:
    params.only("expand", "metadata")
    session = current(account, key)
    session["metadata"] = params.metadata(session["metadata"])
    account.save(session)
    return session


def expire(account: Account, params: Params, key: str) -> Json:
    params.only("expand")
    session = current(account, key)
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a'
            f" status of `{session['status']}`."
        )
        raise ApiError(400, message, executed=True)
    return lapse(account, session)


def capture(account: Account, params: Params, intent_id: str) -> Json:
    """Of an intent; money that a session had reserved is paid by it now."""
    intent = captures.capture(account, params, intent_id)
    session = owner(account, intent)
    if session is not None:
        account.save(session | {"payment_status": "paid"})
    return intent


def current(account: Account, key: str) -> Json:
    """The session as of now: whoever looks after its time finds it expired."""
    session = account.find(KIND, key, "session")
    over = session["status"] == "open" and session["expires_at"] <= account.now
    return lapse(account, session) if over else session


def lapse(account: Account, session: Json) -> Json:
    """Nobody can pay here any more; a try that was under way is given up."""
    session |= {"status": "expired", "url": None}
    account.save(session)
    if session["payment_intent"]:
        intent = account.find("payment_intent", session["payment_intent"])
        if intent["status"] in captures.CANCELLABLE:
            captures.end(account, intent, "expired")
    account.tell("checkout.session.expired", session)
    return session


def pay(account: Account, session: Json, token: str, return_url: str | None = None) -> Json:
    """One try of the customer; its intent. The page makes that at the first try. Raises ApiError for a
    declined card, of which what was recorded stays."""
    intent = _intent(account, session)
    intent |= {"payment_method": payment_methods.resolve(account, token)["id"], "next_action": None}
    intent["status"] = "requires_confirmation"
    intent = attempts.attempt(account, intent, return_url)
    follow(account, intent)
    return intent


def process(account: Account, session: Json) -> Json:
    """The customer has gone through with a method that settles later."""
    intent = attempts.process(account, _intent(account, session))
    follow(account, intent)
    return intent


def follow(account: Account, intent: Json) -> None:
    """What became of an intent, for the session that made it, if one did."""
    session = owner(account, intent)
    if session is None or session["status"] == "expired":
        return
    paid = intent["status"] == "succeeded"
    if session["status"] == "open":
        if paid or intent["status"] in ("processing", "requires_capture"):
            session |= {"status": "complete", "payment_status": "paid" if paid else "unpaid", "url": None}
            _tell(account, session, "completed")
    elif paid and session["payment_status"] == "unpaid":
        session["payment_status"] = "paid"
        _tell(account, session, "async_payment_succeeded")
    elif intent["status"] == "requires_payment_method":
        _tell(account, session, "async_payment_failed")


def _tell(account: Account, session: Json, what: str) -> None:
    account.save(session)
    account.tell(f"checkout.session.{what}", session)


def wish(account: Account, session: Json) -> Json:
    """What was asked of its intent, and the name of what is sold."""
    return account.find(f"{KIND}.wish", session["id"])


def _intent(account: Account, session: Json) -> Json:
    if session["payment_intent"]:
        return account.find("payment_intent", session["payment_intent"])
    asked = wish(account, session)
    intent = intents.blank(account, account.new_id("pi")) | {
        "amount": session["amount_total"], "currency": session["currency"],
        "capture_method": asked["capture_method"] or "automatic_async",
        "description": asked["description"], "metadata": asked["metadata"],
    }  # fmt: skip
    account.save(intent)
    account.tell("payment_intent.created", intent)
    session["payment_intent"] = intent["id"]
    session["customer_details"] = {"email": session["customer_email"], "name": None, "phone": None}
    account.save(session)
    return intent
