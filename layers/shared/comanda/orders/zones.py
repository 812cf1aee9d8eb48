"""Where a way of delivery is offered, and what it costs there. Money in minor units, weights in grams."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from comanda.errors import Invalid
from comanda.settings.sections import Delivery, PostalRange, Shipping, Zone


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be delivered: its value after discounts, and its weight."""

    value: int = 0
    grams: int = 0


def zone_of(delivery: Delivery, address: dict[str, Any]) -> Zone | None:
    """The first zone that covers the address, None where the shop does not deliver; without an address
    the first zone."""
    if not delivery.needs_address or not address:
        return delivery.zones[0] if delivery.zones else None
    found = next((zone for zone in delivery.zones if covers(zone, address)), None)
    return None if found is None or found.excluded else found


def covers(zone: Zone, address: dict[str, Any]) -> bool:
    """Whether the address lies in the zone: country, state and postal code all fit."""
    country = str(address.get("country") or "").strip().upper()
    if zone.countries and country not in zone.countries:
        return False
    if zone.states and plain(address.get("state")) not in {plain(state) for state in zone.states}:
        return False
    if not zone.postal_prefixes and not zone.postal_ranges:
        return True
    postal = _postal(address.get("postal_code"))
    prefixes = tuple(_postal(prefix) for prefix in zone.postal_prefixes)
    return postal.startswith(prefixes) or any(_within(postal, one) for one in zone.postal_ranges)


def plain(text: Any) -> str:
    """A name as it is compared: without case, accents and dots (Cdmx is CDMX, Mexico is México)."""
    letters = unicodedata.normalize("NFD", str(text or "").strip().casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _postal(text: Any) -> str:
    return "".join(letter for letter in str(text or "").upper() if letter.isalnum())


def _within(postal: str, one: PostalRange) -> bool:
    """A longer code counts by its beginning: 90210-1234 lies in 90000–90999."""
    first, last = _postal(one.first), _postal(one.last)
    return len(postal) >= len(first) and first <= postal[: len(first)] <= last


def destination(address: dict[str, Any]) -> str:
    """Where an address lies as far as the price of delivery goes: country, state and postal code."""
    country = str(address.get("country") or "").strip().upper()
    return f"{country}|{plain(address.get('state'))}|{_postal(address.get('postal_code'))}"


def free(zone: Zone, parcel: Parcel) -> bool:
    """Whether the goods are worth enough to be delivered for nothing."""
    return zone.free_from is not None and parcel.value >= zone.free_from


def cost(zone: Zone, parcel: Parcel) -> int | None:
    """The price in a zone; None when the parcel is too heavy for it, even where it would be free."""
    if zone.weight_bands:
        band = next((one for one in zone.weight_bands if parcel.grams <= one.up_to_grams), None)
        if band is None:
            return None
        price = band.price
    else:
        price = zone.price
    return 0 if free(zone, parcel) else price


def delivery_cost(code: str, address: dict[str, Any], shipping: Shipping, parcel: Parcel) -> int:
    """What this delivery of the parcel costs.

    Raises Invalid, naming the field that stands in the way and, as `deliveries`, the ways that are
    open for this parcel and address.
    """
    delivery = next((one for one in shipping.deliveries if one.code == code), None)
    if delivery is None:
        offered = ", ".join(one.code for one in shipping.deliveries)
        raise _refused("/delivery", f"one of: {offered}", address, shipping, parcel)
    zone = zone_of(delivery, address)
    if zone is None:
        raise _refused(*_nowhere(delivery, address), address, shipping, parcel)
    price = cost(zone, parcel)
    if price is None:
        most = zone.weight_bands[-1].up_to_grams
        why = f"{code} takes at most {most} g to this address, and this is {parcel.grams} g"
        raise _refused("/delivery", why, address, shipping, parcel)
    return price


def offered(
    address: dict[str, Any], shipping: Shipping, parcel: Parcel
) -> list[tuple[Delivery, Zone | None, int]]:
    """The ways to deliver this parcel to this address, each with its zone and price."""
    found: list[tuple[Delivery, Zone | None, int]] = []
    for delivery in shipping.deliveries:
        zone = zone_of(delivery, address)
        price = cost(zone, parcel) if zone else None
        if price is not None:
            found.append((delivery, zone, price))
    return found


def _nowhere(delivery: Delivery, address: dict[str, Any]) -> tuple[str, str]:
    """The field that keeps the delivery away, and why."""
    country = str(address.get("country") or "").strip().upper()
    here = [zone for zone in delivery.zones if not zone.countries or country in zone.countries]
    served = [zone for zone in here if not zone.excluded]
    if not served:
        where = sorted({name for zone in delivery.zones if not zone.excluded for name in zone.countries})
        only = f"; it goes to {', '.join(where)}" if where else ""
        return (
            "/shipping_address/country",
            f"{delivery.code} is not offered in {country or 'no country'}{only}",
        )
    state = plain(address.get("state"))
    if all(zone.states and state not in map(plain, zone.states) for zone in served):
        names = ", ".join(dict.fromkeys(name for zone in served for name in zone.states))
        return "/shipping_address/state", f"{delivery.code} goes to {names}"
    postal = _postal(address.get("postal_code")) or "no postal code"
    return "/shipping_address/postal_code", f"{delivery.code} is not offered at {postal}"


def _refused(
    pointer: str, detail: str, address: dict[str, Any], shipping: Shipping, parcel: Parcel
) -> Invalid:
    open_ways = [delivery.code for delivery, _, _ in offered(address, shipping, parcel)]
    return Invalid(
        "we do not deliver there this way",
        errors=[{"pointer": pointer, "detail": detail}],
        deliveries=open_ways,
    )
