"""The table of calls: method, path, what it does."""

import re
from collections.abc import Callable

from local.peers.database import Json
from local.peers.stripe import captures, disputes, intents, listing, refunds, session_making, sessions
from local.peers.stripe.account import Account
from local.peers.stripe.errors import ApiError
from local.peers.stripe.params import Params

type Call = Callable[[Account, Params], Json]
type CallOn = Callable[[Account, Params, str], Json]


def retrieving(kind: str, param: str = "id") -> CallOn:
    def retrieve(account: Account, params: Params, key: str) -> Json:
        params.only("expand")
        return account.find(kind, key, param)

    return retrieve


def retrieve_event(account: Account, params: Params, key: str) -> Json:
    params.only("expand")
    return listing.with_pending(account, account.find("event", key))


ON_LISTS: dict[tuple[str, str], Call] = {
    ("POST", "/v1/payment_intents"): intents.create,
    ("GET", "/v1/payment_intents"): listing.intents,
    ("POST", "/v1/checkout/sessions"): session_making.create,
    ("GET", "/v1/checkout/sessions"): listing.sessions_made,
    ("GET", "/v1/charges"): listing.charges,
    ("POST", "/v1/refunds"): refunds.create,
    ("GET", "/v1/refunds"): listing.refunds,
    ("GET", "/v1/disputes"): listing.disputes,
    ("GET", "/v1/balance_transactions"): listing.balance_transactions,
    ("GET", "/v1/payouts"): listing.payouts_made,
    ("GET", "/v1/events"): listing.events,
}
ON_OBJECTS: dict[tuple[str, str], CallOn] = {
    ("GET", "/v1/payment_intents/*"): intents.retrieve,
    ("POST", "/v1/payment_intents/*"): intents.update,
    ("POST", "/v1/payment_intents/*/confirm"): intents.confirm,
    ("POST", "/v1/payment_intents/*/capture"): sessions.capture,
    ("POST", "/v1/payment_intents/*/cancel"): captures.cancel,
    ("GET", "/v1/checkout/sessions/*"): sessions.retrieve,
    ("POST", "/v1/checkout/sessions/*"): sessions.update,
    ("POST", "/v1/checkout/sessions/*/expire"): sessions.expire,
    ("GET", "/v1/charges/*"): retrieving("charge", "charge"),
    ("GET", "/v1/refunds/*"): retrieving("refund", "refund"),
    ("POST", "/v1/refunds/*"): refunds.update,
    ("GET", "/v1/disputes/*"): retrieving("dispute", "dispute"),
    ("POST", "/v1/disputes/*/close"): disputes.accept,
    ("GET", "/v1/balance_transactions/*"): retrieving("balance_transaction"),
    ("GET", "/v1/payouts/*"): retrieving("payout", "payout"),
    ("GET", "/v1/payment_methods/*"): retrieving("payment_method", "payment_method"),
    ("GET", "/v1/events/*"): retrieve_event,
}
OBJECT_PATH = re.compile(r"(/v1/(?:checkout/)?[a-z_]+/)([^/]+)(/[a-z]+)?")


def call(account: Account, method: str, path: str, params: Params) -> Json:
    if listed := ON_LISTS.get((method, path)):
        return listed(account, params)
    if match := OBJECT_PATH.fullmatch(path):
        found = ON_OBJECTS.get((method, f"{match[1]}*{match[3] or ''}"))
        if found is not None:
            return found(account, params, match[2])
    raise ApiError(404, f"Unrecognized request URL ({method}: {path}).")
