"""Mercado Pago's API over HTTP, by the pool that botocore brings along; amounts are read as decimals."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from comanda.errors import ProviderUnavailable
from comanda.payments.provider import ProviderRefused

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

type Json = dict[str, Any]

TIMEOUT = 5.0  # seconds for one request
MOST_BYTES = 20 * 1024 * 1024  # of a report: about 100,000 movements
PASSING = (401, 403, 408, 409, 423, 425, 429)  # a wrong token is the operator's to mend, not the customer's


class Api:
    """`token` answers the access token, read at each call, so that a rotated one is used at once."""

    def __init__(self, token: Callable[[], str], base: Callable[[], str]) -> None:
        self.token = token
        self.base = base
        self._made: PoolManager | None = None

    def get(self, path: str, **query: str) -> Any:
        """What is there, or None. Raises ProviderUnavailable, ProviderRefused."""
        answer = self._send("GET", f"{path}?{urlencode(query)}" if query else path)
        return None if answer.status == 404 else _read(answer)

    def text(self, path: str) -> str:
        """A file. Raises ProviderUnavailable, ProviderRefused."""
        answer = self._send("GET", path)
        if answer.status != 200:
            _read(answer)
        if len(answer.data) > MOST_BYTES:
            raise ProviderUnavailable("Mercado Pago answers with too much")
        return answer.data.decode("utf-8", "replace")

    def post(self, path: str, body: Json, key: str) -> Any:
        """Raises ProviderUnavailable, ProviderRefused."""
        return _read(self._send("POST", path, body, key))

    def put(self, path: str, body: Json, key: str) -> Any:
        """Raises ProviderUnavailable, ProviderRefused."""
        return _read(self._send("PUT", path, body, key))

    def _send(self, method: str, path: str, body: Json | None = None, key: str = "") -> "BaseHTTPResponse":
        from urllib3.exceptions import HTTPError

        token = self.token()
        if not token:
            raise ProviderUnavailable("no access token for Mercado Pago is set")
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if key:
            headers["X-Idempotency-Key"] = fixed(key)
        sent = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            sent = written(body).encode()
        try:
            return self._pool.request(method, self.base() + path, body=sent, headers=headers)
        except HTTPError as error:
            raise ProviderUnavailable("Mercado Pago does not answer (no connection)") from error

    @property
    def _pool(self) -> "PoolManager":
        from urllib3 import PoolManager, Retry

        if self._made is None:
            # A connection that slept with the function is dead on its first use. What begins something is
            # not repeated behind our back: whoever wants it looks first.
            retries = Retry(connect=1, read=1, redirect=0, status=0, allowed_methods=("GET", "PUT"))
            self._made = PoolManager(timeout=TIMEOUT, retries=retries)
        return self._made


def fixed(key: str) -> str:
    """A key of at most 64 characters, the same for the same wish."""
    return sha256(key.encode()).hexdigest()


def written(value: Any) -> str:
    """JSON with decimals as they are, never by way of a binary fraction."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def _read(answer: "BaseHTTPResponse") -> Any:
    if answer.status >= 500 or answer.status in PASSING:
        raise ProviderUnavailable(f"Mercado Pago does not answer as it should ({answer.status})")
    try:
        told = json.loads(answer.data, parse_float=Decimal)
    except ValueError as error:
        raise ProviderUnavailable("Mercado Pago's answer cannot be read") from error
    if answer.status >= 300:
        raise ProviderRefused(_reason(told))
    return told


def _reason(told: Any) -> str:
    """The code of the first cause, or the error's name."""
    told = told if isinstance(told, Mapping) else {}
    causes = told.get("cause")
    first = causes[0] if isinstance(causes, list) and causes else {}
    code = first.get("code") if isinstance(first, Mapping) else None
    return str(code or told.get("error") or "refused")
