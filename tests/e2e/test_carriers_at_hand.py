"""UPS and FedEx in the running system: UPS switched on sells a label, FedEx tells of a parcel."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.demo.outside import eventually
from tests.e2e.core.merchant import Merchant
from tests.e2e.test_labels import BOX, label

pytestmark = [pytest.mark.e2e, pytest.mark.capability("D12", "D13")]

UPS_GROUND = "11"


@pytest.fixture(scope="module")
def merchant(stack: dict[str, Any]) -> Merchant:
    return Merchant(stack)


@pytest.fixture
def ups_is_on(merchant: Merchant) -> Iterator[None]:
    """As somebody does it under Settings → Carriers; its keys are there from the start."""
    before = merchant.admin.get("/admin/settings/carriers")["accounts"]
    accounts = [one for one in before if one["code"] != "ups"] + [{"code": "ups", "enabled": True}]
    with merchant.setting("carriers", accounts=accounts):
        yield


@pytest.mark.usefixtures("ups_is_on")
def test_ups_offers_a_price_and_sells_a_label_at_it(merchant: Merchant) -> None:
    order = merchant.settled((merchant.product(), 1))

    def offered() -> dict[str, Any] | None:
        told = merchant.staff.command(order.id, "rates", {"parcels": [BOX]})
        found = {(one["account"], one["service"]): one for one in told["rates"]}
        return found.get(("ups", UPS_GROUND))

    rate = eventually(offered, "a price of UPS", order.id, 45)
    wish = {"account": "ups", "carrier": rate["carrier"], "service": UPS_GROUND, "parcels": [BOX]}
    merchant.does(order, "buy-label", wish)
    bought = label(merchant, order, "l1", "bought")
    assert bought["amount"]["amount"] == rate["amount"]["amount"] == 14250
    sold = {one["number"]: one for one in merchant.control.get("/ups/shipments")["items"]}
    assert order.number in sold[bought["tracking_number"]]["references"]
    merchant.wait(order, "fulfilment", "shipped")
    if merchant.stack["ups"]["prism"]:
        assert merchant.control.get("/ups")["prism"] == "answers"


def test_one_call_makes_fedex_tell_of_a_parcel_late_doubled_and_signed(merchant: Merchant) -> None:
    order = merchant.settled((merchant.product(), 1))
    number = merchant.ship(order, carrier="fedex")
    merchant.control.call("POST", "/faults", {"peer": "fedex", "fault": "duplicate"}, status=201)
    scan = {"tracking_number": number}
    merchant.control.call("POST", "/fedex/scans", scan | {"code": "DL"}, status=201)
    merchant.wait(order, "fulfilment", "delivered")
    late = scan | {"code": "OD", "at": "2026-11-21T08:00:00-06:00"}
    merchant.control.call("POST", "/fedex/scans", late, status=201)

    def kept() -> bool:
        (shipment,) = merchant.seen(order)["shipments"]
        return {one["status"] for one in shipment["scans"]} == {"out_for_delivery", "delivered"}

    eventually(kept, "both scans", order.id, 30)
    assert order.view()["fulfilment"] == "delivered"
    assert merchant.facts(order).count("LinesDelivered") == 1
