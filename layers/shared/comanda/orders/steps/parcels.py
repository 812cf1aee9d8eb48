"""How facts about parcels change an order."""

from dataclasses import replace

from comanda.orders.delivery_counts import counted_out, tallied
from comanda.orders.facts import Data, Fact
from comanda.orders.model import Delivery, Order, PutBack, Shipment
from comanda.orders.put_back import summed_up
from comanda.orders.steps import units


def planned(order: Order, data: Data, fact: Fact) -> Order:
    """The delivery orders as the fact tells them, and what was picked for them and goes back."""
    back = (*order.put_back, *map(PutBack.from_dict, data.get("put_back", ())))
    deliveries = tuple(map(Delivery.from_dict, data["deliveries"]))
    return tallied(replace(order, deliveries=deliveries, put_back=summed_up(back)))


def back_on_the_shelf(order: Order, data: Data, fact: Fact) -> Order:
    """Somebody has put back what was picked and is not wanted."""
    gone = tuple(PutBack.from_dict(told) for told in data["put_back"])
    less = tuple(replace(one, quantity=-one.quantity) for one in gone)
    return replace(order, put_back=summed_up((*order.put_back, *less)))


def shipped(order: Order, data: Data, fact: Fact) -> Order:
    return with_sent(order, data)


def with_sent(order: Order, data: Data) -> Order:
    """The order after a parcel left, by what its fact tells."""
    shipment = Shipment.from_dict(data["shipment"])
    after = units.counted(order, data["shipment"]["lines"], "shipped", 1)
    after = units.lines_moved(after, data["taken"], allocated=-1)
    after = counted_out(after, data.get("of", ()), 1)
    return _with_shipment(after, shipment)


def scanned(order: Order, data: Data, fact: Fact) -> Order:
    found = next(s for s in order.shipments if s.shipment_id == data["shipment_id"])
    return _with_shipment(order, replace(found, **data["changes"]))


def stuck(order: Order, data: Data, fact: Fact) -> Order:
    """Its last sign was too long ago."""
    found = next(s for s in order.shipments if s.shipment_id == data["shipment_id"])
    return _with_shipment(order, replace(found, stuck_since=data["since"]))


def delivered(order: Order, data: Data, fact: Fact) -> Order:
    return units.counted(order, data["lines"], "delivered", 1)


def undelivered(order: Order, data: Data, fact: Fact) -> Order:
    """The parcel came back after all."""
    return units.counted(order, data["lines"], "delivered", -1)


def _with_shipment(order: Order, shipment: Shipment) -> Order:
    others = [s for s in order.shipments if s.shipment_id != shipment.shipment_id]
    return replace(order, shipments=tuple(sorted([*others, shipment], key=lambda s: s.shipment_id)))
