"""What only the world outside the API does: disputes, slow methods settling, refunds bouncing, outages."""

from collections.abc import Callable

from local.peers.database import Database, Json
from local.peers.stripe import attempts, disputes, refunds
from local.peers.stripe.account import Account
from local.peers.stripe.api import StripeApi
from local.peers.stripe.errors import ApiError
from local.peers.web import Refused, Reply, Request, Router, json_reply

type Act = Callable[[Account, Request], Json]


def add_routes(router: Router, api: StripeApi, database: Database) -> None:
    def serve(act: Act) -> Callable[[Request], Reply]:
        def handler(request: Request) -> Reply:
            try:
                with database.transaction():
                    return json_reply(200, act(api.moment(), request))
            except ApiError as error:
                raise Refused(error.status, str(error)) from error

        return handler

    router.add("POST", "/stripe/disputes", serve(_open_dispute))
    router.add("POST", "/stripe/disputes/{id}/close", serve(_close_dispute))
    router.add("POST", "/stripe/payment_intents/{id}/processing", serve(_process))
    router.add("POST", "/stripe/payment_intents/{id}/settle", serve(_settle))
    router.add("POST", "/stripe/refunds/{id}/fail", serve(_fail_refund))
    router.add("POST", "/stripe/trouble", lambda request: _add_trouble(api, request))
    router.add("GET", "/stripe/trouble", lambda request: json_reply(200, {"items": api.troubles.waiting()}))
    router.add("DELETE", "/stripe/trouble", lambda request: _clear_trouble(api))


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
    return attempts.settle(account, intent, outcome == "succeeded")


def _fail_refund(account: Account, request: Request) -> Json:
    reason = str(request.json().get("failure_reason", "expired_or_canceled_card"))
    return refunds.fail(account, request.path_values["id"], reason)


def _add_trouble(api: StripeApi, request: Request) -> Reply:
    api.troubles.add(request.json())
    return json_reply(201, {"items": api.troubles.waiting()})


def _clear_trouble(api: StripeApi) -> Reply:
    api.troubles.clear()
    return Reply(204)
