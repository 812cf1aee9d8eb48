"""Quotations accepted online, carts finished by telephone, codes that run out, goods still to come."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.demo.mailbox import link_to, token_in
from local.demo.outside import eventually, fresh_key
from tests.e2e.core.merchant import Merchant, mxn, pointers, problem
from tests.e2e.shop import ADDRESS, Order

pytestmark = pytest.mark.e2e

WHERE = {"shipping_address": ADDRESS, "delivery": "ship", "payment_method": "bank_transfer"}


def drafted(merchant: Merchant, told: dict[str, Any], email: str) -> Order:
    return Order({"order_id": told["order"]["order_id"]}, email, [], merchant.api)


def write(merchant: Merchant, draft: Order, body: dict[str, Any]) -> dict[str, Any]:
    version = {"If-Match": f'"{merchant.seen(draft)["version"]}"'}
    told: dict[str, Any] = merchant.staff.call(
        "PATCH", f"/admin/drafts/{draft.id}", body, headers=version
    ).body
    return told["result"]


@pytest.mark.capability("F18", "E05", "D25")
def test_a_quotation_keeps_its_prices_until_its_customer_accepts_it_online(merchant: Merchant) -> None:
    cup = merchant.product(9_999, stock=5)
    email = f"compras.{secrets.token_hex(4)}@example.com"
    wanted = {"lines": [{"sku": cup, "quantity": 2, "unit_price": mxn(9_000)}], "customer": {"name": "Rosa"}}
    told = merchant.staff.call("POST", "/admin/drafts", wanted, status=201, headers=fresh_key()).body
    assert {each["pointer"] for each in told["result"]["missing"]} == {
        "/payment_method",
        "/delivery",
        "/customer/email",
    }
    draft = drafted(merchant, told, email)
    until = {"expires_at": f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"}
    with merchant.untouched(draft, cup):
        early = merchant.try_to(draft, "quote", until)
        assert (problem(early)[:2], "/customer/email" in pointers(early)) == ((422, "invalid"), True)
    assert write(merchant, draft, WHERE | {"customer": {"name": "Rosa", "email": email}})["missing"] == []
    merchant.does(draft, "quote", until)
    assert (merchant.seen(draft)["stage"], merchant.level(cup)["reserved"]) == ("quotation_sent", 0)
    mail = merchant.letter("quotation", draft)
    assert mail["to"] == [email]
    merchant.import_products({"sku": cup, "price": "120.00"})
    token = token_in(link_to(mail, "/quotes/accept"))
    merchant.api.call("GET", f"/quotes/accept?token={token}", accept="text/html")
    assert merchant.seen(draft)["lifecycle"] == "quoted"
    body = {"token": token, "purchase_order": "OC-77"}
    accepted = merchant.api.call("POST", "/quotes/accept", body).body
    assert accepted["totals"]["total"] == mxn(2 * 9_000 + 7_900)
    seen = merchant.seen(draft)
    assert (seen["lifecycle"], seen["verified"], seen["purchase_order"]) == ("placed", True, "OC-77")
    assert merchant.level(cup)["reserved"] == 2
    with merchant.untouched(draft, cup):
        assert problem(merchant.api.send("POST", "/quotes/accept", body))[:2] == (410, "link-used")
        assert merchant.refused(draft, "place") == (409, "wrong-state", "not-a-draft")


@pytest.mark.capability("D25", "E02", "E03", "E05", "E09")
def test_an_open_cart_is_taken_over_and_finished_by_telephone(merchant: Merchant) -> None:
    cup = merchant.product()
    cart = merchant.api.call("POST", "/carts", {}, status=201).body["cart_id"]
    merchant.api.call("PUT", f"/carts/{cart}/lines/{cup}", {"quantity": 2})

    def listed() -> dict[str, Any] | None:
        carts = merchant.staff.get("/admin/orders?lifecycle=cart")["items"]
        return next((each for each in carts if each["cart_id"] == cart), None)

    assert listed() is None  # nobody knows yet whose it is
    contact = {"email": f"ines.{secrets.token_hex(4)}@example.com", "name": "Inés", "phone": "+525512345678"}
    merchant.api.call("PUT", f"/carts/{cart}/contact", contact)
    found = listed()
    assert found is not None
    assert (found["stage"], found["customer"]) == ("quotation", contact)
    take = f"/admin/carts/{cart}/take"
    told = merchant.staff.call("POST", take, {"name": "Marta"}, status=201, headers=fresh_key()).body
    draft = drafted(merchant, told, contact["email"])
    seen = merchant.api.get(f"/carts/{cart}")
    assert (seen["taken_over"]["by"], listed()) == ("Marta", None)
    with merchant.untouched(draft, cart):
        late = merchant.api.send("PUT", f"/carts/{cart}/lines/{cup}", {"quantity": 9})
        assert problem(late) == (409, "wrong-state", "cart-taken")
        body = merchant.request(cart_id=cart, lines=None)
        ordered = merchant.api.send("POST", "/orders", body, headers=fresh_key())
        assert problem(ordered)[:2] == (409, "wrong-state")
        again = merchant.staff.send("POST", take, {}, headers=fresh_key())
        assert problem(again)[:2] == (409, "wrong-state")
    assert write(merchant, draft, WHERE)["missing"] == []
    placed = merchant.does(draft, "place", {"verified": True, "accept_privacy": True})["order"]
    assert (placed["lifecycle"], placed["channel"], merchant.level(cup)["reserved"]) == ("placed", "phone", 2)
    assert merchant.letter("order_placed", draft)["to"] == [contact["email"]]


@pytest.mark.capability("F21", "A20", "F14")
def test_a_code_holds_its_limits_and_comes_back_from_a_cancelled_order(merchant: Merchant) -> None:
    cup = merchant.product(10_005)
    code = f"VERANO{secrets.token_hex(3).upper()}"
    offer = {
        "code": code,
        "percent_ppm": 100_000,
        "max_uses": 2,
        "max_uses_per_customer": 1,
        "minimum_subtotal": mxn(20_000),
        "skus": [cup],
    }
    merchant.staff.call("POST", "/admin/discount-codes", offer, status=201)
    twin = merchant.staff.send("POST", "/admin/discount-codes", offer)
    assert (problem(twin)[:2], pointers(twin)) == ((422, "invalid"), ["/code"])

    def reason(**changes: Any) -> str:
        wish = {"lines": [{"sku": cup, "quantity": 2}], "discount_code": code} | changes
        body = merchant.request(**wish)
        answer = merchant.api.send("POST", "/orders", body, headers=fresh_key())
        assert (problem(answer)[:2], pointers(answer)) == ((422, "invalid"), ["/discount_code"])
        return str(answer.body["reason"])

    ours = {"email": f"ana.{secrets.token_hex(4)}@example.com", "name": "Ana"}
    wish = {"lines": [{"sku": cup, "quantity": 3}], "discount_code": code.lower(), "customer": ours}
    first = merchant.place(**wish)
    assert first.placed["totals"]["discount"] == mxn(3_002)
    with merchant.untouched(first, cup, code):
        assert reason(customer=ours) == "used-by-you"
        assert reason(lines=[{"sku": cup, "quantity": 1}]) == "minimum"
        assert reason(discount_code="NO-HAY") == "unknown"
    merchant.place(discount_code=code, lines=[{"sku": cup, "quantity": 2}])
    assert reason() == "used-up"
    merchant.does(first, "cancel", {"reason": "customer"})
    eventually(lambda: first.view()["lifecycle"] == "cancelled", "cancelled", first.id)
    assert merchant.staff.get(f"/admin/discount-codes/{code}")["used"] == 1
    assert merchant.place(**wish).placed["totals"]["discount"] == mxn(3_002)


@pytest.mark.capability("F08", "D22")
def test_what_is_sold_beyond_the_stock_goes_to_those_who_waited_longest(merchant: Merchant) -> None:
    cup = merchant.product(stock=1, backorder="2030-12-24")
    first, second = merchant.settled((cup, 3)), merchant.settled((cup, 1))
    assert [order.view()["fulfilment"] for order in (first, second)] == ["backorder", "backorder"]
    assert merchant.level(cup) == {"on_hand": 1, "reserved": 0, "allocated": 1, "available": 0}
    parcel = {"lines": [{"sku": cup, "quantity": 2}], "carrier": "dhl", "tracking_number": "JD1"}
    with merchant.untouched(first, cup):
        assert merchant.refused(first, "ship", parcel) == (409, "wrong-state", "not-enough-to-ship")
    arrival = {"delta": 2, "reason": "proveedor", "location": "main"}
    merchant.staff.call("POST", f"/admin/stock/{cup}/adjust", arrival, headers=fresh_key())
    eventually(lambda: first.view()["fulfilment"] == "unfulfilled", "the older order served", first.id)
    assert second.view()["fulfilment"] == "backorder"
    merchant.ship(first, (cup, 3))
    merchant.staff.call("POST", f"/admin/stock/{cup}/adjust", arrival | {"delta": 1}, headers=fresh_key())
    eventually(lambda: second.view()["fulfilment"] == "unfulfilled", "the younger order served", second.id)
    assert merchant.level(cup) == {"on_hand": 1, "reserved": 0, "allocated": 1, "available": 0}
