"""Answers Stripe's API: keys, idempotency, one transaction for each call, and its errors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from local.peers.database import Database, Json
from local.peers.stripe import bank_page, checkout_page, intents, routes, session_rules, typed_cards
from local.peers.stripe.account import API_VERSION, Account, random_text
from local.peers.stripe.errors import ApiError, invalid
from local.peers.stripe.expansion import expand
from local.peers.stripe.form import Form, FormError, decode
from local.peers.stripe.idempotency import Keys, Saved, fingerprint
from local.peers.stripe.keys import ApiKeys
from local.peers.stripe.params import Params
from local.peers.trouble import Troubles, wait
from local.peers.web import Refused, Reply, Request, Router

OPEN_TO_BROWSERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Version",
    "Access-Control-Max-Age": "300",
}


@dataclass(frozen=True, slots=True)
class Call:
    request: Request
    request_id: str
    form: Form
    key: str | None
    browser: bool

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.request.method, self.request.path, self.form)


class StripeApi:
    def __init__(self, database: Database, account: Account, keys: ApiKeys) -> None:
        self.troubles = Troubles()
        self._database = database
        self._account = account
        self._api_keys = keys
        self._keys = Keys(database)
        self._pages = Router()
        self._pages.add("GET", "/_3ds/{intent}", lambda request: bank_page.show(self.moment(), request))
        self._pages.add("POST", "/_3ds/{intent}", lambda request: bank_page.decide(self.moment(), request))
        at = f"{session_rules.PAGE}/{{session}}"
        self._pages.add("GET", at, lambda request: checkout_page.show(self.moment(), request))
        self._pages.add("POST", at, lambda request: checkout_page.pay(self.moment(), request))

    def moment(self, request_id: str | None = None, key: str | None = None) -> Account:
        """The account as of now, for the length of one call."""
        account = self._account
        return Account(account.records, account.outbox, account.page_url, request_id, key)

    def serve(self, request: Request) -> Reply:
        if not request.path.startswith("/v1/"):
            return self._page(request)
        request_id = f"req_{random_text(14)}"
        try:
            if request.method == "OPTIONS":
                return _told(204, b"", request, request_id)
            return self._serve_api(request, request_id)
        except ApiError as error:
            again = {"Stripe-Should-Retry": "true"} if error.status == 409 else {}
            return _told(error.status, _json(error.body()), request, request_id, again)

    def _serve_api(self, request: Request, request_id: str) -> Reply:
        try:
            form = decode(request.body.decode() if request.method == "POST" else request.query)
        except (FormError, UnicodeDecodeError) as error:
            raise invalid(str(error)) from error
        browser = self._api_keys.is_browser(request.headers, request.method, request.path, form)
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        trouble = self.troubles.take(request)
        with self._keys.held(key):
            wait(trouble)
            if trouble and trouble.status:
                raise ApiError(trouble.status, "In trouble, as was asked for.", kind="api_error")
            reply = self._once(Call(request, request_id, form, key, browser))
        return replace(reply, cut=bool(trouble and trouble.lost_answer))

    def _once(self, call: Call) -> Reply:
        """Runs the call, or repeats the answer that its idempotency key has already had."""
        try:
            with self._database.transaction():
                if saved := self._keys.saved(call.key, call.fingerprint):
                    replayed = {"Idempotent-Replayed": "true", "Original-Request": saved.request_id}
                    return _told(saved.status, saved.body, call.request, call.request_id, replayed)
                return self._keep(call, *self._run(call))
        except ApiError as error:  # all that the call wrote is undone
            if not error.executed:
                raise
            return self._keep(call, error.status, error.body())

    def _run(self, call: Call) -> tuple[int, Json]:
        account = self.moment(call.request_id, call.key)
        params = Params(typed_cards.as_token(call.form, account.now) if call.browser else call.form)
        try:
            thing = routes.call(account, call.request.method, call.request.path, params)
        except ApiError as error:
            if not error.keeps_effects:
                raise
            if call.browser:
                error.error["payment_intent"] = intents.for_browser(error.error["payment_intent"])
            return error.status, error.body()
        if call.browser:
            return 200, intents.for_browser(thing)
        return 200, expand(account, thing, params.array("expand"))

    def _keep(self, call: Call, status: int, body: Json) -> Reply:
        text = _json(body)
        self._keys.save(call.key, call.fingerprint, Saved(call.request_id, status, text))
        return _told(status, text, call.request, call.request_id)

    def _page(self, request: Request) -> Reply:
        try:
            with self._database.transaction():
                return self._pages(request)
        except ApiError as error:
            raise Refused(error.status, str(error)) from error


def _json(body: Json) -> bytes:
    return json.dumps(body, indent=2, ensure_ascii=False).encode()


def _told(
    status: int, body: bytes, request: Request, request_id: str, more: Mapping[str, str] | None = None
) -> Reply:
    headers = {
        "Content-Type": "application/json",
        "Request-Id": request_id,
        "Stripe-Version": request.headers.get("stripe-version", API_VERSION),
        **OPEN_TO_BROWSERS,
        **(more or {}),
    }
    if key := request.headers.get("idempotency-key"):
        headers["Idempotency-Key"] = key
    return Reply(status, body, headers)
