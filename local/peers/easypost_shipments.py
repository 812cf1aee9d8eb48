"""EasyPost's shipments: rates by weight, postage bought once, labels given back; every charge is counted."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local.peers.database import Json
from local.peers.records import Records

# Carrier, service, days, dollars, dollars a pound.
SERVICES = (
    ("FedEx", "FEDEX_GROUND", 4, 7.40, 0.55),
    ("USPS", "Priority", 3, 8.10, 0.60),
    ("DHLExpress", "ExpressWorldwide", 1, 21.50, 1.90),
)
NOWHERE = "00000"  # a postal code that nobody delivers to
PLACES = ("to_address", "from_address")


class Error(Exception):
    """An answer of EasyPost's that is a refusal."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def body(self) -> Json:
        return {"error": {"code": self.code, "message": str(self), "errors": []}}


@dataclass(frozen=True, slots=True)
class Shipments:
    records: Records
    url: str  # of this server

    def create(self, wish: Json) -> Json:
        for name in (*PLACES, "parcel"):
            if not wish.get(name):
                raise Error(422, "PARAMETER.REQUIRED", f"Missing required parameter: shipment[{name}]")
        key, now = _id("shp"), _now()
        shipment: Json = {
            "id": key, "object": "Shipment", "mode": "test", "created_at": now, "updated_at": now,
            "reference": wish.get("reference"), "options": wish.get("options") or {}, "messages": [],
            "to_address": _named(wish["to_address"], "Address", "adr"),
            "from_address": _named(wish["from_address"], "Address", "adr"),
            "parcel": _named(wish["parcel"], "Parcel", "prcl"), "customs_info": wish.get("customs_info"),
            "rates": [], "selected_rate": None, "postage_label": None, "tracker": None, "tracking_code": None,
            "refund_status": None, "status": "unknown",
        }  # fmt: skip
        if wish["to_address"].get("zip") == NOWHERE:
            shipment["messages"] = [
                {"carrier": "FedEx", "type": "rate_error", "message": "Destination postal code is not served"}
            ]
        else:
            shipment["rates"] = list(_rates(key, float(wish["parcel"].get("weight") or 0), now))
        self._put(shipment)
        return shipment

    def get(self, key: str) -> Json:
        """By its id, or by the reference that it was made with."""
        found = self.records.get("shipment", key)
        named = self.records.newest_first("shipment", {"reference": key}) if found is None else iter(())
        found = found or next(named, None)
        if found is None:
            raise Error(404, "NOT_FOUND", "The requested resource could not be found.")
        return found

    def listed(self) -> Json:
        return {"shipments": list(self.records.newest_first("shipment")), "has_more": False}

    def buy(self, key: str, wish: Json) -> Json:
        shipment = self.get(key)
        if shipment["postage_label"]:
            raise Error(422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
        rate_id = (wish.get("rate") or {}).get("id")
        rate = next((one for one in shipment["rates"] if one["id"] == rate_id), None)
        if rate is None:
            raise Error(422, "SHIPMENT.INVALID_RATE", "The rate is not one of this shipment's.")
        number = f"EZ{uuid.uuid4().int % 10**12:012d}"
        tracker = {
            "id": _id("trk"), "object": "Tracker", "tracking_code": number, "carrier": rate["carrier"],
            "status": "pre_transit", "shipment_id": shipment["id"],
            "public_url": f"https://track.easypost.com/{number}",
        }  # fmt: skip
        form = str(shipment["options"].get("label_format") or "PNG").lower()
        shipment |= {
            "selected_rate": rate, "tracking_code": number, "tracker": tracker, "status": "pre_transit",
            "updated_at": _now(), "postage_label": self._label(shipment["id"], form),
        }  # fmt: skip
        self._put(shipment)
        charge = {"id": _id("fee"), "shipment_id": shipment["id"], "reference": shipment["reference"]}
        self.records.put("charge", charge["id"], charge | {"amount": rate["rate"], "currency": "USD"})
        return shipment

    def refund(self, key: str) -> Json:
        shipment = self.get(key)
        if not shipment["postage_label"]:
            raise Error(422, "SHIPMENT.REFUND.NO_POSTAGE", "The shipment has no postage to refund.")
        scanned = shipment["status"] not in ("unknown", "pre_transit")
        shipment["refund_status"] = "rejected" if scanned else "submitted"
        self._put(shipment)
        return shipment

    def convert(self, key: str, form: str) -> Json:
        """The label in one more form."""
        shipment = self.get(key)
        if not shipment["postage_label"]:
            raise Error(422, "SHIPMENT.POSTAGE.NONE", "The shipment has no label.")
        shipment["postage_label"] |= {f"label_{form}_url": self._file(shipment["id"], form)}
        self._put(shipment)
        return shipment

    def charges(self) -> list[Json]:
        """Every purchase, with what became of it when it was given back."""
        found = self.records.newest_first("charge")
        return [one | {"refund_status": self.get(one["shipment_id"])["refund_status"]} for one in found]

    def _label(self, key: str, form: str) -> Json:
        own = {f"label_{form}_url": self._file(key, form)} if form in ("pdf", "zpl") else {}
        url = self._file(key, form)
        return {"id": _id("pl"), "object": "PostageLabel", "label_size": "4x6", "label_url": url} | own

    def _file(self, key: str, form: str) -> str:
        return f"{self.url}/labels/{key}.{form}"

    def _put(self, shipment: Json) -> None:
        self.records.put("shipment", shipment["id"], shipment)


def _rates(key: str, ounces: float, now: str) -> Iterator[Json]:
    for carrier, service, days, least, more in SERVICES:
        arrives = datetime.now(UTC) + timedelta(days=days)
        yield {
            "id": _id("rate"), "object": "Rate", "shipment_id": key, "carrier": carrier, "service": service,
            "rate": f"{least + more * ounces / 16:.2f}", "currency": "USD", "delivery_days": days,
            "delivery_date": f"{arrives:%Y-%m-%d}T00:00:00Z", "est_delivery_days": days, "created_at": now,
        }  # fmt: skip


def _named(thing: Json, kind: str, prefix: str) -> Json:
    return {"id": _id(prefix), "object": kind, **thing}


def _id(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex}"


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
