"""An order once more, at today's prices: by staff as a draft, by its customer as a cart."""

import pytest

from local.demo.outside import fresh_key
from tests.e2e.core.merchant import Merchant, mxn
from tests.e2e.shop import Order

pytestmark = pytest.mark.e2e


@pytest.mark.capability("D28", "F14")
def test_staff_repeat_an_order_and_are_told_what_is_gone_short_and_dearer(merchant: Merchant) -> None:
    cup, bowl, tray = merchant.product(9_999), merchant.product(33_333), merchant.product(5_000, stock=4)
    order = merchant.settled((cup, 3), (bowl, 1), (tray, 3))
    merchant.import_products(
        {"sku": cup, "price": "120.00", "on_sale": "yes"}, {"sku": bowl, "price": "333.33", "on_sale": "no"}
    )
    told = merchant.does(order, "repeat")
    result, draft = told["result"], told["order"]
    assert [(each["sku"], each["quantity"]) for each in result["gone"]] == [(bowl, 1)]
    assert result["short"] == [{"sku": tray, "requested": 3, "available": 1}]
    assert result["repriced"] == [{"sku": cup, "was": mxn(9_999), "now": mxn(12_000)}]
    assert {line["sku"]: line["unit_price"] for line in draft["lines"]} == {
        cup: mxn(12_000),
        tray: mxn(5_000),
    }
    assert (draft["lifecycle"], draft["stage"], draft["customer"]["email"]) == (
        "draft",
        "quotation",
        order.email,
    )
    again = Order({"order_id": draft["order_id"]}, order.email, [], merchant.api)
    with merchant.untouched(order, again, tray):
        answer = merchant.try_to(again, "place", {"accept_privacy": True})
        assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    version = {"If-Match": f'"{draft["version"]}"'}
    fewer = {"lines": [{"sku": cup, "quantity": 3}, {"sku": tray, "quantity": 1}]}
    merchant.staff.call("PATCH", f"/admin/drafts/{again.id}", fewer, headers=version)
    placed = merchant.does(again, "place", {"accept_privacy": True, "verified": True})["order"]
    assert placed["totals"]["subtotal"] == mxn(3 * 12_000 + 5_000)
    assert merchant.seen(order)["totals"]["subtotal"] == mxn(3 * 9_999 + 33_333 + 15_000)
    assert merchant.level(tray)["available"] == 0


@pytest.mark.capability("D28")
def test_a_customer_repeats_an_order_into_a_cart(merchant: Merchant) -> None:
    cup, bowl = merchant.product(9_999), merchant.product(33_333)
    order = merchant.settled((cup, 2), (bowl, 1))
    merchant.import_products({"sku": bowl, "on_sale": "no"})
    key = fresh_key()
    cart = order.api.call("POST", f"/orders/{order.id}/repeat", {}, status=201, headers=key).body
    assert [(line["sku"], line["quantity"]) for line in cart["lines"]] == [(cup, 2)]
    assert [each["sku"] for each in cart["repeat"]["gone"]] == [bowl]
    assert order.api.call("POST", f"/orders/{order.id}/repeat", {}, status=201, headers=key).body == cart
    again = merchant.place(lines=None, cart_id=cart["cart_id"], payment_method="request")
    assert again.placed["totals"]["subtotal"] == mxn(2 * 9_999)
    assert again.id != order.id
    stranger = merchant.api.send("POST", f"/orders/{order.id}/repeat", {}, headers=fresh_key())
    assert (stranger.status, stranger.body["type"]) == (404, "not-found")
