"""What only the world outside the API does: disputes, slow methods settling, refunds bouncing, outages."""

from local.peers.database import Database, Json
from local.peers.outside import Outside
from local.peers.stripe import attempts, captures, disputes, payouts, refunds, sessions
from local.peers.stripe.account import PEER, Account
from local.peers.stripe.api import StripeApi
from local.peers.stripe.errors import ApiError
from local.peers.web import Refused, Request, Router


def add_routes(router: Router, api: StripeApi, database: Database) -> None:
    outside = Outside(PEER, router, api, database)
    outside.add("POST", "/disputes", _open_dispute)
    outside.add("POST", "/disputes/{id}/close", _close_dispute)
    outside.add("POST", "/payment_intents/{id}/processing", _process)
    outside.add("POST", "/payment_intents/{id}/settle", _settle)
    outside.add("POST", "/payment_intents/{id}/lapse", _lapse)
    outside.add("POST", "/checkout_sessions/{id}/pay", _pay_session)
    outside.add("POST", "/checkout_sessions/{id}/processing", _process_session)
    outside.add("POST", "/checkout_sessions/{id}/lapse", _lapse_session)
    outside.add("POST", "/refunds/{id}/fail", _fail_refund)
    outside.add("POST", "/payouts", _pay_out)
    outside.add("POST", "/payouts/{id}/fail", _fail_payout)
    outside.add_trouble()


def _open_dispute(account: Account, request: Request) -> Json:
    wish = request.json()
    charge_id = wish.get("charge")
    if charge_id is None:
        intent = account.find("payment_intent", str(wish.get("payment_intent")), "payment_intent")
        charge_id = intent["latest_charge"]
    charge = account.find("charge", str(charge_id), "charge")
    amount = wish.get("amount")
    if amount is not None and type(amount) is not int:
        raise Refused(400, "amount is a whole number of minor units")
    return disputes.open_dispute(account, charge, amount, str(wish.get("reason", "fraudulent")))


def _close_dispute(account: Account, request: Request) -> Json:
    return disputes.close(account, request.path_values["id"], str(request.json().get("status", "lost")))


def _process(account: Account, request: Request) -> Json:
    return attempts.process(account, account.find("payment_intent", request.path_values["id"]))


def _settle(account: Account, request: Request) -> Json:
    outcome = request.json().get("outcome", "succeeded")
    if outcome not in ("succeeded", "failed"):
        raise Refused(400, "outcome is succeeded or failed")
    intent = account.find("payment_intent", request.path_values["id"])
    settled = attempts.settle(account, intent, outcome == "succeeded")
    sessions.follow(account, settled)
    return settled


def _pay_session(account: Account, request: Request) -> Json:
    """One try on the page; a declined card is told by the session's intent, as on the page itself."""
    session = _open_session(account, request)
    try:
        sessions.pay(account, session, str(request.json().get("payment_method", "pm_card_visa")))
    except ApiError as error:
        if not error.keeps_effects:
            raise
    return session


def _process_session(account: Account, request: Request) -> Json:
    session = _open_session(account, request)
    sessions.process(account, session)
    return session


def _lapse_session(account: Account, request: Request) -> Json:
    """Its time is up."""
    return sessions.lapse(account, _open_session(account, request))


def _open_session(account: Account, request: Request) -> Json:
    session = sessions.current(account, request.path_values["id"])
    if session["status"] != "open":
        raise Refused(409, f"the session is {session['status']}")
    return session


def _lapse(account: Account, request: Request) -> Json:
    return captures.lapse(account, account.find("payment_intent", request.path_values["id"]))


def _fail_refund(account: Account, request: Request) -> Json:
    reason = str(request.json().get("failure_reason", "expired_or_canceled_card"))
    return refunds.fail(account, request.path_values["id"], reason)


def _pay_out(account: Account, request: Request) -> Json:
    wish = request.json()
    currency, status = str(wish.get("currency", "mxn")).lower(), str(wish.get("status", "paid"))
    return payouts.pay_out(account, currency, status, automatic=wish.get("automatic", True) is not False)


def _fail_payout(account: Account, request: Request) -> Json:
    code = str(request.json().get("failure_code", "could_not_process"))
    return payouts.fail(account, request.path_values["id"], code)
