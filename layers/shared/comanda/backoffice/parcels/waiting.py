"""Parcels that have their label and wait for their carrier, by account, carrier and place.

Orders are found by the list's index of changes: that a label is wanted is one, what its carrier answers moves
no order. Each is then read as it is now. What lies beyond the hundred orders changed last is not looked for.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from comanda.backoffice.listing.list_orders import page_of
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import read_query
from comanda.fulfilment.carriers.vans import REFUSED, Van
from comanda.fulfilment.labels.request import sending_place
from comanda.orders.model import Order, Shipment, ShippingLabel
from comanda.orders.model.shipping_label import BOUGHT
from comanda.orders.shipping_labels import goes_on_parcel, left_with
from comanda.settings.sections import Carriers

MOST = 100  # orders that are read
HERE_STILL = ("shipped", "pre_transit")  # what no carrier has had in its hands
MAY_WAIT = ["unfulfilled", "backorder", "picking", "partially_shipped", "shipped", "partially_delivered"]

type Group = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order with parcels for one van: those that none comes for yet. `van_day`: the first day on which
    vans come for all of them, which are counted then; empty: there is one that none comes for."""

    order_id: str
    number: str
    parcels: int
    grams: int
    van_day: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one van can fetch. `location` names whose sender address it comes to."""

    account: str
    carrier: str
    location: str
    orders: tuple[WaitingOrder, ...]

    @property
    def parcels(self) -> int:
        """Those that no van comes for yet."""
        return sum(one.parcels for one in self.orders if not one.van_day)


def awaits_carrier(label: ShippingLabel, shipments: Sequence[Shipment]) -> bool:
    """Whether a parcel has it, or is to have it, and no carrier has scanned that."""
    if not goes_on_parcel(label, shipments):
        return False
    parcel = left_with(label, shipments)
    return parcel is None or parcel.status in HERE_STILL


def vans_coming(vans: Sequence[Van], today: str) -> dict[tuple[str, str], str]:
    """The day of each order's label that a van may come for: from `today` on (a day of the shop), and not
    refused."""
    return {pair: van.day for van in vans if van.state != REFUSED and van.day >= today for pair in van.labels}


def left_to_ask(
    order_id: str, labels: Sequence[ShippingLabel], coming: Mapping[tuple[str, str], str]
) -> list[ShippingLabel]:
    """Those of an order's waiting labels that no van comes for; where one comes for each, all of them: who
    names that order all the same wants another van."""
    return [one for one in labels if (order_id, one.label_id) not in coming] or list(labels)


def parcels_waiting(
    at: OrderList, settings: Carriers, codes: Sequence[str], vans: Sequence[Van], now: datetime, today: str
) -> tuple[list[Waiting], bool]:
    """The groups, the fullest first, and whether there are orders that were not looked at. `vans` come from
    `today` on (a day of the shop) unless they were refused."""
    coming = vans_coming(vans, today)
    orders, more = _orders(at, now)
    groups: dict[Group, list[WaitingOrder]] = defaultdict(list)
    for order in orders:
        for group, labels in _of(order, at, settings, codes).items():
            groups[group].append(_told(order, labels, coming))
    found = [Waiting(*group, tuple(sorted(own, key=_by_number))) for group, own in groups.items()]
    return sorted(found, key=lambda one: (-one.parcels, one.account, one.carrier, one.location)), more


def _orders(at: OrderList, now: datetime) -> tuple[list[Order], bool]:
    """One page of the list, so that its cost is that of a page however large the shop is."""
    asked = {"lifecycle": ["placed"], "fulfilment": MAY_WAIT, "sort": ["-updated"], "limit": [str(MOST)]}
    found, cursor = page_of(read_query(asked, now, now.tzinfo or UTC), at)
    return [loaded.order for loaded in found if loaded.order.shipping_labels], cursor is not None


def _of(
    order: Order, at: OrderList, settings: Carriers, codes: Sequence[str]
) -> dict[Group, list[ShippingLabel]]:
    """The order's labels that wait, by group; what it has sent is read only where a label was bought."""
    bought = [one for one in order.shipping_labels if one.state == BOUGHT and one.account in codes]
    shipments = at.parcels(order.order_id) if bought else ()
    groups: dict[Group, list[ShippingLabel]] = defaultdict(list)
    for label in bought:
        if awaits_carrier(label, shipments):
            groups[label.account, label.carrier, sending_place(settings, label.location)].append(label)
    return groups


def _told(order: Order, labels: list[ShippingLabel], coming: Mapping[tuple[str, str], str]) -> WaitingOrder:
    free = left_to_ask(order.order_id, labels, coming)
    days = [coming.get((order.order_id, one.label_id), "") for one in free]
    grams = sum(one.weight_grams for one in free)
    return WaitingOrder(order.order_id, order.number, len(free), grams, min(days))


def _by_number(one: WaitingOrder) -> tuple[bool, int, str]:
    return bool(one.van_day), len(one.number), one.number
