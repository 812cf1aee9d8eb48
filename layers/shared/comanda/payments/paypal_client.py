"""Requests to PayPal's REST API: the token, idempotency keys, and which faults pass."""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from comanda.errors import ProviderUnavailable
from comanda.payments.provider import ProviderRefused

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

type Json = dict[str, Any]

CONNECT_SECONDS, READ_SECONDS = 3.0, 6.0
MARGIN = 60  # a token is not used in its last seconds
MOST_BYTES = 1024 * 1024
PASSING_STATUS = (401, 409, 429)  # a wrong key is the operator's to mend, not the customer's fault
PASSING_ISSUES = ("PREVIOUS_REQUEST_IN_PROGRESS", "TRANSACTION_TIMEDOUT")


class NotPermitted(ProviderUnavailable):
    """The account's application lacks a right; the operator grants it in PayPal's own pages."""


class PayPalClient:
    """`secret_of` answers client_id and client_secret, `api_base` the address; both are asked each time,
    so that a rotated secret is used at once. `clock` is seconds since the epoch."""

    def __init__(
        self,
        secret_of: Callable[[], Mapping[str, Any]],
        api_base: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.secret_of = secret_of
        self.api_base = api_base
        self.clock = clock
        self._connections: PoolManager | None = None
        self._token: tuple[tuple[str, str, str], str, float] | None = None

    def get(self, path: str) -> Json:
        return self.call("GET", path)

    def post(self, path: str, body: Json, key: str) -> Json:
        """What begins or moves something; under one key PayPal does it once."""
        return self.call("POST", path, json.dumps(body).encode(), key)

    def call(self, method: str, path: str, body: bytes | None = None, key: str = "") -> Json:
        """The answer as JSON. Raises ProviderUnavailable, or ProviderRefused with PayPal's `issue`."""
        answer = self._authorised(method, path, body, key)
        if answer.status == 401:  # the token was revoked before its time
            self._token = None
            answer = self._authorised(method, path, body, key)
        told = _read(answer)
        if answer.status >= 400:
            raise _problem(answer.status, told)
        return told

    def download(self, url: str, most_bytes: int) -> bytes:
        """A small public file. No redirect is followed. Raises ProviderUnavailable."""
        answer = self._send("GET", url, None, {})
        if answer.status != 200 or len(answer.data) > most_bytes:
            raise ProviderUnavailable(f"PayPal does not answer as it should ({answer.status})")
        return answer.data

    def _authorised(self, method: str, path: str, body: bytes | None, key: str) -> "BaseHTTPResponse":
        headers = {
            "Authorization": f"Bearer {self._bearer()}",
            "Content-Type": "application/json",
            "Prefer": "return=representation",
        }
        if key:
            headers["PayPal-Request-Id"] = key
        return self._send(method, f"{self.api_base()}{path}", body, headers)

    def _bearer(self) -> str:
        """An access token, kept until shortly before its end."""
        secret, base = self.secret_of(), self.api_base()
        known = (base, str(secret.get("client_id", "")), str(secret.get("client_secret", "")))
        if not all(known):
            raise ProviderUnavailable("no client id and secret for PayPal are set")
        if self._token and self._token[0] == known and self.clock() < self._token[2]:
            return self._token[1]
        from urllib3.util import make_headers

        headers = make_headers(basic_auth=f"{known[1]}:{known[2]}")
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._send("POST", f"{base}/v1/oauth2/token", b"grant_type=client_credentials", headers)
        told = _read(answer)
        if answer.status != 200 or not isinstance(told.get("access_token"), str):
            raise ProviderUnavailable(f"PayPal gives no access token ({answer.status})")
        until = self.clock() + float(told.get("expires_in", 0)) - MARGIN
        self._token = (known, told["access_token"], until)
        return self._token[1]

    def _send(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> "BaseHTTPResponse":
        """A connection that slept with the function is dead on its first use: once more."""
        from urllib3.exceptions import HTTPError, ProtocolError

        for last in (False, True):
            try:
                return self._pool.request(method, url, body=body, headers=headers, redirect=False)
            except ProtocolError as error:
                if last:
                    raise ProviderUnavailable("PayPal does not answer (connection lost)") from error
            except HTTPError as error:
                raise ProviderUnavailable("PayPal does not answer (no connection)") from error
        raise AssertionError("unreachable")

    @property
    def _pool(self) -> "PoolManager":
        import certifi
        from urllib3 import PoolManager, Timeout

        if self._connections is None:
            timeout = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
            self._connections = PoolManager(timeout=timeout, retries=False, ca_certs=certifi.where())
        return self._connections


def segment(text: str) -> str:
    """An id as one segment of a path."""
    return quote(text, safe="")


def _read(answer: "BaseHTTPResponse") -> Json:
    """An empty answer is an empty object; what is no JSON is no answer of PayPal's."""
    if len(answer.data) > MOST_BYTES:
        raise ProviderUnavailable("PayPal answers with too much")
    try:
        told = json.loads(answer.data or b"{}")
    except ValueError:
        told = None
    if isinstance(told, dict):
        return told
    raise ProviderUnavailable(f"PayPal does not answer as it should ({answer.status})")


def _problem(status: int, told: Json) -> Exception:
    """Passing or final, by the status and the first `issue` of PayPal's error document."""
    details = told.get("details")
    first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
    issue = str(first.get("issue") or told.get("name") or "refused")
    if status == 403:
        return NotPermitted(f"PayPal does not permit this ({issue})")
    if status >= 500 or status in PASSING_STATUS or issue in PASSING_ISSUES:
        return ProviderUnavailable(f"PayPal does not answer as it should ({status} {issue})")
    return ProviderRefused(issue)
