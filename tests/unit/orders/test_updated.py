"""When an order counts as updated: with what staff decide on or a list shows, not with every commit."""

import pytest

from comanda.orders.evolve import evolve
from comanda.orders.facts import Happened, Origin, chain
from comanda.orders.model import Order, Shipment, ShipmentLine
from tests.examples import AT, an_order

LATER = "2026-12-01T00:00:00.000Z"


def after(order: Order, *facts: Happened) -> Order:
    for fact in chain(facts, Origin("system", "test", LATER), after=order.facts, prev_hash=order.head_hash):
        order = evolve(order, fact)
    return order


@pytest.mark.parametrize(
    ("type_", "moved"),
    [("MerchantNotified", False), ("RunStarted", False), ("OrderApproved", True), ("OrderClosed", True)],
)
def test_only_what_a_list_shows_moves_an_order_in_it(type_: str, moved: bool) -> None:
    order = after(an_order(), Happened(type_, {"run": 1}))
    assert order.updated_at == (LATER if moved else AT)
    assert order.facts == an_order().facts + 1


def test_a_delivery_moves_an_order_and_a_scan_on_the_way_does_not() -> None:
    lines = tuple(ShipmentLine(line.line_id, line.sku, line.quantity) for line in an_order().lines)
    parcel = Shipment("s1", "fedex", "7940", lines, AT).to_dict()
    shipped = after(an_order(), Happened("LinesShipped", {"shipment": parcel, "taken": []}))
    assert shipped.updated_at == LATER
    scanned = Happened("ShipmentScanned", {"shipment_id": "s1", "changes": {"status": "in_transit"}})
    delivered = Happened(
        "LinesDelivered",
        {"shipment_id": "s1", "lines": [{"line_id": one.line_id, "quantity": one.quantity} for one in lines]},
    )
    quiet = Order.from_dict(shipped.to_dict() | {"updated_at": AT})
    assert after(quiet, scanned).updated_at == AT
    assert after(quiet, scanned, delivered).updated_at == LATER
