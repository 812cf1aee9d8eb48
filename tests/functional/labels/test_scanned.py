"""What the carrier has scanned has left though nobody shipped it; where it may not, a person is told."""

from itertools import permutations

import pytest

from comanda import wiring
from tests.functional.labels_world import WISH, LabelWorld
from tests.functional.staff import show
from tests.functional.test_carrier_webhooks import arrive, report

pytestmark = pytest.mark.capability("D13", "D16")
SCANS = (("pre_transit", "18:10"), ("in_transit", "19:00"), ("delivered", "21:00"))


def printed(shop: LabelWorld, steps: str = "ship", **more: object) -> str:
    """An order whose label was bought and lies on its box."""
    order_id = shop.ready(steps)
    shop.does(order_id, "buy-label", WISH | {"ship": False} | more)
    shop.work(order_id)
    assert shop.states(order_id) == ["bought"]
    return order_id


def scanned(shop: LabelWorld, *scans: tuple[str, str]) -> None:
    """Each scan in a webhook of its own."""
    for scan in scans:
        arrive(shop.call, report("TRK1", scan))


@pytest.mark.parametrize("order", list(permutations(SCANS)))
def test_a_scan_ships_what_nobody_had_shipped(shop: LabelWorld, order: tuple[tuple[str, str], ...]) -> None:
    order_id = printed(shop)
    scanned(shop, *order, *order)
    (parcel,) = show(shop.call, order_id)["shipments"]
    assert (parcel["tracking_number"], parcel["status"]) == ("TRK1", "delivered")
    assert shop.order(order_id).shipments[0].label_id == "l1"
    assert {one.status for one in shop.order(order_id).shipments[0].scans} == {one for one, _ in SCANS}
    (left,) = [fact for fact in wiring.orders().facts(order_id) if fact.type == "LinesShipped"]
    assert (left.actor, left.cause.partition(":")[0]) in {("system", "webhook")}
    assert shop.order(order_id).fulfilment == "delivered"
    assert shop.order(order_id).open_holds == ()
    assert "ship-l1" not in shop.effects(order_id)


def test_news_of_a_label_alone_ship_nothing(shop: LabelWorld) -> None:
    order_id = printed(shop)
    scanned(shop, SCANS[0])
    assert shop.order(order_id).shipments == ()
    shop.does(order_id, "ship-label", {"label_id": "l1"})
    assert shop.order(order_id).shipments[0].status == "pre_transit"


def test_scans_of_a_held_order_wait_for_a_person(shop: LabelWorld) -> None:
    order_id = printed(shop)
    held = shop.does(order_id, "hold", {"reason": "wait"})["result"]["hold_id"]
    scanned(shop, SCANS[2], SCANS[1], SCANS[1])
    assert shop.order(order_id).shipments == ()
    ours, told = shop.order(order_id).open_holds
    assert ours.hold_id == held
    assert (told.reason, told.detail) == ("delivery_exception", "label-l1: scanned, not shipped: on-hold")
    for hold in (ours, told):
        shop.does(order_id, "release-hold", {"hold_id": hold.hold_id}, key=hold.hold_id)
    shop.does(order_id, "ship-label", {"label_id": "l1"})
    (parcel,) = shop.order(order_id).shipments
    assert (parcel.status, len(parcel.scans)) == ("delivered", 2)
    assert shop.order(order_id).open_holds == ()


def test_what_was_never_packed_is_asked_after(shop: LabelWorld) -> None:
    order_id = shop.ready("pick_pack_ship")
    shop.does(order_id, "pick")
    shop.does(order_id, "pack")
    shop.does(order_id, "buy-label", WISH | {"ship": False})
    shop.work(order_id)
    shop.does(order_id, "undo-pack", {"lines": [{"sku": "TAZA", "quantity": 1}]})
    scanned(shop, SCANS[1])
    assert shop.order(order_id).shipments == ()
    (told,) = shop.order(order_id).open_holds
    assert told.detail == "label-l1: scanned, not shipped: not-packed"


def test_a_label_given_back_that_travels_all_the_same(shop: LabelWorld) -> None:
    order_id = printed(shop)
    shop.does(order_id, "cancel", {"reason": "customer"})
    shop.work(order_id)
    assert shop.states(order_id) == ["voided"]
    scanned(shop, SCANS[1], SCANS[2])
    assert shop.order(order_id).shipments == ()
    (told,) = shop.order(order_id).open_holds
    assert told.detail == "label-l1: scanned, not shipped: label-voided"


def test_a_parcel_that_was_taken_back_and_travels_leaves_again(shop: LabelWorld) -> None:
    order_id = printed(shop)
    first = shop.does(order_id, "ship-label", {"label_id": "l1"})["result"]["shipment_id"]
    shop.does(order_id, "undo-ship", {"shipment_id": first})
    scanned(shop, SCANS[2], SCANS[1], SCANS[2])
    (parcel,) = shop.order(order_id).shipments
    assert (parcel.status, parcel.label_id, len(parcel.scans)) == ("delivered", "l1", 2)
    assert [line.shipped for line in shop.order(order_id).lines] == [3, 2]


def test_a_scan_that_comes_before_the_purchase_is_recorded(shop: LabelWorld) -> None:
    order_id = shop.ready()
    shop.does(order_id, "buy-label", WISH | {"ship": False})
    scanned(shop, SCANS[1])
    shop.work(order_id)
    (parcel,) = shop.order(order_id).shipments
    assert (parcel.status, parcel.label_id) == ("in_transit", "l1")
