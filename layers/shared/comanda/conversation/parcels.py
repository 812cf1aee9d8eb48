"""Parcels as their customer sees them: what is inside, where it is, when it comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comanda.conversation.speech import N_, Speech
from comanda.conversation.texts import address_lines
from comanda.conversation.urls import web_address
from comanda.conversation.words import PARCEL, carrier_name, word
from comanda.orders.consignments import consignment_of, consignments
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
    consignment: str = ""  # of those that left together
    counted: str = ""  # which of them it is; empty for one that left alone
    weight: str = ""


def parcel_views(order: Order, personal: Mapping[str, Any], speech: Speech) -> tuple[ParcelView, ...]:
    """All parcels, the first sent first. `personal` are the order's texts, with its addresses."""
    groups = consignments(order.shipments)
    return tuple(
        _parcel(parcel, _titles(groups, at, n, speech), order, _address(parcel, personal, speech), speech)
        for at, group in enumerate(groups)
        for n, parcel in enumerate(group)
    )


def _address(parcel: Shipment, personal: Mapping[str, Any], speech: Speech) -> tuple[str, ...]:
    return address_lines(destination(parcel, personal), speech)


def _titles(groups: list[tuple[Shipment, ...]], at: int, n: int, speech: Speech) -> tuple[str, str]:
    """What a parcel is called among all of the order, and among those that left with it. Parcels that each
    left alone are counted through; else shipments are, and the parcels of each."""
    size = len(groups[at])
    own = speech.say("Parcel %(n)d of %(of)d", n=n + 1, of=size) if size > 1 else ""
    if len(groups) == 1:
        return own or speech.say("Parcel %(n)d of %(of)d", n=1, of=1), own
    if all(len(group) == 1 for group in groups):
        return speech.say("Parcel %(n)d of %(of)d", n=at + 1, of=len(groups)), own
    shipment = speech.say("Shipment %(n)d of %(of)d", n=at + 1, of=len(groups))
    return ", ".join(filter(None, (shipment, own))), own


def waiting_contents(order: Order) -> tuple[tuple[int, str], ...]:
    """What has not left the shop yet."""
    return tuple((line.to_ship, line.name) for line in order.lines if line.to_ship > 0)


def _parcel(
    parcel: Shipment, titles: tuple[str, str], order: Order, address: tuple[str, ...], speech: Speech
) -> ParcelView:
    names = {line.line_id: line.name for line in order.lines}
    arrived = parcel.delivered_at
    return ParcelView(
        shipment_id=parcel.shipment_id,
        title=titles[0],
        carrier=carrier_name(parcel.carrier),
        tracking_number=parcel.tracking_number,
        tracking_url=web_address(parcel.tracking_url),
        status=word(PARCEL, parcel.status, speech),
        expected=speech.day(parcel.expected_at) if parcel.expected_at and not arrived else "",
        delivered=speech.day(arrived) if arrived else "",
        contents=tuple((line.quantity, names.get(line.line_id, line.sku)) for line in parcel.lines),
        steps=_steps(parcel, speech),
        address=address,
        consignment=consignment_of(parcel),
        counted=titles[1],
        weight=speech.weight(parcel.weight_grams) if parcel.weight_grams else "",
    )


def _steps(parcel: Shipment, speech: Speech) -> tuple[tuple[str, bool], ...]:
    if parcel.status in LOST:
        return ()
    reached = REACHED.get(parcel.status, 1)
    return tuple((speech.say(step), index < reached) for index, step in enumerate(STEPS))
