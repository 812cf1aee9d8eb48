"""What only the world outside the API does: customers, disputes, reviews, refunds that bounce, outages."""

from local.peers.database import Database, Json
from local.peers.outside import Outside
from local.peers.paypal import disputes, orders, payments, reporting
from local.peers.paypal.account import PEER, Account
from local.peers.paypal.api import PayPalApi
from local.peers.web import Refused, Request, Router


def add_routes(router: Router, api: PayPalApi, database: Database) -> None:
    outside = Outside(PEER, router, api, database)
    outside.add("GET", "/orders", _count)
    outside.add("POST", "/orders/{id}/pending", _pending)
    outside.add("POST", "/orders/{id}/forget", _forget)
    outside.add("POST", "/captures/{id}/settle", _settle)
    outside.add("POST", "/refunds/{id}/fail", lambda a, r: payments.fail_refund(a, _id(r)))
    outside.add("POST", "/disputes", _open_dispute)
    outside.add("POST", "/disputes/{id}/close", _close_dispute)
    outside.add("POST", "/withdrawals", lambda a, r: reporting.withdraw(a, r.json()))
    outside.add("POST", "/withdrawals/{id}/return", lambda a, r: reporting.bring_back(a, _id(r)))
    outside.add_trouble(path="/v2/")


def _count(account: Account, request: Request) -> Json:
    """All orders, newest first."""
    return {"items": [orders.shown(account, order) for order in account.records.newest_first("order")]}


def _pending(account: Account, request: Request) -> Json:
    """The next capture of this order will be reviewed first."""
    order = orders.find(account, _id(request)) | {"_pending": True}
    account.save("order", order)
    return orders.shown(account, order)


def _forget(account: Account, request: Request) -> Json:
    """As if three hours had passed."""
    order = orders.find(account, _id(request))
    account.save("order", order | {"_born": order["_born"] - orders.FORGOTTEN_SECONDS - 1})
    return {}


def _settle(account: Account, request: Request) -> Json:
    outcome = request.json().get("outcome", "completed")
    if outcome not in ("completed", "declined"):
        raise Refused(400, "outcome is completed or declined")
    return payments.settle(account, _id(request), good=outcome == "completed")


def _open_dispute(account: Account, request: Request) -> Json:
    wish = request.json()
    reason = str(wish.get("reason", "UNAUTHORISED"))
    return disputes.open_dispute(account, str(wish.get("capture")), wish.get("amount"), reason)


def _close_dispute(account: Account, request: Request) -> Json:
    outcome = str(request.json().get("outcome", "RESOLVED_BUYER_FAVOUR"))
    return disputes.close(account, _id(request), outcome)


def _id(request: Request) -> str:
    return request.path_values["id"]
