"""UPS with a memory: tokens, shipments, voids, scans and vans, as its API answers them.

Where Prism serves `openapi.yaml`, every request is shown to it first, and what it refuses is refused in its
words (header `sl-violations`); the answer itself comes from here, since Prism remembers nothing.
"""

import base64
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from local.peers.database import Json
from local.peers.memory import Memory, of_this_run
from local.peers.ups.prism import held_against
from local.peers.web import Reply, Request, Router, json_reply

PEER = "ups"
DAYS = {"11": 3, "65": 2}
LAST_ASKED = 1000
PRICES = {"11": "142.50", "65": "289.90"}
IMAGES = {"ZPL": b"^XA^FO50,50^FD%s^FS^XZ", "PNG": b"\x89PNG\r\n\x1a\n%s", "PDF": b"%%PDF-1.4\n%s\n%%%%EOF\n"}


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Ups:
    """`lost`: how many of the next purchases are made, but never answered; `broken`: how many requests of any
    kind are not served; `prism` gives Prism's address, or nothing."""

    client_id: str
    client_secret: str
    account: str
    prism: Callable[[], str] = str
    currency: str = "MXN"
    lost: int = 0
    broken: int = 0
    shipments: Memory = field(default_factory=of_this_run)
    today: Callable[[], date] = _today
    seen: deque[Json] = field(default_factory=lambda: deque(maxlen=LAST_ASKED))
    _tokens: set[str] = field(default_factory=set)
    _lock: Any = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Reply:
        self.seen.append({"method": request.method, "path": request.path})
        if request.path != "/security/v1/oauth/token" and not self._known(request):
            return _no(401, "250003", "Invalid Access License number")
        if (prism := self.prism()) and (refused := held_against(prism, request)):
            violations = {"sl-violations": refused.violations}
            return json_reply(refused.status, _errors("10002", "The request is not well formed"), violations)
        if self.broken and request.path.startswith("/api/"):
            self.broken -= 1
            return _no(503, "190001", "The service is unavailable")
        return self._router()(request)

    def _router(self) -> Router:
        router = Router()
        router.add("POST", "/security/v1/oauth/token", self._token)
        router.add("POST", "/api/rating/v2409/Shoptimeintransit", self._rates)
        router.add("POST", "/api/shipments/v2409/ship", self._ship)
        router.add("DELETE", "/api/shipments/v2409/void/cancel/{ref}", self._void)
        router.add("POST", "/api/labels/v1903/recovery", self._recover)
        router.add("GET", "/api/track/v1/details/{number}", self._track)
        router.add("POST", "/api/pickupcreation/v2409/pickup", self._pickup)
        return router

    def revoke(self) -> None:
        """Every token that was given is worth nothing from now on."""
        self._tokens.clear()

    def scan(self, number: str, kind: str, code: str, at: str, offset: str = "-06:00") -> None:
        """A scan at a local time, `20261122T150400`."""
        day, _, hour = at.partition("T")
        place = {"address": {"city": "MEXICO CITY", "countryCode": "MX"}}
        status = {"type": kind, "code": code, "description": f"{kind} {code}"}
        scan = {"date": day, "time": hour, "gmtOffset": offset, "status": status, "location": place}
        with self._lock:
            shipment = self.shipments[number]
            self.shipments[number] = shipment | {"activity": [scan, *shipment["activity"]]}

    def _known(self, request: Request) -> bool:
        return request.headers.get("authorization", "").removeprefix("Bearer ") in self._tokens

    def _token(self, request: Request) -> Reply:
        known = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        form = parse_qs(request.body.decode())
        if request.headers.get("authorization") != f"Basic {known}":
            return _no(401, "10401", "ClientId is Invalid")
        if form.get("grant_type") != ["client_credentials"]:
            return _no(400, "10400", "Invalid grant type")
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return json_reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": "14399"})

    def _rates(self, request: Request) -> Reply:
        shipment = request.json()["RateRequest"]["Shipment"]
        if shipment["ShipTo"]["Address"].get("PostalCode") == "99999":
            return _no(400, "111286", "99999 is not a valid postal code")
        rated = [
            {
                "Service": {"Code": code},
                "TotalCharges": {"CurrencyCode": self.currency, "MonetaryValue": "999.00"},
                "NegotiatedRateCharges": {"TotalCharge": self._money(PRICES[code])},
                "TimeInTransit": {
                    "ServiceSummary": {
                        "EstimatedArrival": {
                            "BusinessDaysInTransit": str(days),
                            "Arrival": {"Date": self._day(days)},
                        }
                    }
                },
            }
            for code, days in DAYS.items()
        ]
        return json_reply(200, {"RateResponse": {"RatedShipment": rated}})

    def _day(self, days: int) -> str:
        return f"{self.today() + timedelta(days):%Y%m%d}"

    def _money(self, value: str) -> Json:
        return {"CurrencyCode": self.currency, "MonetaryValue": value}

    def _ship(self, request: Request) -> Reply:
        asked = request.json()["ShipmentRequest"]
        package = asked["Shipment"]["Package"][0]
        service = asked["Shipment"]["Service"]["Code"]
        image = asked["LabelSpecification"]["LabelImageFormat"]["Code"]
        if service not in PRICES:
            return _no(400, "121210", "The requested service is unavailable between the selected locations")
        with self._lock:
            number = f"1Z{self.account}{len(self.shipments):010d}"
            references = [one["Value"] for one in package.get("ReferenceNumber", [])]
            self.shipments[number] = {"references": references, "voided": False, "activity": []}
            if self.lost:
                self.lost -= 1
                return Reply(0, cut=True)
        label = {"ImageFormat": {"Code": image}, "GraphicImage": _image(image, number)}
        results = {
            "ShipmentCharges": {"TotalCharges": self._money(PRICES[service])},
            "ShipmentIdentificationNumber": number,
            "PackageResults": [{"TrackingNumber": number, "ShippingLabel": label}],
        }
        return json_reply(200, {"ShipmentResponse": {"ShipmentResults": results}})

    def _void(self, request: Request) -> Reply:
        if request.path_values["ref"] not in self.shipments:
            return _no(400, "190102", "No shipment found within the allowed void period")
        shipment = self.shipments[request.path_values["ref"]]
        if shipment["activity"]:
            status = {"Code": "0", "Description": "Not voided"}
        else:
            self.shipments[request.path_values["ref"]] = shipment | {"voided": True}
            status = {"Code": "1", "Description": "Voided"}
        return json_reply(200, {"VoidShipmentResponse": {"SummaryResult": {"Status": status}}})

    def _recover(self, request: Request) -> Reply:
        asked = request.json()["LabelRecoveryRequest"]
        number = asked.get("TrackingNumber") or self._referred(asked)
        if number not in self.shipments:
            return _no(400, "300100", "Tracking number not found")
        code = asked["LabelSpecification"]["LabelImageFormat"]["Code"]
        image = {"LabelImageFormat": {"Code": code}, "GraphicImage": _image(code, number)}
        told = {
            "ShipmentIdentificationNumber": number,
            "LabelResults": [{"TrackingNumber": number, "LabelImage": image}],
        }
        return json_reply(200, {"LabelRecoveryResponse": told})

    def _referred(self, asked: Json) -> str:
        value = asked["ReferenceValues"]["ReferenceNumber"]["Value"]
        sold = self.shipments
        return next((number for number in sold if value in sold[number]["references"]), "")

    def _track(self, request: Request) -> Reply:
        number = request.path_values["number"]
        if number not in self.shipments:
            return _no(404, "TW0001", "Tracking Information Not Found")
        package = {
            "trackingNumber": number,
            "deliveryDate": [{"type": "SDD", "date": self._day(DAYS["11"])}],
            "activity": self.shipments[number]["activity"],
        }
        return json_reply(200, {"trackResponse": {"shipment": [{"package": [package]}]}})

    def _pickup(self, request: Request) -> Reply:
        return json_reply(200, {"PickupCreationResponse": {"PRN": "2929AONCALL"}})


def _image(code: str, number: str) -> str:
    return base64.b64encode(IMAGES[code] % number.encode()).decode()


def _errors(code: str, message: str) -> Json:
    return {"response": {"errors": [{"code": code, "message": message}]}}


def _no(status: int, code: str, message: str) -> Reply:
    return json_reply(status, _errors(code, message))
