"""Labels from outside: offered, bought once, printed, on their way, given back."""

from typing import Any

import pytest

from local.demo.outside import eventually
from tests.e2e.core.merchant import Merchant
from tests.e2e.shop import Order

pytestmark = [pytest.mark.e2e, pytest.mark.capability("D12", "D13")]

BOX = {"weight_grams": 800, "length_mm": 300, "width_mm": 200, "height_mm": 150}


@pytest.fixture(scope="module")
def merchant(stack: dict[str, Any]) -> Merchant:
    return Merchant(stack)


def charges(shop: Merchant, order: Order) -> list[dict[str, Any]]:
    """What the carrier charged for labels of this order."""
    items = shop.control.get("/easypost/charges")["items"]
    return [one for one in items if one["reference"].startswith(order.id)]


def wish(shop: Merchant, order: Order, **more: Any) -> dict[str, Any]:
    """The cheapest of what is offered for all of the order in one parcel."""
    told = shop.staff.command(order.id, "rates", {"parcels": [BOX]})
    assert told["failed"] == []
    rate = next(one for one in told["rates"] if one["cheapest"])
    return {"account": rate["account"], "carrier": rate["carrier"], "service": rate["service"],
            "parcels": [BOX], **more}  # fmt: skip


def label(shop: Merchant, order: Order, label_id: str, state: str) -> dict[str, Any]:
    """A label of the order, once it is in this state."""

    def look() -> dict[str, Any] | None:
        found = {one["label_id"]: one for one in shop.seen(order)["shipping_labels"]}
        return found[label_id] if found[label_id]["state"] == state else None

    found = eventually(look, f"{label_id} {state}", order.id, 30, lambda: shop.seen(order)["shipping_labels"])
    assert found is not None
    return found


def buy(shop: Merchant, order: Order, **more: Any) -> str:
    told = shop.staff.command(order.id, "buy-label", wish(shop, order, **more))
    return str(told["result"]["label_id"])


def drive(shop: Merchant, charge: dict[str, Any]) -> None:
    """The carrier takes the parcel to the door, and tells each scan."""
    path = f"/easypost/shipments/{charge['shipment_id']}/drive"
    shop.control.call("POST", path, {"to": "delivered"}, status=201)


def test_a_bought_label_ships_its_parcel_which_the_carrier_delivers(merchant: Merchant) -> None:
    order = merchant.settled((merchant.product(), 2))
    bought = label(merchant, order, buy(merchant, order), "bought")
    merchant.wait(order, "fulfilment", "shipped")
    (parcel,) = order.view()["shipments"]
    assert parcel["tracking_number"] == bought["tracking_number"]
    (charge,) = charges(merchant, order)
    file = merchant.staff.call("GET", f"/admin/orders/{order.id}/labels/{bought['label_id']}/file")
    assert file.headers["content-type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")
    drive(merchant, charge)
    merchant.wait(order, "fulfilment", "delivered")
    assert len(charges(merchant, order)) == 1


def test_what_the_carrier_scans_has_left_though_nobody_shipped_it(merchant: Merchant) -> None:
    order = merchant.settled((merchant.product(), 1))
    label(merchant, order, buy(merchant, order, ship=False), "bought")
    assert order.view()["shipments"] == []
    (charge,) = charges(merchant, order)
    drive(merchant, charge)
    merchant.wait(order, "fulfilment", "delivered")


def test_a_label_that_is_not_used_is_given_back(merchant: Merchant) -> None:
    order = merchant.settled((merchant.product(), 1))
    label_id = buy(merchant, order, ship=False)
    label(merchant, order, label_id, "bought")
    assert order.view()["shipments"] == []
    merchant.does(order, "void-label", {"label_id": label_id})
    label(merchant, order, label_id, "voided")
    (charge,) = charges(merchant, order)
    assert charge["refund_status"] == "submitted"


def test_a_purchase_whose_answer_is_lost_is_charged_once(merchant: Merchant) -> None:
    order = merchant.settled((merchant.product(), 1))
    wanted = wish(merchant, order)
    lost = {"count": 1, "path": "/v2/shipments/", "lost_answer": True}
    merchant.control.call("POST", "/easypost/troubles", lost, status=201)
    merchant.does(order, "buy-label", wanted)
    label(merchant, order, "l1", "bought")
    assert len(charges(merchant, order)) == 1
    assert merchant.control.get("/easypost/troubles")["items"] == []  # it was lost indeed
    merchant.wait(order, "fulfilment", "shipped")
