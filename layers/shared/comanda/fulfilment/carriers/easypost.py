"""EasyPost, a broker of many carriers: rates, labels and vans through one account."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from comanda.fulfilment.carriers.easypost_api import BoughtBefore, EasyPostApi
from comanda.fulfilment.carriers.easypost_parts import address, customs, parcel
from comanda.fulfilment.carriers.names import EASYPOST, carrier_code
from comanda.fulfilment.carriers.port import (
    CannotTell,
    Format,
    Label,
    LabelFile,
    LabelRequest,
    Pickup,
    PickupRequest,
    Rate,
    RateRequest,
    Refused,
    Unavailable,
    Voiding,
)
from comanda.money import exponent

BEGINNINGS: dict[bytes, Format] = {b"%PDF": "pdf", b"^XA": "zpl", b"\x89PNG": "png"}
LARGEST_FILE = 5_000_000


class EasyPost:
    """A shipment of EasyPost is one parcel: making it costs nothing, its postage can be bought once. So its
    id is the handle of a purchase, and asking for it tells whether it was bought."""

    code = EASYPOST

    def __init__(self, secrets: Callable[[], Mapping[str, Any]], api_base: Callable[[], str]) -> None:
        self.api = EasyPostApi(secrets, api_base)

    def rates(self, wanted: RateRequest) -> tuple[Rate, ...]:
        parts = {
            "to_address": address(wanted.recipient),
            "from_address": address(wanted.sender),
            "parcel": parcel(wanted.box),
            **customs(wanted.sender, wanted.recipient, wanted.goods),
        }
        shipment = self.api.asked(lambda client: client.shipment.create(**parts))
        return tuple(_rate(one) for one in shipment.get("rates") or ())

    def prepare(self, wanted: LabelRequest) -> str:
        parts = {
            "reference": wanted.reference,
            "to_address": address(wanted.recipient),
            "from_address": address(wanted.sender),
            "parcel": parcel(wanted.box),
            "options": {"label_format": wanted.format.upper(), "print_custom_1": wanted.printed},
            **customs(wanted.sender, wanted.recipient, wanted.goods),
        }
        return str(self.api.asked(lambda client: client.shipment.create(**parts))["id"])

    def buy(self, wanted: LabelRequest, prepared: str) -> Label:
        shipment = self.api.asked(lambda client: client.shipment.retrieve(prepared))
        if bought := _label(shipment):
            return bought
        rate = _chosen(shipment, wanted.carrier, wanted.service)
        try:
            shipment = self.api.told(lambda client: client.shipment.buy(prepared, rate={"id": rate}))
        except BoughtBefore:
            shipment = self._sold(prepared)
        bought = _label(shipment)
        if bought is None:
            raise CannotTell("EasyPost answered without a label")
        return bought

    def _sold(self, prepared: str) -> dict[str, Any]:
        """A shipment that is known to be bought: not seeing it now is no sign that nothing was."""
        try:
            return self.api.asked(lambda client: client.shipment.retrieve(prepared))
        except (Unavailable, Refused) as failure:
            raise CannotTell(failure.reason) from failure

    def find(self, reference: str, prepared: str) -> Label | None:
        shipment = self.api.found(lambda client: client.shipment.retrieve(prepared or reference))
        return _label(shipment) if shipment else None

    def file(self, ref: str, tracking_number: str, wanted: Format) -> LabelFile:
        name, kind = f"label_{wanted}_url", wanted.upper()
        shipment = self.api.asked(lambda client: client.shipment.retrieve(ref))
        label = shipment.get("postage_label") or {}
        if not label.get(name) and wanted != "png":
            shipment = self.api.asked(lambda client: client.shipment.label(ref, file_format=kind))
            label = shipment.get("postage_label") or {}
        url = str(label.get(name) or label.get("label_url") or "")
        if not url:
            raise Refused("EasyPost has no file of this label")
        return _fetched(url, self.api.api_base())

    def void(self, ref: str, tracking_number: str) -> Voiding:
        shipment = self.api.asked(lambda client: client.shipment.retrieve(ref))
        if shipment.get("refund_status") not in ("submitted", "refunded"):
            shipment = self.api.told(lambda client: client.shipment.refund(ref))
        status = shipment.get("refund_status")
        if status not in ("submitted", "refunded"):
            raise Refused(f"the carrier does not take the label back ({status})")
        return "voided" if status == "refunded" else "submitted"

    def request_pickup(self, wanted: PickupRequest) -> Pickup:
        ids = [{"id": ref} for ref in wanted.labels]
        if not ids:
            raise Refused("EasyPost fetches what it sold the labels of: there is none")
        what: dict[str, Any] = {"shipment": ids[0]}
        if len(ids) > 1:
            what = {"batch": {"id": self.api.asked(lambda client: client.batch.create(shipments=ids))["id"]}}
        pickup = self.api.asked(
            lambda client: client.pickup.create(
                reference=wanted.reference,
                address=address(wanted.place),
                min_datetime=f"{wanted.day}T{wanted.ready_from}:00{wanted.offset}",
                max_datetime=f"{wanted.day}T{wanted.ready_until}:00{wanted.offset}",
                instructions=wanted.note,
                is_account_address=False,
                **what,
            )
        )
        rates = [one for one in pickup.get("pickup_rates") or () if _of(one, wanted.carrier)]
        if not rates:
            raise Refused("no van of this carrier can be had for that day")
        rate = min(rates, key=lambda one: Decimal(str(one["rate"])))
        chosen = {"carrier": rate["carrier"], "service": rate["service"]}
        bought = self.api.told(lambda client: client.pickup.buy(pickup["id"], **chosen))
        amount = minor(str(rate["rate"]), str(rate["currency"]))
        return Pickup(str(bought["id"]), str(bought.get("confirmation") or ""), amount, str(rate["currency"]))


def minor(text: str, currency: str) -> int:
    """`5.49` in minor units of its currency, half a unit up."""
    scaled = Decimal(text).scaleb(exponent(currency))
    return int(scaled.to_integral_value(ROUND_HALF_UP))


def _rate(one: dict[str, Any]) -> Rate:
    currency = str(one["currency"])
    days = one.get("delivery_days") or one.get("est_delivery_days")
    return Rate(
        account=EASYPOST,
        carrier=carrier_code(str(one["carrier"])),
        service=str(one["service"]),
        amount=minor(str(one["rate"]), currency),
        currency=currency,
        title=_title(str(one["carrier"]), str(one["service"])),
        days=int(days) if days else None,
        arrives_on=_day(one.get("delivery_date")),
    )


def _title(carrier: str, service: str) -> str:
    """EasyPost has names for machines only: `FEDEX_GROUND`, `NextDayAir`."""
    words = service.replace("_", " ")
    return f"{carrier} {words.title() if words.isupper() else words}"


def _of(one: dict[str, Any], carrier: str) -> bool:
    return carrier_code(str(one["carrier"])) == carrier


def _chosen(shipment: dict[str, Any], carrier: str, service: str) -> str:
    """The cheapest rate of this service. Raises Refused when it is not offered for this parcel."""
    rates = [one for one in shipment.get("rates") or () if _of(one, carrier) and one["service"] == service]
    if not rates:
        said = "; ".join(str(one.get("message")) for one in shipment.get("messages") or ())
        raise Refused(f"{carrier} does not offer {service} for this parcel{': ' if said else ''}{said}")
    return str(min(rates, key=lambda one: Decimal(str(one["rate"])))["id"])


def _label(shipment: dict[str, Any]) -> Label | None:
    """The label of a shipment whose postage was bought."""
    rate, tracker = shipment.get("selected_rate"), shipment.get("tracker") or {}
    if not (shipment.get("postage_label") and rate and shipment.get("tracking_code")):
        return None
    void = {"submitted": "submitted", "refunded": "voided", "rejected": "refused"}
    return Label(
        ref=str(shipment["id"]),
        carrier=carrier_code(str(rate["carrier"])),
        service=str(rate["service"]),
        tracking_number=str(shipment["tracking_code"]),
        amount=minor(str(rate["rate"]), str(rate["currency"])),
        currency=str(rate["currency"]),
        tracking_url=str(tracker.get("public_url") or ""),
        arrives_on=_day(rate.get("delivery_date")),
        void=void.get(str(shipment.get("refund_status")), ""),  # type: ignore[arg-type]
    )


def _day(text: Any) -> str:
    try:
        return date.fromisoformat(str(text)[:10]).isoformat()
    except ValueError:
        return ""


def _fetched(url: str, api_base: str) -> LabelFile:
    """The file behind an address that EasyPost named; over a plain connection only where its API is."""
    import urllib3

    if not url.startswith(("https://", api_base)):
        raise Refused("the label's address is no safe one")
    try:
        answer = urllib3.request("GET", url, timeout=15, retries=2, preload_content=False)
        content = answer.read(LARGEST_FILE + 1)
    except urllib3.exceptions.HTTPError as error:
        raise Unavailable("the label's file cannot be fetched now") from error
    form = next((form for start, form in BEGINNINGS.items() if content.lstrip().startswith(start)), None)
    if answer.status != 200 or form is None or len(content) > LARGEST_FILE:
        raise Unavailable(f"the label's file cannot be fetched now ({answer.status})")
    return LabelFile(content, form)
