"""A van for the parcels of orders: asked for once, and settled by a person where nobody knows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.parcels.waiting import awaits_carrier, left_to_ask, vans_coming
from comanda.errors import Busy, Invalid, NotFound, WrongState
from comanda.fulfilment.carriers.asking import CarrierDesk
from comanda.fulfilment.carriers.names import carrier_code
from comanda.fulfilment.carriers.port import Box, CannotTell, PickupRequest, Refused, Unavailable
from comanda.fulfilment.carriers.vans import BOOKED, REFUSED, UNKNOWN, Van, VanBook
from comanda.fulfilment.labels.request import NoAddress, sender, sending_place
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.model import Order, ShippingLabel
from comanda.orders.wire import money
from comanda.settings.sections import Carriers
from comanda.times import moment, shop_day

LATEST = 50  # vans, the latest day first, that are looked at for what comes already


@dataclass(frozen=True, slots=True)
class VanWish:
    """`orders` are ids; all their labels of this account, carrier and place that no carrier has scanned are
    fetched, less those that another van comes for where an order has others."""

    account: str
    carrier: str
    location: str
    day: str
    ready_from: str
    ready_until: str
    orders: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class VanDesk:
    desk: Desk
    book: VanBook
    carriers: Callable[[], CarrierDesk]
    settings: Callable[[], Carriers]
    codes: Callable[[], tuple[str, ...]]
    zone: Callable[[], str]

    def ask(self, van_id: str, wish: VanWish, origin: Origin) -> Van:
        """Ask the carrier for a van, once for each `van_id`: asked again, it answers what came of it.

        Raises Invalid, WrongState (`no-sender`; `van-asked-otherwise` when the id is of another wish).
        """
        wanted = _van(van_id, wish, origin)
        earlier = self.book.find(van_id)
        if earlier is None:
            found = self._labels(wish, shop_day(moment(origin.at), self.zone()))
            van = replace(wanted, labels=tuple((order.order_id, label.label_id) for order, label in found))
            request = self._request(van, [label for _, label in found], origin.at)
            earlier = self.book.begin(van)
            if earlier is None:
                ended = self._answer(van, request)
                self.book.end(ended)
                return ended
        if not earlier.wishes_as(wanted):
            raise WrongState("van-asked-otherwise", "a van was asked for otherwise under this id")
        return earlier.seen(origin.at)

    def settle(self, van_id: str, confirmation: str, *, comes: bool, at: str) -> Van:
        """What a person learned of a van. Raises NotFound, WrongState (`van-not-open`) where all is known."""
        van = self.book.read(van_id).seen(at)
        if van.state != UNKNOWN:
            raise WrongState("van-not-open", f"it is {van.state}: there is nothing to settle")
        told = replace(van, state=BOOKED if comes else REFUSED, confirmation=confirmation, reason="")
        self.book.settle(told)
        return told

    def _answer(self, van: Van, request: PickupRequest) -> Van:
        try:
            came = self.carriers().request_pickup(van.account, request)
        except (Refused, Unavailable) as refused:
            return replace(van, state=REFUSED, reason=refused.reason)
        except CannotTell as unknown:
            return replace(van, state=UNKNOWN, reason=unknown.reason)
        except Busy as lost:
            return replace(van, state=UNKNOWN, reason=lost.detail)
        return replace(
            van,
            state=BOOKED,
            ref=came.ref,
            confirmation=came.confirmation,
            amount=came.amount,
            currency=came.currency,
        )

    def _labels(self, wish: VanWish, today: str) -> list[tuple[Order, ShippingLabel]]:
        if wish.account not in self.codes():
            raise Invalid.at("/account", f"one of: {', '.join(self.codes())}")
        coming = vans_coming(self.book.listed(LATEST)[0], today)
        found = []
        for index, order_id in enumerate(dict.fromkeys(wish.orders)):
            try:
                order = self.desk.load(order_id).order
            except NotFound as missing:
                raise Invalid.at(f"/orders/{index}", missing.detail) from missing
            mine = [label for label in order.shipping_labels if self._fetches(order, label, wish)]
            if not mine:
                told = "this order has no parcel with a label of this account that waits for its carrier"
                raise Invalid.at(f"/orders/{index}", told)
            found += [(order, label) for label in left_to_ask(order_id, mine, coming)]
        return found

    def _fetches(self, order: Order, label: ShippingLabel, wish: VanWish) -> bool:
        place = sending_place(self.settings(), label.location)
        of = (label.account, label.carrier, place)
        wanted = (wish.account, carrier_code(wish.carrier), sending_place(self.settings(), wish.location))
        return of == wanted and awaits_carrier(label, order.shipments)

    def _request(self, van: Van, labels: list[ShippingLabel], at: str) -> PickupRequest:
        if not _is_day(van.day) or van.day < shop_day(moment(at), self.zone()):
            raise Invalid.at("/day", "a day that is still to come, or today")
        if van.ready_from >= van.ready_until:
            raise Invalid.at("/ready_until", "later than the time from which it is ready")
        try:
            place = sender(self.settings(), van.location)
        except NoAddress as missing:
            why = "nobody is set up as the sender for this place: settings, carriers"
            raise WrongState("no-sender", why) from missing
        return PickupRequest(
            reference=van.van_id,
            place=place,
            carrier=van.carrier,
            day=van.day,
            ready_from=van.ready_from,
            ready_until=van.ready_until,
            boxes=tuple(Box(one.weight_grams, one.length_mm, one.width_mm, one.height_mm) for one in labels),
            labels=tuple(one.ref for one in labels),
            note=van.note,
            offset=offset_on(van.day, van.ready_from, self.zone()),
        )


def offset_on(day: str, hour: str, zone: str) -> str:
    """How far a place's clock is from UTC then: `-06:00`."""
    there = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(zone))
    return there.isoformat()[-6:]


def van_answer(van: Van) -> dict[str, Any]:
    return {
        "van_id": van.van_id,
        "state": van.state,
        "reason": van.reason or None,
        "account": van.account,
        "carrier": van.carrier,
        "location": van.location,
        "day": van.day,
        "ready_from": van.ready_from,
        "ready_until": van.ready_until,
        "labels": [{"order_id": order_id, "label_id": label_id} for order_id, label_id in van.labels],
        "note": van.note or None,
        "asked_at": van.asked_at,
        "asked_by": van.asked_by,
        "confirmation": van.confirmation or None,
        "amount": money(van.amount, van.currency) if van.currency else None,
    }


def _van(van_id: str, wish: VanWish, origin: Origin) -> Van:
    """The van as it is wished for, whichever labels its orders have."""
    return Van(
        van_id=van_id,
        account=wish.account,
        carrier=carrier_code(wish.carrier),
        location=wish.location,
        day=wish.day,
        ready_from=wish.ready_from,
        ready_until=wish.ready_until,
        labels=tuple((order_id, "") for order_id in wish.orders),
        note=wish.note,
        asked_at=origin.at,
        asked_by=origin.actor,
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
