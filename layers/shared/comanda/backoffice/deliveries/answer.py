"""A delivery order as staff see it: quantities and places, no prices and no personal data."""

from typing import Any

from comanda.orders.delivery_status import LineWork, Work
from comanda.orders.holdings import counted, holdings
from comanda.orders.model import Order, PutBack


def delivery_answer(work: Work) -> dict[str, Any]:
    """`number` is how people write it, `delivery` its number within the order (as `ship` takes it)."""
    return {
        "number": work.name,
        "delivery": work.delivery.number,
        "status": work.status,
        "held": work.held,
        "location": work.delivery.location or None,
        "promised_at": work.delivery.promised or None,
        "lines": [_line(one, work.delivery.location) for one in work.lines],
        "put_back": [one.to_dict() for one in work.order.put_back if one.delivery == work.delivery.number],
        "shipments": [
            parcel.shipment_id
            for parcel in work.order.shipments
            if work.delivery.number in (parcel.deliveries or (1,))
        ],
    }


def put_back_answer(order: Order, one: PutBack) -> dict[str, Any]:
    """Picked units that go back onto the shelf of `location`."""
    return one.to_dict() | {"number": f"{order.number}/{one.delivery}"}


def _line(one: LineWork, location: str) -> dict[str, Any]:
    return {
        "line_id": one.line.line_id,
        "sku": one.line.sku,
        "name": one.line.name,
        "barcode": one.line.barcode or None,
        "quantity": one.own.quantity,
        "ready": one.ready,
        "unpaid": one.unpaid,
        "waiting": one.waiting,
        "picked": one.own.picked,
        "packed": one.own.packed,
        "shipped": one.own.shipped,
        "articles": _articles(one, location),
    }


def _articles(one: LineWork, location: str) -> list[dict[str, Any]]:
    """What is taken from the shelf for one unit of a bundle, and what of it lies at another location."""
    if not one.line.components:
        return []
    away = {held.sku: held.location for held in holdings(one.line) if held.location != location}
    return [{"sku": sku, "quantity": each, "elsewhere": away.get(sku)} for sku, each in counted(one.line)]
