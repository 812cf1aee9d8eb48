"""Parcels as their customer sees them: what is inside, where it is, when it comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comanda.conversation.speech import N_, Speech
from comanda.conversation.texts import address_lines
from comanda.conversation.urls import web_address
from comanda.conversation.words import PARCEL, carrier_name, word
from comanda.orders.destinations import destination
from comanda.orders.model import Order, Shipment

STEPS = (N_("Shipped"), N_("On its way"), N_("Out for delivery"), N_("Delivered"))
REACHED = {"pre_transit": 0, "shipped": 1, "in_transit": 2, "exception": 2, "available_for_pickup": 3}
REACHED |= {"out_for_delivery": 3, "delivered": 4}
LOST = ("returned_to_sender", "lost")


@dataclass(frozen=True, slots=True)
class ParcelView:
    shipment_id: str
    title: str
    carrier: str
    tracking_number: str
    tracking_url: str
    status: str
    expected: str
    delivered: str
    contents: tuple[tuple[int, str], ...]
    steps: tuple[tuple[str, bool], ...]  # none for a parcel that will not arrive
    address: tuple[str, ...]  # where it was sent


def parcel_views(order: Order, personal: Mapping[str, Any], speech: Speech) -> tuple[ParcelView, ...]:
    """All parcels, the first sent first. `personal` are the order's texts, with its addresses."""
    parcels = sorted(order.shipments, key=lambda parcel: (parcel.shipped_at, parcel.shipment_id))
    return tuple(
        _parcel(parcel, index, order, address_lines(destination(parcel, personal), speech), speech)
        for index, parcel in enumerate(parcels, start=1)
    )


def waiting_contents(order: Order) -> tuple[tuple[int, str], ...]:
    """What has not left the shop yet."""
    return tuple((line.to_ship, line.name) for line in order.lines if line.to_ship > 0)


def _parcel(
    parcel: Shipment, index: int, order: Order, address: tuple[str, ...], speech: Speech
) -> ParcelView:
    names = {line.line_id: line.name for line in order.lines}
    arrived = parcel.delivered_at
    return ParcelView(
        shipment_id=parcel.shipment_id,
        title=speech.say("Parcel %(n)d of %(of)d", n=index, of=len(order.shipments)),
        carrier=carrier_name(parcel.carrier),
        tracking_number=parcel.tracking_number,
        tracking_url=web_address(parcel.tracking_url),
        status=word(PARCEL, parcel.status, speech),
        expected=speech.day(parcel.expected_at) if parcel.expected_at and not arrived else "",
        delivered=speech.day(arrived) if arrived else "",
        contents=tuple((line.quantity, names.get(line.line_id, line.sku)) for line in parcel.lines),
        steps=_steps(parcel, speech),
        address=address,
    )


def _steps(parcel: Shipment, speech: Speech) -> tuple[tuple[str, bool], ...]:
    if parcel.status in LOST:
        return ()
    reached = REACHED.get(parcel.status, 1)
    return tuple((speech.say(step), index < reached) for index, step in enumerate(STEPS))
