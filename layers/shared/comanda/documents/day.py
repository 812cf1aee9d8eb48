"""Which parcels of an order left the shop on a day, with which carrier, from which place. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from comanda.fulfilment.carriers.names import carrier_code
from comanda.orders.delivery_units import home
from comanda.orders.model import Order, Shipment
from comanda.times import moment, shop_day


@dataclass(frozen=True, slots=True)
class Leaving:
    """`day` (2026-11-21) is one of the shop's time zone; empty, carrier and place may be any. What has no
    place of its own leaves from `usual`."""

    day: str
    time_zone: str
    carrier: str = ""
    location: str = ""
    usual: str = ""

    def of(self, order: Order, parcels: Iterable[Shipment]) -> tuple[Shipment, ...]:
        """Those of the order's parcels that are meant."""
        return tuple(parcel for parcel in parcels if self._meant(order, parcel))

    def _meant(self, order: Order, parcel: Shipment) -> bool:
        if shop_day(moment(parcel.shipped_at), self.time_zone) != self.day:
            return False
        if self.carrier and carrier_code(parcel.carrier) != carrier_code(self.carrier):
            return False
        return not self.location or self.location in self._places(order, parcel)

    def _places(self, order: Order, parcel: Shipment) -> set[str]:
        """Where it left from; several only where it was packed of what lay in several."""
        own = {delivery.number: delivery.location for delivery in order.deliveries}
        numbers = parcel.deliveries or (own if len(own) == 1 else ())
        found = {own[number] for number in numbers if number in own} or {home(order)}
        return {place or self.usual for place in found}
