"""What only the world outside the API does: customers, disputes, reviews, refunds that bounce, outages."""

from collections.abc import Callable

from local.peers.database import Database, Json
from local.peers.paypal import disputes, orders, payments
from local.peers.paypal.account import Account
from local.peers.paypal.api import PayPalApi
from local.peers.paypal.errors import ApiError
from local.peers.web import Refused, Reply, Request, Router, json_reply

type Act = Callable[[Account, Request], Json]


def add_routes(router: Router, api: PayPalApi, database: Database) -> None:
    def serve(act: Act) -> Callable[[Request], Reply]:
        def handler(request: Request) -> Reply:
            try:
                with database.transaction():
                    return json_reply(200, act(api.moment(), request))
            except ApiError as error:
                raise Refused(error.status, str(error)) from error

        return handler

    router.add("GET", "/paypal/orders", serve(_count))
    router.add("POST", "/paypal/orders/{id}/pending", serve(_pending))
    router.add("POST", "/paypal/orders/{id}/forget", serve(_forget))
    router.add("POST", "/paypal/captures/{id}/settle", serve(_settle))
    router.add("POST", "/paypal/refunds/{id}/fail", serve(lambda a, r: payments.fail_refund(a, _id(r))))
    router.add("POST", "/paypal/disputes", serve(_open_dispute))
    router.add("POST", "/paypal/disputes/{id}/close", serve(_close_dispute))
    router.add("POST", "/paypal/trouble", lambda request: _add_trouble(api, request))
    router.add("DELETE", "/paypal/trouble", lambda request: _clear_trouble(api))


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


def _add_trouble(api: PayPalApi, request: Request) -> Reply:
    api.troubles.add({"path": "/v2/"} | request.json())
    return json_reply(201, {"items": api.troubles.waiting()})


def _clear_trouble(api: PayPalApi) -> Reply:
    api.troubles.clear()
    return Reply(204)


def _id(request: Request) -> str:
    return request.path_values["id"]
