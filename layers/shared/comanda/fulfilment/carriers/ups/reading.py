"""What UPS answers, in our words. Pure."""

import base64
import binascii
import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from html import unescape
from typing import Any

from comanda.fulfilment.carriers.port import Format, Label, LabelFile, Rate
from comanda.fulfilment.carriers.rest import inside, tables
from comanda.fulfilment.carriers.tracker import Scanned, TrackingReport
from comanda.money import exponent

UPS = "ups"
MOST_SCANS = 200
# Codes of services as UPS's Rating API lists them.
SERVICES = {
    "01": "UPS Next Day Air",
    "02": "UPS 2nd Day Air",
    "03": "UPS Ground",
    "07": "UPS Worldwide Express",
    "08": "UPS Worldwide Expedited",
    "11": "UPS Standard",
    "12": "UPS 3 Day Select",
    "13": "UPS Next Day Air Saver",
    "14": "UPS Next Day Air Early",
    "54": "UPS Worldwide Express Plus",
    "59": "UPS 2nd Day Air A.M.",
    "65": "UPS Worldwide Saver",
}
# The type of an activity → our word. A void, and what is not told, says nothing of its whereabouts.
STATUSES = {
    "M": "pre_transit",
    "MV": "",
    "P": "in_transit",
    "I": "in_transit",
    "W": "in_transit",
    "DO": "in_transit",
    "DD": "in_transit",
    "O": "out_for_delivery",
    "X": "exception",
    "RS": "returned_to_sender",
    "D": "delivered",
}
ON_THE_VAN = ("OT", "OF")  # codes of an activity in transit whose parcel is out for delivery
VOIDED_BEFORE = re.compile(r"\balready\s+(been\s+)?voided\b", re.IGNORECASE)
FORMATS: dict[str, Format] = {"PDF": "pdf", "ZPL": "zpl", "PNG": "png"}


def rates(answer: dict[str, Any]) -> tuple[Rate, ...]:
    """Every service with a price that can be read; the account's own price where it has one."""
    found = [_rate(one) for one in tables(inside(answer, "RateResponse", "RatedShipment"))]
    return tuple(rate for rate in found if rate)


def _rate(told: dict[str, Any]) -> Rate | None:
    charge = inside(told, "NegotiatedRateCharges", "TotalCharge") or told.get("TotalCharges")
    price = _money(charge)
    service = _text(inside(told, "Service", "Code"))
    if price is None or not service:
        return None
    summary = inside(told, "TimeInTransit", "ServiceSummary") or {}
    arrival = inside(summary, "EstimatedArrival") or {}
    days = _text(arrival.get("BusinessDaysInTransit")) or _text(
        inside(told, "GuaranteedDelivery", "BusinessDaysInTransit")
    )
    title = SERVICES.get(service) or _text(inside(summary, "Service", "Description")) or f"UPS {service}"
    return Rate(
        UPS,
        UPS,
        service,
        price[0],
        price[1],
        title,
        int(days) if days.isdecimal() else None,
        _day(inside(arrival, "Arrival", "Date")),
    )


def bought(answer: dict[str, Any], service: str, wanted: Format) -> Label | None:
    """The label of a shipment that was made; None for an answer without one."""
    results = inside(answer, "ShipmentResponse", "ShipmentResults") or {}
    ref = _text(results.get("ShipmentIdentificationNumber"))
    packages = tables(results.get("PackageResults"))
    number = _text(packages[0].get("TrackingNumber")) if packages else ""
    if not ref or not number:
        return None
    charges = inside(results, "NegotiatedRateCharges", "TotalCharge") or inside(
        results, "ShipmentCharges", "TotalCharges"
    )
    amount, currency = _money(charges) or (0, "")
    file = _image(packages[0].get("ShippingLabel"))
    kept = file if file and file.format == wanted else None
    return Label(ref, UPS, service, number, amount, currency, file=kept)


def recovered(answer: dict[str, Any]) -> Label | None:
    """A label that was made before. UPS does not tell again what it cost: no amount, and no currency."""
    told = inside(answer, "LabelRecoveryResponse") or {}
    labels = tables(told.get("LabelResults"))
    number = _text(labels[0].get("TrackingNumber")) if labels else ""
    ref = _text(told.get("ShipmentIdentificationNumber")) or number
    if not number:
        return None
    return Label(ref, UPS, "", number, 0, "", file=_image(labels[0].get("LabelImage")))


def voided(answer: dict[str, Any]) -> bool:
    """Whether the shipment is void now, or was before."""
    status = inside(answer, "VoidShipmentResponse", "SummaryResult", "Status", "Code")
    return unescape(_text(status)).strip() == "1"  # it may come as `&#xD;1`


def voided_before(reason: str) -> bool:
    """Whether it refuses to void because the label is void: the answer to the first request was lost."""
    return VOIDED_BEFORE.search(reason) is not None


def pickup(answer: dict[str, Any]) -> str:
    """The number under which the van will come."""
    return _text(inside(answer, "PickupCreationResponse", "PRN"))


def tracked(answer: dict[str, Any], number: str) -> TrackingReport | None:
    """The scans of one parcel, oldest first; None when UPS has none of this number."""
    shipments = tables(inside(answer, "trackResponse", "shipment"))
    packages = [package for one in shipments for package in tables(one.get("package"))]
    if not packages:
        return None
    own = next((one for one in packages if _text(one.get("trackingNumber")) == number), packages[0])
    found = [_scanned(one) for one in tables(own.get("activity"))[:MOST_SCANS]]
    scans = sorted((scan for scan in found if scan), key=lambda scan: datetime.fromisoformat(scan.at))
    days = {_text(one.get("type")): _day(one.get("date")) for one in tables(own.get("deliveryDate"))}
    expected = days.get("RDD") or days.get("SDD") or ""
    told_at = scans[-1].at if scans else ""
    return TrackingReport(UPS, number, tuple(scans), told_at=told_at, expected_on=expected)


def reason(told: dict[str, Any]) -> str:
    """Why UPS says no: its code and its words."""
    errors = tables(inside(told, "response", "errors"))
    first = errors[0] if errors else {}
    return " ".join(filter(None, (_text(first.get("code")), _text(first.get("message")))))


def _scanned(told: dict[str, Any]) -> Scanned | None:
    at = _moment(told)
    status = told.get("status") if isinstance(told.get("status"), dict) else {}
    kind, code = _text(inside(status, "type")), _text(inside(status, "code"))
    word = "out_for_delivery" if kind == "I" and code in ON_THE_VAN else STATUSES.get(kind, "")
    if not at:
        return None
    address = inside(told, "location", "address") or {}
    parts = (_text(address.get(name)) for name in ("city", "stateProvince", "countryCode"))
    place = ", ".join(part for part in parts if part)
    return Scanned(word, at, _text(inside(status, "description")), place, code or kind)


def _moment(told: dict[str, Any]) -> str:
    """When it was there, with its offset; without one in UTC as far as UPS tells that."""
    offset = _text(told.get("gmtOffset"))
    day, hour = _text(told.get("date")), _text(told.get("time"))
    if not offset and told.get("gmtDate"):
        day, hour = _text(told.get("gmtDate")), _text(told.get("gmtTime"))
    try:
        hour = hour.replace(":", "").zfill(6)
        return datetime.fromisoformat(f"{day}T{hour}{offset or '+00:00'}").isoformat()
    except ValueError:
        return ""


def _image(told: Any) -> LabelFile | None:
    code = _text(inside(told, "LabelImageFormat", "Code") or inside(told, "ImageFormat", "Code")).upper()
    try:
        content = base64.b64decode(_text(inside(told, "GraphicImage")), validate=True)
    except binascii.Error:
        return None
    return LabelFile(content, FORMATS[code]) if content and code in FORMATS else None


def _money(told: Any) -> tuple[int, str] | None:
    currency = _text(inside(told, "CurrencyCode"))
    try:
        value = Decimal(_text(inside(told, "MonetaryValue")))
    except InvalidOperation:
        return None
    if not currency or not value.is_finite() or value < 0:
        return None
    whole = (value * 10 ** exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP)
    return int(whole), currency


def _day(value: Any) -> str:
    text = _text(value)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdecimal() else ""


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
