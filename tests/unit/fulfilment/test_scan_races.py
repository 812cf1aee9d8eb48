"""A scan and whoever takes its parcel back at the same moment: one of both is late, and no scan is lost."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest

from comanda.fulfilment.scan import NOBODYS, Scanning
from comanda.fulfilment.tracking import Scan
from comanda.fulfilment.unship import unshipping
from comanda.orders.decision import Loaded
from comanda.orders.desk import Decide, Done
from comanda.orders.facts import Fact, Origin
from comanda.orders.model import Order
from tests.unit.fulfilment.made import AT, after
from tests.unit.fulfilment.test_tracking import scan, shipped

SEEN = Origin("provider:fedex", "webhook:1", AT)


class Desk:
    """One order. Between being read and being written it is taken back by somebody."""

    def __init__(self, order: Order, meanwhile: Order) -> None:
        self.order, self.meanwhile = order, meanwhile

    def load(self, order_id: str) -> Loaded:
        return Loaded(self.order, {})

    def run(self, order_id: str, decide: Decide, origin: Origin) -> Done:
        self.order = self.meanwhile
        decision = decide(Loaded(self.order, {}))
        if not decision.facts:
            return Done(self.order, decision.result, changed=False)
        self.order = after(self.order, decision)
        return Done(self.order, decision.result)


class Kept:
    def __init__(self) -> None:
        self.scans: list[Scan] = []

    def park(self, tracking_number: str, scans: Iterable[Scan], now: datetime) -> None:
        self.scans += scans

    def of(self, tracking_number: str) -> list[Scan]:
        return self.scans


class Numbers:
    def by_tracking(self, tracking_number: str) -> list[str]:
        return ["order-1"]


@pytest.mark.capability("D13")
def test_a_scan_of_a_parcel_that_is_taken_back_meanwhile_is_kept() -> None:
    order = shipped()
    kept, desk = Kept(), Desk(order, taken_back(order))
    scanning: Any = Scanning(Numbers(), desk, kept, lambda: "s9")  # type: ignore[arg-type]
    assert scanning.record([scan("in_transit", 1)], SEEN) == NOBODYS
    assert kept.scans == [scan("in_transit", 1)]
    assert desk.order.shipments == ()


def taken_back(order: Order) -> Order:
    (parcel,) = order.shipments
    told = {"shipment": parcel.to_dict(), "taken": [{"line_id": "1", "quantity": 1}]}
    left = Fact(1, "LinesShipped", AT, "staff:1", "request:1", "customer", told, "", "")
    back = unshipping(parcel.shipment_id, lambda _: [left], lambda *_: None)
    return after(order, back(Loaded(order, {})))
