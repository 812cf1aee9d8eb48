"""Requests with JSON to a carrier's REST API under an OAuth token: connections, and what faults mean."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comanda.fulfilment.carriers.port import CannotTell, CarrierError, Refused, Unavailable

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

type Json = dict[str, Any]
type Secrets = Callable[[], Mapping[str, Any]]

CONNECT_SECONDS, READ_SECONDS = 3.0, 20.0
AT_THE_DOOR = (401, 403, 429)  # key, right, too many: refused at the door
OPEN = (408, 409)  # who asked took too long, or another such request is under way: it may have been done
MARGIN = 60  # a token is not used in its last seconds
MOST_BYTES = 8 * 1024 * 1024  # a label of several pages as base64


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """How a carrier gives tokens for client credentials: a form that is posted to `path`."""

    path: str
    form: Mapping[str, str]
    headers: Mapping[str, str]


class Rest:
    """`name` is the carrier's as staff read it; `told` finds the reason in an answer that says no; `clock` is
    in seconds. Secrets and address are asked each time, so that a rotated secret is used at once."""

    def __init__(
        self,
        name: str,
        secrets: Secrets,
        api_base: Callable[[], str],
        token_request: Callable[[Mapping[str, Any]], TokenRequest],
        reason: Callable[[Json], str],
        *,
        read_seconds: float = READ_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.secrets, self.api_base = name, secrets, api_base
        self.token_request, self.reason = token_request, reason
        self.read_seconds, self.clock = read_seconds, clock
        self._connections: PoolManager | None = None
        self._token: tuple[object, str, float] | None = None

    def asked(self, method: str, path: str, body: Json | None = None, **headers: str) -> Json:
        """What changes nothing there. Raises Unavailable, Refused."""
        try:
            return self._called(method, path, body, headers)
        except CannotTell as unknown:
            raise Unavailable(unknown.reason) from unknown

    def told(self, method: str, path: str, body: Json | None = None, **headers: str) -> Json:
        """What does something there. Raises Unavailable and Refused when nothing happened, else CannotTell.

        On a connection of its own: one that slept would leave open whether the request went through.
        """
        self._pool.clear()
        return self._called(method, path, body, headers)

    def _called(self, method: str, path: str, body: Json | None, headers: Mapping[str, str]) -> Json:
        answer = self._authorised(method, path, body, headers)
        if answer.status == 401:  # the token was revoked before its time
            self._token = None
            answer = self._authorised(method, path, body, headers)
        if answer.status in (200, 201):
            return self._read(answer, CannotTell)
        raise self._problem(answer)

    def _authorised(
        self, method: str, path: str, body: Json | None, headers: Mapping[str, str]
    ) -> "BaseHTTPResponse":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Authorization": f"Bearer {self._bearer()}", "Accept": "application/json", **named}
        if body is not None:
            sent["Content-Type"] = "application/json"
        packed = json.dumps(body).encode() if body is not None else None
        return self._send(method, f"{self.api_base().rstrip('/')}{path}", packed, sent, CannotTell)

    def _bearer(self) -> str:
        """An access token, kept until shortly before its end."""
        secret, base = self.secrets(), self.api_base().rstrip("/")
        known = (base, str(secret.get("client_id", "")), str(secret.get("client_secret", "")))
        if not all(known):
            raise Unavailable(f"no client id and secret for {self.name} are set")
        if self._token and self._token[0] == known and self.clock() < self._token[2]:
            return self._token[1]
        from urllib.parse import urlencode

        asked = self.token_request(secret)
        headers = {**asked.headers, "Content-Type": "application/x-www-form-urlencoded"}
        form = urlencode(asked.form).encode()
        answer = self._send("POST", f"{base}{asked.path}", form, headers, Unavailable)
        told = self._read(answer, Unavailable)
        if answer.status != 200 or not isinstance(told.get("access_token"), str):
            raise Unavailable(f"{self.name} gives no access token ({answer.status})")
        until = self.clock() + float(told.get("expires_in") or 0) - MARGIN
        self._token = (known, told["access_token"], until)
        return self._token[1]

    def _send(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        lost: type[CarrierError],
    ) -> "BaseHTTPResponse":
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

        try:
            return self._pool.request(method, url, body=body, headers=headers, redirect=False)
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise Unavailable(f"{self.name} cannot be reached") from error
        except HTTPError as error:
            raise lost(f"{self.name} does not answer") from error

    def _read(self, answer: "BaseHTTPResponse", broken: type[CarrierError]) -> Json:
        """An empty answer is an empty object; what is no JSON is no answer of the carrier's."""
        if len(answer.data) > MOST_BYTES:
            raise broken(f"{self.name} answers with too much")
        try:
            told = json.loads(answer.data or b"{}")
        except ValueError:
            told = None
        if isinstance(told, dict):
            return told
        raise broken(f"{self.name} does not answer as it should ({answer.status})")

    def _problem(self, answer: "BaseHTTPResponse") -> CarrierError:
        """A status that is not the answer. Keys, rights and too many requests are the operator's to mend; one
        that says neither yes nor no leaves open what was done."""
        if answer.status < 300 or answer.status >= 500 or answer.status in OPEN:
            return CannotTell(f"{self.name} does not answer as it should ({answer.status})")
        if answer.status in AT_THE_DOOR:
            return Unavailable(f"{self.name} does not let us ask ({answer.status})")
        try:
            why = self.reason(self._read(answer, Refused))
        except Refused:
            why = ""
        return Refused(f"{self.name} refuses it: {why or answer.status}"[:300])

    @property
    def _pool(self) -> "PoolManager":
        import certifi
        from urllib3 import PoolManager, Timeout

        if self._connections is None:
            timeout = Timeout(connect=CONNECT_SECONDS, read=self.read_seconds)
            self._connections = PoolManager(timeout=timeout, retries=False, ca_certs=certifi.where())
        return self._connections


def tables(value: Any) -> list[Json]:
    """A list of objects, as carriers send it: a single one may come bare."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inside(value: Any, *names: str) -> Any:
    """What lies under these names, one in another; None where one is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
