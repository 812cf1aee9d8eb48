"""Shipping labels for the staff: what carriers offer, which account sells, the file of a label."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.errors import Invalid, NotFound, WrongState
from comanda.fulfilment.carriers.asking import CarrierDesk
from comanda.fulfilment.carriers.names import carrier_code
from comanda.fulfilment.carriers.port import Format, LabelFile, Rate
from comanda.fulfilment.labels.files import LabelFiles
from comanda.fulfilment.labels.request import NoAddress, rate_request
from comanda.fulfilment.labels.want import Buying, LabelParcel, parcel_parts
from comanda.orders.desk import Desk
from comanda.orders.guards import check
from comanda.orders.model import ShippingLabel
from comanda.orders.shipping_labels import label_named
from comanda.orders.wire import money
from comanda.settings.sections import Carriers


@dataclass(frozen=True, slots=True)
class Offer:
    """A service for all the parcels together."""

    rate: Rate
    amount: int
    cheapest: bool = False
    fastest: bool = False


@dataclass(frozen=True, slots=True)
class LabelDesk:
    desk: Desk
    carriers: Callable[[], CarrierDesk]
    files: Callable[[], LabelFiles]
    settings: Callable[[], Carriers]
    codes: Callable[[], tuple[str, ...]]

    def offers(self, order_id: str, parcels: Sequence[LabelParcel], delivery: int) -> dict[str, Any]:
        """What each account offers for these parcels together, cheapest first; `failed` names accounts that
        could not be asked. Raises NotFound, WrongState, Invalid, Busy."""
        loaded = self.desk.load(order_id)
        check("buy-label", loaded.order)
        wish = Buying("", "", "", tuple(parcels), delivery)
        found: list[dict[tuple[str, str, str], Rate]] = []
        failed: dict[str, str] = {}
        for parcel, (lines, place) in zip(parcels, parcel_parts(loaded.order, wish), strict=True):
            try:
                wanted = rate_request(loaded, parcel.box, lines, place, self.settings())
            except NoAddress as missing:
                raise _unaddressed(missing.reason) from missing
            answer = self.carriers().rates(self.codes(), wanted)
            failed |= answer.failed
            found.append({(one.account, one.carrier, one.service): one for one in answer.rates})
        return {
            "rates": [_rate(one) for one in compared(found)],
            "failed": [{"account": code, "reason": reason} for code, reason in sorted(failed.items())],
        }

    def account_for(self, account: str | None, carrier: str) -> str:
        """The account that sells: the one that is named, else the carrier's own, else the first. Raises
        Invalid for one that is not switched on, WrongState when none is."""
        codes = self.codes()
        if not codes:
            raise WrongState("no-carrier-account", "no carrier account is switched on: settings, carriers")
        if account and account not in codes:
            raise Invalid.at("/account", f"one of: {', '.join(codes)}")
        own = carrier_code(carrier)
        return account or (own if own in codes else codes[0])

    def file(self, order_id: str, label_id: str) -> tuple[str, LabelFile]:
        """A label's file and its name; fetched from the carrier when it is not kept (any longer). Raises
        NotFound, WrongState (`label-not-bought`, `no-label-file`), Busy."""
        order = self.desk.load(order_id).order
        label = label_named(order, label_id)
        if label is None:
            raise NotFound(f"this order has no label {label_id!r}")
        if not label.ref:
            raise WrongState("label-not-bought", "there is no label to print: it was not bought")
        file = self.files().read(order_id, label_id, self.form(order_id, label))
        return f"{order.number}-{label_id}.{file.format}", file

    def form(self, order_id: str, label: ShippingLabel) -> Format:
        """The form in which a bought label's file is kept, once it is. Raises WrongState (`no-label-file`),
        Busy."""
        found = self.files().form(order_id, label.label_id)
        if found is None:
            of = {"ref": label.ref, "tracking_number": label.tracking_number, "format": label.format}
            self.carriers().keep_file(label.account, order_id, label.label_id, of)
            found = self.files().form(order_id, label.label_id)
        if found is None:
            raise WrongState("no-label-file", "the carrier has no file of this label")
        return found


def compared(found: Sequence[dict[tuple[str, str, str], Rate]]) -> list[Offer]:
    """Services that are offered for every parcel, with their sums; the cheapest of each currency is marked,
    and the fastest of all."""
    if not found:
        return []
    offers = []
    for key, rate in found[0].items():
        others = [one.get(key) for one in found[1:]]
        same = [one for one in others if one is not None and one.currency == rate.currency]
        if len(same) == len(others):
            offers.append(Offer(rate, rate.amount + sum(one.amount for one in same)))
    offers.sort(key=lambda one: (one.rate.currency, one.amount, one.rate.days or 99, one.rate.service))
    least = {one.rate.currency: one.amount for one in reversed(offers)}
    days = min((one.rate.days for one in offers if one.rate.days), default=None)
    return [
        Offer(
            one.rate,
            one.amount,
            cheapest=one.amount == least[one.rate.currency],
            fastest=days is not None and one.rate.days == days,
        )
        for one in offers
    ]


def _unaddressed(reason: str) -> WrongState:
    if reason == "no-sender":
        return WrongState("no-sender", "nobody is set up as the sender for this place: settings, carriers")
    return WrongState("no-address", "the order has no address that a parcel could go to")


def _rate(offer: Offer) -> dict[str, Any]:
    rate = offer.rate
    return {
        "account": rate.account,
        "carrier": rate.carrier,
        "service": rate.service,
        "title": rate.title or rate.service,
        "amount": money(offer.amount, rate.currency),
        "days": rate.days,
        "arrives_on": rate.arrives_on or None,
        "cheapest": offer.cheapest,
        "fastest": offer.fastest,
    }
