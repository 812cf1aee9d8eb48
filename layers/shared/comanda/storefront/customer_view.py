"""The order as its customer gets it over the API."""

from collections.abc import Iterable, Mapping
from typing import Any

from comanda.conversation.history import customer_history
from comanda.conversation.pickup import where
from comanda.conversation.qr import drawing
from comanda.conversation.speech import Speech
from comanda.conversation.urls import web_address
from comanda.conversation.words import PARCEL, carrier_name, word
from comanda.links.keys import Keys
from comanda.orders.decision import Loaded
from comanda.orders.derive import amount_due, ended, fulfilment_told
from comanda.orders.facts import Fact
from comanda.orders.model import Order, Shipment
from comanda.orders.pickup_codes import shown_code
from comanda.orders.pickups import at_counter, handed
from comanda.orders.wire import line_answer, money, shipment_answer, totals_answer


def customer_view(
    order: Order,
    facts: Iterable[Fact],
    action: dict[str, Any] | None,
    *,
    locale: str,
    country: str,
    pickup: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """`GET /orders/{id}` of the contract; no internal fact and no internal note is in it. `pickup` is what
    waits at the shop, see `pickup_answer`."""
    view: dict[str, Any] = {
        "order_id": order.order_id,
        "number": order.number,
        "created_at": order.created_at,
        "lifecycle": order.lifecycle,
        "payment": order.payment,
        "fulfilment": fulfilment_told(order),
        "returns": order.returns,
        "verified": order.verified,
        "approved": order.approved,
        "payment_method": order.method,
        "delivery": order.delivery,
        "delivery_slot": order.delivery_slot or None,
        "lines": [line_answer(line, order.currency) for line in order.lines],
        "shipments": [_parcel(one, order, Speech(locale, country)) for one in order.shipments],
        "pickup": pickup,
        "totals": totals_answer(order),
        "due": money(0 if ended(order) else max(amount_due(order), 0), order.currency),
        "history": customer_history(facts, locale, country),
        "messages": [],
    }
    return view | ({"payment_action": action} if action else {})


def _parcel(shipment: Shipment, order: Order, speech: Speech) -> dict[str, Any]:
    """A parcel with what is in it by name, and its state and carrier in words. A carrier's page is told only
    where a browser may be sent there; an article that has come off the order is called by its SKU."""
    names = {line.line_id: line.name for line in order.lines}
    told = shipment_answer(shipment, order)
    arrived = shipment.status == "delivered"
    return told | {
        "carrier_name": carrier_name(shipment.carrier),
        "tracking_url": web_address(shipment.tracking_url) or None,
        "status_text": word(PARCEL, shipment.status, speech),
        "shipped_at": shipment.shipped_at,
        "delivered_at": (shipment.delivered_at or None) if arrived else None,
        "lines": [one | {"name": names.get(one["line_id"], one["sku"])} for one in told["lines"]],
    }


def pickup_answer(
    loaded: Loaded, sections: Mapping[str, Any], locale: str, keys: Keys
) -> dict[str, Any] | None:
    """What waits for the customer, where, until when and by which code, and what they have fetched; None for
    an order that was never put aside. `qr` is a drawing (SVG) of the code."""
    order, pickup = loaded.order, loaded.order.pickup
    if pickup is None:
        return None
    waits = at_counter(order)
    code = shown_code(order, keys) if waits else ""
    place, hours = where(pickup.point, sections, locale)
    return {
        "ready": bool(waits),
        "ready_at": pickup.ready_at if waits else None,
        "until": (pickup.until or None) if waits else None,
        "location": {"code": pickup.point, "place": place, "hours": hours or None},
        "code": code or None,
        "qr": drawing(code.replace("-", "")) if code else None,
        "lines": [_line(line.line_id, line.sku, units) for line, units in waits],
        "handed_over": [
            {
                "at": one.at,
                "name": loaded.text(one.name) or None,
                "lines": [_line(line.line_id, line.sku, line.quantity) for line in one.lines],
            }
            for one in handed(order)
        ],
    }


def _line(line_id: str, sku: str, units: int) -> dict[str, Any]:
    return {"line_id": line_id, "sku": sku, "quantity": units}
