"""Answers PayPal's API: tokens, request ids, one transaction for each call, and its errors."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

from local.peers.database import Database, Json
from local.peers.paypal import approval_page, disputes, events, orders, payments, reporting, signature
from local.peers.paypal.account import Account, new_id
from local.peers.paypal.certificates import Chain
from local.peers.paypal.errors import ApiError, invalid
from local.peers.paypal.tokens import Tokens
from local.peers.trouble import Troubles, wait
from local.peers.web import Refused, Reply, Request, Router, json_reply

LONGEST_KEY = 108
KEPT_SECONDS = {"/v2/checkout/": 6 * 3600, "/v2/payments/": 45 * 24 * 3600}

type Act = Callable[[Account, Request], tuple[int, Json | None]]


class PayPalApi:
    """`moment` answers the account as of now."""

    def __init__(
        self, database: Database, moment: Callable[[], Account], tokens: Tokens, chain: Chain
    ) -> None:
        self.moment = moment
        self.troubles = Troubles()
        self._database = database
        self._tokens = tokens
        self._chain = chain
        self._pages, self._routes = Router(), Router()
        self._add_pages()
        self._add_routes()

    @property
    def cert_url(self) -> str:
        return f"{self.moment().url}{signature.CERT_PATH}"

    def serve(self, request: Request) -> Reply:
        trouble = self.troubles.take(request)
        wait(trouble)
        try:
            if trouble and trouble.status:
                raise ApiError(trouble.status, "IN_TROUBLE", "In trouble, as was asked for.")
            with self._database.transaction():
                reply = self._answer(request)
        except ApiError as error:
            reply = json_reply(error.status, error.body(new_id().lower()[:13]))
        return replace(reply, cut=bool(trouble and trouble.lost_answer))

    def _answer(self, request: Request) -> Reply:
        try:
            return self._pages(request)
        except Refused as refusal:
            if refusal.status != 404:
                raise
        account = self.moment()
        self._tokens.check(account, request)
        key = request.headers.get("paypal-request-id", "") if request.method == "POST" else ""
        if len(key) > LONGEST_KEY:
            raise invalid("INVALID_STRING_LENGTH", "A PayPal-Request-Id has at most 108 characters.")
        return self._once(account, request, key)

    def _once(self, account: Account, request: Request, key: str) -> Reply:
        """Runs the call, or repeats the answer that its key has already had."""
        place = f"{request.path} {key}"
        kept = next((time for path, time in KEPT_SECONDS.items() if request.path.startswith(path)), 0)
        saved = account.records.get("request", place) if key else None
        if saved and account.moment - saved["at"] < kept:
            return json_reply(200, json.loads(saved["body"]))
        reply = self._routes(request)
        if key and reply.status < 300:
            account.records.put("request", place, {"at": account.moment, "body": reply.body.decode()})
        return reply

    def _add_pages(self) -> None:
        """What needs no token: that for people, and the certificate."""
        pages = self._pages
        pages.add("POST", "/v1/oauth2/token", lambda request: self._tokens.grant(self.moment(), request))
        pages.add("GET", "/checkoutnow", lambda request: approval_page.show(self.moment(), request))
        pages.add("POST", "/checkoutnow", lambda request: approval_page.decide(self.moment(), request))
        pem = {"Content-Type": "application/x-pem-file"}
        pages.add("GET", signature.CERT_PATH, lambda request: Reply(200, self._chain.leaf, pem))

    def _add_routes(self) -> None:
        checkout, paid = "/v2/checkout/orders", "/v2/payments"
        self._add("POST", checkout, lambda a, r: (201, orders.create(a, _wish(r))))
        self._add("GET", f"{checkout}/{{id}}", lambda a, r: (200, orders.shown(a, orders.find(a, _id(r)))))
        self._add("PATCH", f"{checkout}/{{id}}", _patch)
        self._add("POST", f"{checkout}/{{id}}/capture", lambda a, r: (201, orders.capture(a, _id(r))))
        self._add("POST", f"{checkout}/{{id}}/authorize", lambda a, r: (201, orders.authorize(a, _id(r))))
        for kind in ("authorization", "capture", "refund"):
            self._add("GET", f"{paid}/{kind}s/{{id}}", _reader(kind))
        held = f"{paid}/authorizations/{{id}}"
        self._add("POST", f"{held}/capture", _capture_authorized)
        self._add("POST", f"{held}/void", lambda a, r: (200, payments.void(a, _id(r))))
        refund = f"{paid}/captures/{{id}}/refund"
        self._add("POST", refund, lambda a, r: (201, payments.refund(a, _id(r), _wish(r))))
        self._add("GET", "/v1/customer/disputes", lambda a, r: (200, disputes.listed(a, *_filters(r))))
        self._add("GET", "/v1/customer/disputes/{id}", lambda a, r: (200, disputes.read(a, _id(r))))
        self._add("GET", "/v1/notifications/webhooks-events", lambda a, r: (200, events.listed(a, r.query)))
        self._add("GET", "/v1/reporting/transactions", lambda a, r: (200, reporting.listed(a, r.query)))
        self._add("POST", "/v1/notifications/verify-webhook-signature", self._verify)

    def _add(self, method: str, pattern: str, act: Act) -> None:
        def handler(request: Request) -> Reply:
            status, told = act(self.moment(), request)
            return Reply(status) if told is None else json_reply(status, told)

        self._routes.add(method, pattern, handler)

    def _verify(self, account: Account, request: Request) -> tuple[int, Json]:
        """The event is checked byte for byte as it stands in the request."""
        wish = _wish(request)
        _, found, event = request.body.partition(b'"webhook_event":')
        event = event.strip().removesuffix(b"}").strip() if found else b""
        genuine = signature.is_genuine(self._chain, self.cert_url, wish, event)
        return 200, {"verification_status": "SUCCESS" if genuine else "FAILURE"}


def _patch(account: Account, request: Request) -> tuple[int, None]:
    orders.patch(account, _id(request), _json(request))
    return 204, None


def _capture_authorized(account: Account, request: Request) -> tuple[int, Json]:
    return 201, payments.capture_authorized(account, _id(request), _wish(request))


def _reader(kind: str) -> Act:
    return lambda account, request: (200, payments.shown(account.find(kind, _id(request))))


def _id(request: Request) -> str:
    return request.path_values["id"]


def _filters(request: Request) -> tuple[str, str]:
    wish = parse_qs(request.query)
    return wish.get("disputed_transaction_id", [""])[0], wish.get("start_time", [""])[0]


def _json(request: Request) -> object:
    try:
        return json.loads(request.body or b"{}")
    except ValueError as error:
        raise invalid("MALFORMED_REQUEST_JSON", "The request JSON is not well formed.") from error


def _wish(request: Request) -> Json:
    wish = _json(request)
    if not isinstance(wish, dict):
        raise invalid("MALFORMED_REQUEST_JSON", "The request JSON is not an object.")
    return wish
