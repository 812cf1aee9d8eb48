"""What a buyer meets at checkout: the seller's form, privacy, stock, being known already."""

import secrets

import pytest

from local.demo.mailbox import link_to
from local.demo.outside import Api, fresh_key
from tests.e2e.shop import ADDRESS, Shop

pytestmark = pytest.mark.e2e


@pytest.mark.capability("A03")
def test_the_seller_designs_the_form(shop: Shop) -> None:
    field = {
        "name": "obra",
        "type": "text",
        "label": {"es": "Obra o sucursal", "en": "Site"},
        "required": True,
        "choices": [],
    }
    with shop.setting("checkout", fields=[field]):
        shown = shop.api.get("/checkout/form?locale=es")["fields"]
        assert [(each["name"], each["label"], each["required"]) for each in shown] == [
            ("obra", "Obra o sucursal", True)
        ]
        refused = shop.api.send("POST", "/orders", shop.request(), headers=fresh_key())
        assert (refused.status, refused.body["type"]) == (422, "invalid")
        assert [error["pointer"] for error in refused.body["errors"]] == ["/fields/obra"]
        order = shop.place(fields={"obra": "Peña de Bernal"})
    texts = shop.staff.order(order.id)
    assert texts["fields"] == {"obra": "Peña de Bernal"}


@pytest.mark.capability("A05")
def test_without_accepting_the_privacy_policy_nothing_is_ordered(shop: Shop) -> None:
    body = shop.request(accept_privacy=False)
    sku = body["lines"][0]["sku"]
    before = shop.available(sku)
    refused = shop.api.send("POST", "/orders", body, headers=fresh_key())
    assert (refused.status, refused.body["type"]) == (422, "privacy-not-accepted")
    assert shop.available(sku) == before


@pytest.mark.capability("D01", "D03")
def test_more_than_there_is_cannot_be_ordered(shop: Shop) -> None:
    product = shop.products()[-1]
    sku, left = product["sku"], product["available"]
    body = shop.request(lines=[{"sku": sku, "quantity": left - 1}, {"sku": sku, "quantity": 2}])
    refused = shop.api.send("POST", "/orders", body, headers=fresh_key())
    assert (refused.status, refused.body["type"]) == (409, "out-of-stock")
    assert refused.body["lines"] == [{"sku": sku, "requested": left + 1, "available": left}]
    assert shop.available(sku) == left


@pytest.mark.capability("A04", "A21")
def test_a_known_customer_skips_form_and_verification(shop: Shop) -> None:
    first = shop.place(payment_method="request")
    token = shop.verify(first)["customer_token"]
    body = shop.request(payment_method="request")
    del body["customer"], body["shipping_address"]
    known = Api(shop.stack["api_url"], token)
    placed = known.call("POST", "/orders", body, status=201, headers=fresh_key()).body
    assert placed["lifecycle"] == "placed"
    mail = shop.mailbox.wait("order_placed", placed["order_id"])
    assert mail["to"] == [first.email]
    assert shop.mailbox.mails(event="verification", order_id=placed["order_id"]) == []
    seen = shop.staff.order(placed["order_id"])
    assert seen["customer"]["name"] == "Lucía Peña Ibáñez"
    assert seen["addresses"]["shipping"]["line1"] == ADDRESS["line1"]


@pytest.mark.capability("A02", "A08", "A22")
def test_an_order_request_asks_for_no_money(shop: Shop) -> None:
    order = shop.place(payment_method="request")
    assert "payment_action" not in order.placed
    shop.verify(order)
    shop.decide(order, "approve")
    shop.mailbox.wait("order_approved", order.id)
    assert order.axes() == ("placed", "none", "unfulfilled")
    code = shop.ship(order)
    shop.scan(code, "delivered")
    shop.wait(order, "lifecycle", "closed")


@pytest.mark.capability("A20")
def test_discount_surcharge_and_comment_stand_on_the_order(shop: Shop) -> None:
    product = shop.products()[0]
    comment = f"Para la señora Núñez {secrets.token_hex(3)}"
    order = shop.place(
        lines=[{"sku": product["sku"], "quantity": 1}],
        payment_method="on_delivery",
        discount_code="bienvenida10",
        comment=comment,
    )
    totals = {
        name: money["amount"] for name, money in order.placed["totals"].items() if name != "tax_included"
    }
    price = product["price"]["amount"]
    assert totals["subtotal"] == price
    assert totals["discount"] == round(price / 10)
    assert totals["surcharge"] == 3500
    assert totals["total"] == price - totals["discount"] + 3500 + totals["shipping"]
    assert shop.staff.order(order.id)["comment"] == comment


@pytest.mark.capability("A06")
def test_a_mistyped_address_is_corrected_and_the_first_link_is_dead(shop: Shop) -> None:
    order = shop.place(payment_method="request")
    first = link_to(shop.mailbox.wait("verification", order.id), "/verify-email")
    right = f"correcta.{secrets.token_hex(4)}@example.com"
    order.api.call("POST", f"/orders/{order.id}/resend-verification", {"email": right}, status=202)
    second = link_to(shop.mailbox.wait("verification", order.id, to=right), "/verify-email")
    assert second != first
    old = shop.api.send("POST", "/verify-email", {"token": first.split("token=")[1]})
    assert old.status in (404, 410)
    verified = shop.api.call("POST", "/verify-email", {"token": second.split("token=")[1]}).body
    assert verified["email"] == right


@pytest.mark.capability("C01", "C05")
def test_the_order_page_opens_without_an_account_and_only_with_its_token(shop: Shop) -> None:
    order = shop.place(payment_method="request")
    opened = Api("").call("GET", order.placed["tracking_url"], accept="text/html", status=303)
    assert "token" not in opened.headers["location"]
    cookie = opened.headers["set-cookie"].split(";")[0]
    clean = shop.stack["api_url"] + f"/orders/{order.id}"
    page = Api("").call("GET", clean, accept="text/html", headers={"Cookie": cookie})
    assert order.number in page.text
    assert Api("").send("GET", clean, accept="text/html").status == 404
    stranger = Api(shop.stack["api_url"], "x" * 43).send("GET", f"/orders/{order.id}")
    nobody = Api(shop.stack["api_url"], "x" * 43).send("GET", "/orders/01jdoesnotexist")
    assert (stranger.status, stranger.body["type"]) == (404, "not-found")
    assert stranger.body == nobody.body
