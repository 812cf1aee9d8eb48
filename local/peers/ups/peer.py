"""UPS with a memory: tokens, shipments, voids, scans and vans, as its API answers them.

Where Prism serves `openapi.yaml`, every request is shown to it first, and what it refuses is refused in its
words (header `sl-violations`); the answer itself comes from here, since Prism remembers nothing.
"""

import base64
import secrets
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from local.peers.database import Json
from local.peers.web import Reply, Request, Router, json_reply

PEER = "ups"
DAYS = {"11": ("1", "20261125"), "65": ("2", "20261124")}
PRICES = {"11": "142.50", "65": "289.90"}
IMAGES = {"ZPL": b"^XA^FO50,50^FD%s^FS^XZ", "PNG": b"\x89PNG\r\n\x1a\n%s", "PDF": b"%%PDF-1.4\n%s\n%%%%EOF\n"}


@dataclass
class Ups:
    """`lost`: how many of the next purchases are made, but never answered; `broken`: how many requests of any
    kind are not served."""

    client_id: str
    client_secret: str
    account: str
    prism: str = ""
    currency: str = "MXN"
    lost: int = 0
    broken: int = 0
    shipments: dict[str, Json] = field(default_factory=dict)
    seen: list[Json] = field(default_factory=list)
    _tokens: set[str] = field(default_factory=set)
    _lock: Any = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Reply:
        self.seen.append({"method": request.method, "path": request.path})
        if request.path != "/security/v1/oauth/token" and not self._known(request):
            return _no(401, "250003", "Invalid Access License number")
        if self.prism and (refused := self._shown_to_prism(request)):
            return refused
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
        self.shipments[number]["activity"].insert(0, scan)

    def _known(self, request: Request) -> bool:
        return request.headers.get("authorization", "").removeprefix("Bearer ") in self._tokens

    def _shown_to_prism(self, request: Request) -> Reply | None:
        url = f"{self.prism}{request.path}" + (f"?{request.query}" if request.query else "")
        kept = ("content-type", "authorization", "transid", "transactionsrc", "x-merchant-id", "accept")
        headers = {name: value for name, value in request.headers.items() if name in kept}
        asked = urllib.request.Request(url, request.body or None, headers, method=request.method)
        try:
            with urllib.request.urlopen(asked, timeout=10):
                return None
        except urllib.error.HTTPError as refused:
            violations = {"sl-violations": refused.headers.get("sl-violations", "")}
            return json_reply(refused.code, _errors("10002", "The request is not well formed"), violations)

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
                        "EstimatedArrival": {"BusinessDaysInTransit": days, "Arrival": {"Date": day}}
                    }
                },
            }
            for code, (days, day) in DAYS.items()
        ]
        return json_reply(200, {"RateResponse": {"RatedShipment": rated}})

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
        shipment = self.shipments.get(request.path_values["ref"])
        if shipment is None:
            return _no(400, "190102", "No shipment found within the allowed void period")
        if shipment["activity"]:
            status = {"Code": "0", "Description": "Not voided"}
        else:
            shipment["voided"] = True
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
        return next((number for number, one in self.shipments.items() if value in one["references"]), "")

    def _track(self, request: Request) -> Reply:
        number = request.path_values["number"]
        if number not in self.shipments:
            return _no(404, "TW0001", "Tracking Information Not Found")
        package = {
            "trackingNumber": number,
            "deliveryDate": [{"type": "SDD", "date": "20261125"}],
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
