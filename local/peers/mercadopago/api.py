"""Answers Mercado Pago's API: the token, idempotency keys, one transaction for each call, its errors."""

import hmac
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from local.peers.database import Database, Json
from local.peers.mercadopago import page, payments, preferences, refunds, reports
from local.peers.mercadopago.account import COLLECTOR, Account
from local.peers.mercadopago.amounts import shown
from local.peers.mercadopago.errors import ApiError, invalid
from local.peers.mercadopago.idempotency import Keys, fingerprint
from local.peers.trouble import Troubles, wait
from local.peers.web import Refused, Reply, Request

type Call = Callable[[Account, dict[str, str], Json, str], Any]

PAGE = "/checkout/v1/redirect"
REPORTS = "/v1/account/release_report"
FILE = re.compile(rf"{REPORTS}/([^/]+\.csv)")
SEARCHES: dict[str, Callable[[Account, dict[str, str]], Json]] = {
    "/checkout/preferences/search": preferences.search,
    "/v1/payments/search": payments.search,
    "/v1/chargebacks/search": refunds.chargebacks,
}
CALLS: list[tuple[str, str, int, Call]] = [
    ("POST", "/checkout/preferences", 201, lambda account, _, body, __: preferences.create(account, body)),
    ("GET", "/checkout/preferences/([^/]+)", 200, lambda a, _, __, key: a.find("preference", key)),
    ("PUT", "/checkout/preferences/([^/]+)", 200, lambda a, _, body, key: preferences.update(a, body, key)),
    ("GET", "/merchant_orders/([^/]+)", 200, lambda a, _, __, key: a.find("merchant_order", key)),
    ("POST", "/v1/payments", 201, lambda account, _, body, __: payments.create(account, body)),
    ("GET", "/v1/payments/([^/]+)", 200, lambda a, _, __, key: a.find("payment", key)),
    ("PUT", "/v1/payments/([^/]+)", 200, lambda a, _, body, key: payments.update(a, body, key)),
    ("GET", "/v1/payments/([^/]+)/refunds", 200, lambda a, _, __, key: refunds.of(a, key)),
    ("POST", "/v1/payments/([^/]+)/refunds", 201, lambda a, _, body, key: refunds.create(a, body, key)),
    ("GET", "/users/me", 200, lambda *_: {"id": COLLECTOR, "site_id": "MLM", "country_id": "MX"}),
    ("GET", f"{REPORTS}/config", 200, lambda a, *_: a.find("report_config", "config")),
    ("POST", f"{REPORTS}/config", 201, lambda a, _, body, __: reports.configure(a, body)),
    ("GET", f"{REPORTS}/list", 200, lambda a, *_: reports.listed(a)),
    ("POST", REPORTS, 202, lambda a, _, body, __: reports.ask(a, body)),
    ("GET", "/v1/chargebacks/([^/]+)", 200, lambda a, _, __, key: a.find("chargeback", key)),
]
NEEDS_KEY = re.compile(r"/v1/payments(/[^/]+/refunds)?")  # else 400, since 2023-11
TAKES_KEY = re.compile(r"/v1/payments.*")


class MercadoPagoApi:
    def __init__(self, database: Database, account: Callable[[], Account], access_token: str) -> None:
        self.troubles = Troubles()
        self.moment = account
        self._database = database
        self._keys = Keys(database)
        self._access_token = access_token

    def serve(self, request: Request) -> Reply:
        try:
            if request.path == PAGE:
                with self._database.transaction():
                    at = self.moment()
                    return page.decide(at, request) if request.method == "POST" else page.show(at, request)
            return self._serve_api(request)
        except ApiError as error:
            return _told(error.status, json.dumps(error.body()).encode())

    def _serve_api(self, request: Request) -> Reply:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(token.encode(), self._access_token.encode()):
            raise ApiError(401, "invalid access token")
        trouble = self.troubles.take(request)
        wait(trouble)
        if trouble and trouble.status:
            raise ApiError(trouble.status, "in trouble, as was asked for")
        with self._database.transaction():
            reply = self._once(request)
        return replace(reply, cut=bool(trouble and trouble.lost_answer))

    def _once(self, request: Request) -> Reply:
        key = request.headers.get("x-idempotency-key")
        if request.method == "POST" and NEEDS_KEY.fullmatch(request.path) and key is None:
            raise invalid("Header X-Idempotency-Key can't be null", 4292)
        if key is None or request.method == "GET" or not TAKES_KEY.fullmatch(request.path):
            return _told(*self._run(request))
        asked = fingerprint(request.method, request.path, request.body)
        if saved := self._keys.saved(key, asked):
            return _told(*saved)
        status, body = self._run(request)
        self._keys.save(key, asked, status, body)
        return _told(status, body)

    def _run(self, request: Request) -> tuple[int, bytes]:
        if request.method == "GET" and (file := FILE.fullmatch(request.path)):
            return 200, reports.download(self.moment(), unquote(file[1])).encode()
        query = dict(parse_qsl(request.query))
        if request.method == "GET" and request.path in SEARCHES:
            return 200, _json(SEARCHES[request.path](self.moment(), query))
        for method, pattern, status, call in CALLS:
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                key = unquote(match[1]) if match.groups() else ""
                return status, _json(call(self.moment(), query, _body(request), key))
        raise ApiError(404, f"nothing is served at {request.method} {request.path}")


def _body(request: Request) -> Json:
    try:
        return request.json()
    except Refused as error:
        raise invalid(str(error)) from error


def _json(thing: Any) -> bytes:
    return json.dumps(shown(thing), ensure_ascii=False).encode()


def _told(status: int, body: bytes) -> Reply:
    return Reply(status, body, {"Content-Type": "application/json; charset=utf-8"})
