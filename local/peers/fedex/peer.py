"""FedEx with a memory: tokens, the scans of each number, and the webhooks that tell of them."""

import base64
import hashlib
import hmac
import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from local.peers.database import Json
from local.peers.memory import Memory, of_this_run
from local.peers.web import Refused, Reply, Request, Router, json_reply

PEER = "fedex"
EVENT_TYPE = "track"
MOST_NUMBERS = 30
LAST_ASKED = 1000


def headers(body: bytes, secret: str, now: int) -> dict[str, str]:
    """FedEx signs the raw body alone; there is no time in it, and no id of the delivery."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {"Content-Type": "application/json", "fdx-signature": base64.b64encode(digest).decode()}


@dataclass
class FedEx:
    """`tell` sends a webhook: a name for the log and its body."""

    client_id: str
    client_secret: str
    tell: Callable[[str, bytes], Any] | None = None
    parcels: Memory = field(default_factory=of_this_run)
    asked: deque[list[str]] = field(default_factory=lambda: deque(maxlen=LAST_ASKED))
    refused: int = 0  # how many of the next questions are too many
    _tokens: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> Reply:
        router = Router()
        router.add("POST", "/oauth/token", self._token)
        router.add("POST", "/track/v1/trackingnumbers", self._track)
        return router(request)

    def add_routes(self, router: Router) -> None:
        router.add("POST", "/fedex/scans", self._serve_scan)

    def scan(self, number: str, code: str, at: str, *, tell: bool = True) -> Json:
        """One more scan at `at` (with its offset); the webhook tells all that are known of the number."""
        scan = {"date": at, "eventType": code, "derivedStatusCode": code, "eventDescription": code}
        before = self.parcels[number]["scans"] if number in self.parcels else []
        self.parcels[number] = {"scans": [*before, scan]}
        report = {"trackResults": [self._result(number)]}
        if tell and self.tell:
            self.tell(f"fdx_{secrets.token_hex(8)}", json.dumps(report, separators=(",", ":")).encode())
        return report

    def _serve_scan(self, request: Request) -> Reply:
        """`{tracking_number, code, at?, tell?}`, the code in FedEx's words (PU, IT, OD, DL …)."""
        wish = request.json()
        for name in ("tracking_number", "code"):
            if not wish.get(name):
                raise Refused(400, f"missing: {name}")
        number, code = str(wish["tracking_number"]), str(wish["code"])
        at = str(wish.get("at") or datetime.now(UTC).isoformat(timespec="seconds"))
        return json_reply(201, self.scan(number, code, at, tell=bool(wish.get("tell", True))))

    def _result(self, number: str) -> Json:
        scans = sorted(self.parcels[number]["scans"], key=lambda one: str(one["date"]), reverse=True)
        return {
            "trackingNumberInfo": {"trackingNumber": number, "carrierCode": "FDXE"},
            "latestStatusDetail": {"code": scans[0]["eventType"], "derivedCode": scans[0]["eventType"]},
            "scanEvents": scans,
        }

    def _token(self, request: Request) -> Reply:
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        wanted = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        if form != wanted:
            return _no(401, "NOT.AUTHORIZED.ERROR")
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return json_reply(200, {"access_token": token, "token_type": "bearer", "expires_in": 3599})

    def _track(self, request: Request) -> Reply:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _no(401, "NOT.AUTHORIZED.ERROR")
        if self.refused:
            self.refused -= 1
            return _no(429, "TOO.MANY.REQUESTS")
        told = request.json()["trackingInfo"]
        numbers = [str(one["trackingNumberInfo"]["trackingNumber"]) for one in told]
        if not 0 < len(numbers) <= MOST_NUMBERS:
            return _no(400, "TRACKING.TRACKINGNUMBER.LIMIT")
        self.asked.append(numbers)
        whole = [{"trackingNumber": one, "trackResults": [self._found(one)]} for one in numbers]
        return json_reply(200, {"output": {"completeTrackResults": whole}})

    def _found(self, number: str) -> Json:
        if number in self.parcels:
            return self._result(number)
        error = {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "Tracking number cannot be found."}
        return {"trackingNumberInfo": {"trackingNumber": number}, "error": error}


def _no(status: int, code: str) -> Reply:
    return json_reply(status, {"errors": [{"code": code, "message": code}]})
