"""One order in two parcels: other units, carriers, days and addresses; each line says how far it is."""

import pytest

from tests.e2e.core.merchant import Merchant, problem
from tests.e2e.shop import ADDRESS, Order

pytestmark = pytest.mark.e2e

LATER = {"line1": "Av. Chapultepec 15", "city": "Guadalajara", "state": "Jalisco", "postal_code": "44100"}


def states(order: Order) -> dict[str, tuple[int, int, int]]:
    """Of each product: ordered, shipped, delivered."""
    return {
        line["sku"]: (line["quantity"], line["shipped"], line["delivered"]) for line in order.view()["lines"]
    }


@pytest.mark.capability("D16", "D17", "D18", "D14", "D35", "C23", "C24")
def test_an_order_goes_out_in_two_parcels_to_two_addresses_on_two_days(merchant: Merchant) -> None:
    cup, bowl = merchant.product(9_999), merchant.product(33_333)
    order = merchant.settled((cup, 3), (bowl, 1))
    first = merchant.ship(order, (cup, 2), expected_at="2030-12-01")
    mail = merchant.letter("shipped", order)
    for text in (first, "1 de diciembre", "Calle Ámsterdam 12", f"2 × Pieza {cup}", "Falta por llegar"):
        assert text in mail["text"]
    assert order.view()["fulfilment"] == "partially_shipped"
    assert states(order) == {cup: (3, 2, 0), bowl: (1, 0, 0)}
    moved = [{"type": "address", "shipping_address": ADDRESS | LATER}]
    edit = merchant.does(order, "edits", {"actions": moved}, status=201)
    assert edit["preview"]["difference"]["which"] == "none"
    merchant.does(order, f"edits/{edit['edit_id']}/confirm")
    second = merchant.ship(order, (cup, 1), (bowl, 1), carrier="fedex", expected_at="2030-12-09")
    mail = merchant.letter("shipped", order, count=2)
    for text in (second, "9 de diciembre", "Av. Chapultepec 15", f"1 × Pieza {cup}", f"1 × Pieza {bowl}"):
        assert text in mail["text"]
    assert order.view()["fulfilment"] == "shipped"
    went = {parcel["tracking_number"]: parcel["address"] for parcel in merchant.seen(order)["shipments"]}
    assert {code: where["city"] for code, where in went.items()} == {
        first: "Cuauhtémoc",
        second: "Guadalajara",
    }
    merchant.scan(second, "delivered")
    merchant.wait(order, "fulfilment", "partially_delivered")
    assert states(order) == {cup: (3, 3, 1), bowl: (1, 1, 1)}
    merchant.scan(first, "delivered")
    merchant.wait(order, "lifecycle", "closed")
    assert states(order) == {cup: (3, 3, 3), bowl: (1, 1, 1)}
    assert {sku: merchant.level(sku)["on_hand"] for sku in (cup, bowl)} == {cup: 17, bowl: 19}


@pytest.mark.capability("D16", "D17", "F09")
def test_no_more_is_shipped_than_was_ordered_and_no_line_is_guessed(merchant: Merchant) -> None:
    cup = merchant.product()
    twice = [{"sku": cup, "quantity": 1}, {"sku": cup, "quantity": 2}]
    order = merchant.place(lines=twice, payment_method="request")
    parcel = {"carrier": "dhl", "tracking_number": "JD0146"}
    merchant.does(order, "verify")
    with merchant.untouched(order, cup):
        early = merchant.refused(order, "ship", parcel | {"lines": [{"line_id": "l1", "quantity": 1}]})
        assert early == (409, "wrong-state", "not-approved")
    merchant.does(order, "approve")
    with merchant.untouched(order, cup):
        either = merchant.try_to(order, "ship", parcel | {"lines": [{"sku": cup, "quantity": 1}]})
        assert problem(either)[:2] == (422, "ambiguous-line")
        many = merchant.refused(order, "ship", parcel | {"lines": [{"line_id": "l2", "quantity": 3}]})
        assert many == (409, "wrong-state", "not-enough-to-ship")
        nothing = merchant.try_to(order, "ship", parcel | {"lines": []})
        assert problem(nothing)[:2] == (422, "invalid")
    done = merchant.does(order, "ship", parcel | {"lines": [{"line_id": "l2", "quantity": 2}]})
    assert [each["shipment_id"] for each in order.view()["shipments"]] == [done["result"]["shipment_id"]]
    assert [line["shipped"] for line in order.view()["lines"]] == [0, 2]
