"""What a carrier is asked for a parcel of an order: sender by place, recipient, box, goods."""

from collections.abc import Mapping
from typing import Any

from comanda.fulfilment.carriers.port import Box, Contact, Goods, LabelRequest, RateRequest
from comanda.orders.decision import Loaded
from comanda.orders.model import Order, ShipmentLine, ShippingLabel
from comanda.settings.sections import Carriers

OF_ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
OF_CONTACT = ("name", "company", "phone", "email")


class NoAddress(Exception):
    """Nothing can be asked: `reason` is `no-address` (of the customer) or `no-sender` (of the place)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def label_request(loaded: Loaded, label: ShippingLabel, settings: Carriers) -> LabelRequest:
    """Raises NoAddress."""
    order = loaded.order
    return LabelRequest(
        reference=reference(order, label),
        sender=sender(settings, label.location),
        recipient=recipient(loaded),
        box=Box(label.weight_grams, label.length_mm, label.width_mm, label.height_mm),
        carrier=label.carrier,
        service=label.service,
        goods=goods(order, label.lines),
        format=_format(label.format),
        printed=order.number,
    )


def rate_request(
    loaded: Loaded, box: Box, lines: tuple[ShipmentLine, ...], location: str, settings: Carriers
) -> RateRequest:
    """Raises NoAddress."""
    order = loaded.order
    return RateRequest(
        sender(settings, location),
        recipient(loaded),
        box,
        goods(order, lines),
        order.number,
        order.currency,
    )


def reference(order: Order, label: ShippingLabel) -> str:
    """A label's name at its carrier, for good."""
    return f"{order.order_id}-{label.label_id}"


def sending_place(settings: Carriers, location: str) -> str:
    """Under which code the sender of a place stands; empty for the shop's own."""
    return location if location in settings.senders else ""


def sender(settings: Carriers, location: str) -> Contact:
    """Who sends from a place: its own address, else the shop's."""
    own = settings.senders.get(sending_place(settings, location))
    if own is None:
        raise NoAddress("no-sender")
    return Contact(**{name: getattr(own, name) for name in (*OF_ADDRESS, *OF_CONTACT)})


def recipient(loaded: Loaded) -> Contact:
    address: Mapping[str, Any] = loaded.text("shipping") or {}
    contact: Mapping[str, Any] = loaded.text("contact") or {}
    if not address.get("line1"):
        raise NoAddress("no-address")
    told = {name: str(address.get(name) or "") for name in OF_ADDRESS}
    told |= {name: str(address.get(name) or contact.get(name) or "") for name in OF_CONTACT}
    return Contact(**told)


def goods(order: Order, lines: tuple[ShipmentLine, ...]) -> tuple[Goods, ...]:
    """What customs ask: what one unit cost its customer, and weighs."""
    made = []
    for one in lines:
        line = order.line(one.line_id)
        if line is not None:
            worth = line.total // line.quantity if line.quantity else 0
            made.append(Goods(line.name, one.quantity, worth, order.currency, line.weight_grams))
    return tuple(made)


def _format(text: str) -> Any:
    return text if text in ("pdf", "zpl", "png") else "pdf"
