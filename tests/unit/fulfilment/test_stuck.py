"""A parcel without a sign for days is noted once, until it is scanned again."""

import pytest

from comanda.fulfilment.tracking import concerned, recording
from comanda.orders.decision import Loaded
from comanda.orders.items import shipment_row
from comanda.orders.model import Order
from comanda.orders.stuck import noticing, stuck_at
from tests.unit.fulfilment.made import AT, after
from tests.unit.fulfilment.test_tracking import scan, shipped

pytestmark = pytest.mark.capability("G16")
DUE = "2026-11-26T18:00:00.000Z"  # five days after AT


def noticed(order: Order, now: str, days: int | None = 5) -> Order:
    decision = noticing(Loaded(order, {}), now, days)
    return after(order, decision) if decision.facts else order


def test_silence_counts_from_the_shipping_or_the_last_scan() -> None:
    assert stuck_at(shipped(), 5) == DUE
    moved = after(shipped(), recording(shipped(), [scan("in_transit", 1)], frozenset({"s1"}), AT))
    assert stuck_at(moved, 5) == "2026-11-27T10:01:00.000Z"


def test_it_is_noted_when_due_and_once() -> None:
    assert noticed(shipped(), "2026-11-26T17:59:59.000Z").shipments[0].stuck_since == ""
    stuck = noticed(shipped(), DUE)
    assert stuck.shipments[0].stuck_since == AT
    assert noticing(Loaded(stuck, {}), "2027-01-01T00:00:00.000Z", 5).facts == ()
    assert stuck_at(stuck, 5) == ""
    row = shipment_row("order-1", stuck.shipments[0])
    assert (row.due_pk, row.due_sk) == ("PARCELS", f"{AT}#fedex")


def test_the_next_scan_ends_it() -> None:
    stuck = noticed(shipped(), DUE)
    one = scan("in_transit", 1)
    moved = after(stuck, recording(stuck, [one], concerned(stuck.shipments, one), AT))
    assert moved.shipments[0].stuck_since == ""
    assert shipment_row("order-1", moved.shipments[0]).due_pk is None
    assert stuck_at(moved, 5) == "2026-11-27T10:01:00.000Z"


@pytest.mark.parametrize("status", ["delivered", "returned_to_sender", "lost"])
def test_what_is_over_is_not_stuck(status: str) -> None:
    one = scan(status, 1)
    over = after(shipped(), recording(shipped(), [one], frozenset({"s1"}), AT))
    assert stuck_at(over, 5) == ""
    assert noticed(over, "2027-01-01T00:00:00.000Z").shipments[0].stuck_since == ""


def test_a_shop_may_not_want_it() -> None:
    assert stuck_at(shipped(), None) == ""
    assert noticed(shipped(), DUE, None) == shipped()
