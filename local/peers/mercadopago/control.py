"""What only the world outside the API does: vouchers paid, reviews ended, refunds bounced, chargebacks."""

from urllib.parse import parse_qs

from local.peers.database import Database, Json
from local.peers.mercadopago import payments, preferences, refunds, reports
from local.peers.mercadopago.account import PEER, Account
from local.peers.mercadopago.amounts import shown
from local.peers.mercadopago.api import MercadoPagoApi
from local.peers.mercadopago.page import offered
from local.peers.outside import Outside
from local.peers.web import Refused, Request, Router


def add_routes(router: Router, api: MercadoPagoApi, database: Database) -> None:
    outside = Outside(PEER, router, api, database, shown)
    outside.add("POST", "/preferences/{id}/{outcome}", _attempt)
    outside.add("POST", "/payments/{id}/settle", _settle)
    outside.add("POST", "/payments/{id}/expire", _expire)
    outside.add("POST", "/payments/{id}/refund", _refund)
    outside.add("POST", "/payments/{id}/chargeback", _charge_back)
    outside.add("POST", "/chargebacks/{id}/close", _close)
    outside.add("POST", "/refunds/{id}/decide", _decide)
    outside.add("POST", "/payouts", lambda a, r: reports.pay_out(a, r.json()))
    outside.add("POST", "/payouts/{id}/return", lambda a, r: reports.bring_back(a, r.path_values["id"]))
    outside.add_trouble()
    outside.add("GET", "/checkout", _find)


def _attempt(account: Account, request: Request) -> Json:
    """What a button of the checkout page does."""
    preference = account.find("preference", request.path_values["id"])
    outcome = request.path_values["outcome"]
    if outcome not in offered(preference):
        raise Refused(404, f"one of {', '.join(offered(preference))}")
    if not preferences.is_open(account, preference):
        raise Refused(409, "the preference has expired")
    return payments.attempt(account, preference, outcome)


def _settle(account: Account, request: Request) -> Json:
    return payments.settle(account, request.path_values["id"], _good(request))


def _expire(account: Account, request: Request) -> Json:
    return payments.expire(account, request.path_values["id"])


def _refund(account: Account, request: Request) -> Json:
    """By the merchant, in Mercado Pago's own pages; `status` in_process takes its time."""
    wish = request.json()
    status = str(wish.pop("status", "approved"))
    if status not in refunds.GONE:
        raise Refused(400, f"status is one of {', '.join(refunds.GONE)}")
    return refunds.create(account, wish, request.path_values["id"], status)


def _charge_back(account: Account, request: Request) -> Json:
    return refunds.charge_back(account, request.path_values["id"])


def _close(account: Account, request: Request) -> Json:
    return refunds.close_chargeback(account, request.path_values["id"], str(request.json().get("status")))


def _decide(account: Account, request: Request) -> Json:
    return refunds.decide(account, request.path_values["id"], _good(request))


def _find(account: Account, request: Request) -> Json:
    """The payments of a reference, for people and tests."""
    query = {name: values[0] for name, values in parse_qs(request.query).items()}
    return payments.search(account, query)


def _good(request: Request) -> bool:
    outcome = request.json().get("outcome", "approved")
    if outcome not in ("approved", "rejected"):
        raise Refused(400, "outcome is approved or rejected")
    return bool(outcome == "approved")
