"""What delivery costs a customer: every way to the address, with carriers' prices where the shop wants them.

A carrier that does not answer in time costs nobody an order: the zone's own price stands in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from comanda.errors import Busy
from comanda.fulfilment.carriers.port import Box, Contact, Rate, RateRequest
from comanda.links.keys import Keys
from comanda.money import Money, fraction_of
from comanda.orders.model import Carriage, Offer
from comanda.orders.zones import Parcel, destination, free, offered
from comanda.runtime.observe import logger
from comanda.settings.sections import (
    CarrierRates,
    Carriers,
    Delivery,
    OfferedService,
    Sender,
    Shipping,
    Shop,
    Zone,
)
from comanda.storefront.delivery_offers import signed
from comanda.times import later, stamp

NEEDED = ("shop", "shipping", "carriers", "stock")
LIGHTEST = 1  # gram: of goods whose weight nobody knows


class Offers(Protocol):
    """What accounts offer, and which of them could not be asked."""

    @property
    def rates(self) -> Sequence[Rate]: ...

    @property
    def failed(self) -> Mapping[str, str]: ...


class Asking(Protocol):
    """Where carriers are asked. Raises Busy when nobody answers in time."""

    def rates(self, accounts: Sequence[str], wanted: RateRequest) -> Offers: ...


@dataclass(frozen=True, slots=True)
class Prices:
    """What pricing needs of the outside; `switched_on` gives the codes of the accounts that may be asked."""

    carriers: Callable[[], Asking]
    switched_on: Callable[[], Iterable[str]]
    keys: Callable[[], Keys]
    now: Callable[[], datetime]


def delivery_prices(
    address: Mapping[str, Any], parcel: Parcel, found: Mapping[str, Any], locale: str, at: Prices
) -> list[dict[str, Any]]:
    """Every way to this address with its price; `found` holds the sections shop, shipping, carriers, stock.

    A way with carriers' prices is listed once for each service, cheapest first, each with the `quote` that
    placing takes. Where no carrier answers it is listed once, at the price of its zone and without a quote.
    """
    shop: Shop = found["shop"]
    shipping: Shipping = found["shipping"]
    ways = offered(dict(address), shipping, parcel)
    wanted = {one.account for way, _, _ in ways for one in way.rates.services}
    rates = _asked(wanted, _request(address, parcel, found), at) if wanted else {}
    told: list[dict[str, Any]] = []
    for way, zone, price in ways:
        offers = _offers(way, zone, address, parcel, rates, shop, locale, at) if zone else []
        told += offers or [_plain(way, price, shop, locale)]
    return told


def _plain(way: Delivery, price: int, shop: Shop, locale: str) -> dict[str, Any]:
    return {
        "delivery": way.code,
        "title": way.title.of(locale) or way.code,
        "carrier": way.carrier,
        "service": None,
        "price": Money(price, shop.currency).to_dict(),
        "arrives_on": None,
        "quote": None,
        "expires_at": None,
        "slots": list(way.slots),
        "slot_required": way.slot_required,
    }


def _offers(
    way: Delivery,
    zone: Zone,
    address: Mapping[str, Any],
    parcel: Parcel,
    rates: Mapping[str, Iterable[Rate]],
    shop: Shop,
    locale: str,
    at: Prices,
) -> list[dict[str, Any]]:
    until = later(stamp(at.now()), way.rates.offered_seconds)
    to = destination(dict(address))
    carriages = [_carriage(way, *one, locale) for one in _chosen(way.rates, rates, shop.currency)]
    told = []
    for carriage in sorted(carriages, key=lambda one: (one.amount, one.arrives_on or "9")):
        due = 0 if free(zone, parcel) else carriage.amount
        shown = {"name": carriage.title, "code": carriage.service}
        offer = {
            "carrier": carriage.carrier,
            "service": shown,
            "arrives_on": carriage.arrives_on or None,
            "quote": signed(Offer(carriage, to, parcel.grams), until, at.keys()),
            "expires_at": until,
        }
        told.append(_plain(way, due, shop, locale) | offer)
    return told


def _carriage(way: Delivery, rate: Rate, service: OfferedService, locale: str) -> Carriage:
    """The service as the customer would have it, at the shop's price."""
    amount = rate.amount + fraction_of(rate.amount, way.rates.markup_ppm) + way.rates.markup
    title = service.title.of(locale) or rate.title or rate.service
    return Carriage(
        way.code, rate.account, rate.carrier, rate.service, title, amount, rate.amount, rate.arrives_on
    )


def _chosen(
    wanted: CarrierRates, rates: Mapping[str, Iterable[Rate]], currency: str
) -> list[tuple[Rate, OfferedService]]:
    """The shop's services that a carrier offers, each once and by the first line that names it. A price in
    another currency is left out: nobody here knows what it is worth."""
    found: list[tuple[Rate, OfferedService]] = []
    seen: set[tuple[str, str, str]] = set()
    for service in wanted.services:
        for rate in rates.get(service.account, ()):
            name = (rate.account, rate.carrier, rate.service)
            if rate.currency == currency and name not in seen and service.means(rate.carrier, rate.service):
                seen.add(name)
                found.append((rate, service))
    return found


def _request(address: Mapping[str, Any], parcel: Parcel, found: Mapping[str, Any]) -> RateRequest | None:
    """What carriers are asked; None while the shop has not said where it sends from."""
    carriers: Carriers = found["carriers"]
    sender = carriers.senders.get(found["stock"].default_location) or carriers.senders.get("")
    if sender is None:
        return None
    box = carriers.box
    weight = max(parcel.grams + box.weight_grams, LIGHTEST)
    return RateRequest(
        _contact(sender),
        _recipient(address),
        Box(weight, box.length_mm, box.width_mm, box.height_mm),
        currency=found["shop"].currency,
    )


def _contact(sender: Sender) -> Contact:
    told = sender.model_dump()
    return Contact(**{name: told[name] for name in Contact.__slots__ if name in told})


def _recipient(address: Mapping[str, Any]) -> Contact:
    """Prices need no name; the customer has not been asked for one yet."""
    told = {name: str(address.get(name) or "") for name in ("line1", "line2", "city", "state", "postal_code")}
    return Contact(name="Cliente", country=str(address.get("country") or "").upper(), **told)


def _asked(accounts: Iterable[str], request: RateRequest | None, at: Prices) -> dict[str, list[Rate]]:
    """The rates of each account that answers in time. Nobody's silence is an error here."""
    known = sorted(set(accounts) & set(at.switched_on()))
    if request is None or not known:
        return {}
    try:
        offers = at.carriers().rates(known, request)
    except Busy:
        logger.warning("carriers give no prices", extra={"accounts": known})
        return {}
    if offers.failed:
        logger.warning("a carrier gives no prices", extra={"accounts": sorted(offers.failed)})
    found: dict[str, list[Rate]] = {}
    for rate in offers.rates:
        found.setdefault(rate.account, []).append(rate)
    return found
