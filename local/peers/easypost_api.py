"""Answers EasyPost's API: the key, one transaction for each call, files of labels, and what is done to it."""

import base64
import hmac
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from local.peers.database import Database, Json
from local.peers.easypost import PEER, EasyPost
from local.peers.easypost_shipments import Error, Shipments
from local.peers.label_files import label_file
from local.peers.records import Records
from local.peers.trouble import Troubles, wait
from local.peers.web import Refused, Reply, Request, Router, Server, json_reply

JOURNEY = ("in_transit", "out_for_delivery", "delivered")
VAN = {"object": "PickupRate", "service": "Future-day Pickup", "rate": "4.50", "currency": "USD"}


class EasyPostApi:
    """The server of one account. `scans` tells what happens to its parcels."""

    def __init__(self, database: Database, scans: EasyPost, api_key: str) -> None:
        self.troubles = Troubles()
        self._database = database
        self._records = Records(database, PEER)
        self._scans = scans
        self._key = api_key
        self._server: Server | None = None
        self._routes = Router()
        add = self._routes.add
        add("POST", "/v2/shipments", lambda r: self._told(self._shipments.create(r.json()["shipment"])))
        add("GET", "/v2/shipments", lambda r: json_reply(200, self._shipments.listed()))
        add("GET", "/v2/shipments/{id}", lambda r: json_reply(200, self._shipments.get(r.path_values["id"])))
        add("POST", "/v2/shipments/{id}/buy", self._buy)
        add("POST", "/v2/shipments/{id}/refund", self._refund)
        add("GET", "/v2/shipments/{id}/label", self._convert)
        add("POST", "/v2/batches", lambda r: self._told(self._made("batch", r.json().get("batch") or {})))
        add("POST", "/v2/pickups", lambda r: self._told(self._van(r.json()["pickup"])))
        add("POST", "/v2/pickups/{id}/buy", self._buy_van)

    def serve(self, host: str, port: int) -> Server:
        self._server = Server(host, port, self._answer, PEER)
        return self._server

    def add_controls(self, router: Router) -> None:
        """What the world outside does, and what a test counts."""
        router.add("GET", "/easypost/charges", self._charges)
        router.add("POST", "/easypost/shipments/{id}/drive", self._drive)
        router.add("GET", "/easypost/troubles", lambda _: json_reply(200, {"items": self.troubles.waiting()}))
        router.add("POST", "/easypost/troubles", self._add_trouble)
        router.add("DELETE", "/easypost/troubles", self._clear_troubles)

    @property
    def _shipments(self) -> Shipments:
        return Shipments(self._records, self._server.url if self._server else "")

    def _answer(self, request: Request) -> Reply:
        if request.method == "GET" and request.path.startswith("/labels/"):
            return self._file(request)
        if not self._knows(request.headers.get("authorization", "")):
            error = Error(401, "APIKEY.INACTIVE", "This api key is no longer active.")
            return json_reply(error.status, error.body())
        trouble = self.troubles.take(request)
        wait(trouble)
        if trouble and trouble.status:
            return json_reply(trouble.status, Error(trouble.status, "TROUBLE", "As was asked for.").body())
        try:
            with self._database.transaction():
                reply = self._routes(request)
        except Error as error:
            reply = json_reply(error.status, error.body())
        return replace(reply, cut=bool(trouble and trouble.lost_answer))

    def _knows(self, sent: str) -> bool:
        """As a bearer's key, or as the name of HTTP's basic credentials."""
        kind, _, value = sent.partition(" ")
        if kind == "Basic":
            value = base64.b64decode(value).decode().partition(":")[0]
        return hmac.compare_digest(value.encode(), self._key.encode())

    def _told(self, thing: Json) -> Reply:
        return json_reply(201, thing)

    def _buy(self, request: Request) -> Reply:
        return json_reply(200, self._shipments.buy(request.path_values["id"], request.json()))

    def _refund(self, request: Request) -> Reply:
        return json_reply(200, self._shipments.refund(request.path_values["id"]))

    def _convert(self, request: Request) -> Reply:
        form = parse_qs(request.query).get("file_format", ["PDF"])[0].lower()
        return json_reply(200, self._shipments.convert(request.path_values["id"], form))

    def _made(self, kind: str, wish: Json) -> Json:
        thing = {"id": f"{kind}_{uuid.uuid4().hex}", "object": kind.capitalize(), **wish}
        self._records.put(kind, thing["id"], thing)
        return thing

    def _van(self, wish: Json) -> Json:
        carriers = ("FedEx", "USPS", "DHLExpress")
        rates = [{"id": f"pickuprate_{uuid.uuid4().hex}", "carrier": one, **VAN} for one in carriers]
        return self._made("pickup", wish | {"status": "unknown", "confirmation": None, "pickup_rates": rates})

    def _buy_van(self, request: Request) -> Reply:
        van = self._records.get("pickup", request.path_values["id"])
        if van is None:
            raise Error(404, "NOT_FOUND", "The requested resource could not be found.")
        if van["status"] == "unknown":
            van |= {"status": "scheduled", "confirmation": f"WTC{uuid.uuid4().int % 10**6:06d}"}
            self._records.put("pickup", van["id"], van)
        return json_reply(200, van)

    def _file(self, request: Request) -> Reply:
        name, _, form = request.path.removeprefix("/labels/").partition(".")
        try:
            shipment = self._shipments.get(name)
        except Error as error:
            return json_reply(error.status, error.body())
        content, kind = label_file(shipment, form)
        return Reply(200, content, {"Content-Type": kind})

    def _drive(self, request: Request) -> Reply:
        """Scans on the way to the door, `{to}` the last: in_transit, out_for_delivery or delivered."""
        wish = request.json()
        to = str(wish.get("to", "delivered"))
        if to not in JOURNEY:
            raise Refused(400, f"to is one of {', '.join(JOURNEY)}")
        try:
            shipment = self._shipments.get(request.path_values["id"])
        except Error as error:
            raise Refused(404, "no such shipment") from error
        if not shipment["tracking_code"]:
            raise Refused(409, "its postage was not bought")
        told = []
        for minute, status in enumerate(JOURNEY[: JOURNEY.index(to) + 1]):
            scan = {"tracking_code": shipment["tracking_code"], "status": status}
            scan |= {"carrier": shipment["selected_rate"]["carrier"], "datetime": _moment(wish, minute)}
            told.append(self._scans.scan(scan)["id"])
        with self._database.transaction():
            self._records.put("shipment", shipment["id"], shipment | {"status": to})
        return json_reply(201, {"events": told})

    def _charges(self, request: Request) -> Reply:
        return json_reply(200, {"items": self._shipments.charges()})

    def _add_trouble(self, request: Request) -> Reply:
        self.troubles.add(request.json())
        return json_reply(201, {"items": self.troubles.waiting()})

    def _clear_troubles(self, request: Request) -> Reply:
        self.troubles.clear()
        return Reply(204)


def _moment(wish: Json, minute: int) -> str:
    begun = datetime.fromisoformat(wish["at"]) if wish.get("at") else datetime.now(UTC)
    return (begun + timedelta(minutes=minute)).isoformat()
