"""Delivery at checkout through the real handlers: offered, priced, refused, and kept as charged."""

import pytest

from comanda import wiring
from tests.functional.shop import ADDRESS, order_body, place, set_section, stock_product
from tests.functional.staff import show
from tests.functional.tables import contents

SHIP = {
    "code": "ship",
    "title": {"es": "Paquetería"},
    "carrier": "estafeta",
    "zones": [
        {"countries": ["MX"], "states": ["CDMX"], "price": 7900, "free_from": 100000},
        {"countries": ["MX"], "postal_ranges": [{"first": "21000", "last": "22999"}], "excluded": True},
        {
            "countries": ["MX"],
            "weight_bands": [{"up_to_grams": 1000, "price": 9900}, {"up_to_grams": 5000, "price": 19900}],
        },
    ],
}
FETCH = {
    "code": "pickup",
    "title": {"es": "Recoger", "en": "Pick up"},
    "needs_address": False,
    "place": {"es": "Coyoacán 12"},
    "hours": {"es": "Lunes a sábado, 9 a 19 h"},
    "slots": ["mañana", "tarde"],
}
MONTERREY = ADDRESS | {"city": "Monterrey", "state": "Nuevo León", "postal_code": "64000"}
TIJUANA = ADDRESS | {"city": "Tijuana", "state": "Baja California", "postal_code": "22000"}


@pytest.fixture(autouse=True)
def shop(aws):
    set_section("shipping", deliveries=[SHIP, FETCH])
    stock_product("CAFE-1", units=100, weight_grams=500)


def form(call, **query):
    answer = call("storefront", "GET", "/checkout/form", query=query)
    assert answer.status == 200, answer.text
    return {way["code"]: way for way in answer.body["delivery"]}


def refused(call, **changes):
    before = contents()
    answer = call("place_order", "POST", "/orders", order_body(**changes), headers={"Idempotency-Key": "no"})
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert contents() == before
    return answer.body


@pytest.mark.capability("F22")
def test_the_form_offers_what_goes_to_the_address_at_its_price(call):
    everything = form(call)
    assert [everything["ship"]["price"]["amount"], everything["ship"]["carrier"]] == [7900, "estafeta"]
    assert everything["pickup"]["hours"] == "Lunes a sábado, 9 a 19 h"
    assert (everything["pickup"]["place"], everything["pickup"]["slots"]) == (
        "Coyoacán 12",
        ["mañana", "tarde"],
    )
    assert form(call, country="MX", state="cdmx", postal_code="06700")["ship"]["price"]["amount"] == 7900
    assert set(form(call, country="MX", postal_code="22000")) == {"pickup"}
    cart = call("storefront", "POST", "/carts", {"lines": [{"sku": "CAFE-1", "quantity": 3}]}).body["cart_id"]
    assert form(call, country="MX", postal_code="64000", cart_id=cart)["ship"]["price"]["amount"] == 19900


@pytest.mark.capability("F22")
def test_what_the_form_says_is_what_is_charged(call):
    for key, quantity, where in (
        ("a", 2, ADDRESS),
        ("b", 2, MONTERREY),
        ("c", 10, MONTERREY),
        ("d", 9, ADDRESS),
    ):
        lines = [{"sku": "CAFE-1", "quantity": quantity}]
        cart = call("storefront", "POST", "/carts", {"lines": lines}).body["cart_id"]
        asked = {name: where[name] for name in ("country", "state", "postal_code")}
        shown = form(call, **asked, cart_id=cart)["ship"]["price"]
        placed = place(call, key, lines=None, cart_id=cart, shipping_address=where)
        assert placed["totals"]["shipping"] == shown
    assert [shown["amount"], placed["totals"]["total"]["amount"]] == [0, 9 * 11600]


@pytest.mark.capability("F22")
def test_an_address_nobody_delivers_to_is_refused_with_what_is_open(call):
    body = refused(call, shipping_address=TIJUANA)
    assert body["errors"] == [
        {"pointer": "/shipping_address/postal_code", "detail": "ship is not offered at 22000"}
    ]
    assert body["deliveries"] == ["pickup"]
    heavy = refused(call, shipping_address=MONTERREY, lines=[{"sku": "CAFE-1", "quantity": 11}])
    assert heavy["errors"][0]["pointer"] == "/delivery"
    abroad = refused(call, shipping_address=ADDRESS | {"country": "US", "postal_code": "90210"})
    assert abroad["errors"][0]["detail"] == "ship is not offered in US; it goes to MX"


@pytest.mark.capability("F22")
def test_the_chosen_time_stands_on_the_order(call):
    assert refused(call, delivery="pickup", delivery_slot="noche")["errors"] == [
        {"pointer": "/delivery_slot", "detail": "one of: mañana, tarde"}
    ]
    placed = place(call, delivery="pickup", delivery_slot="tarde")
    assert show(call, placed["order_id"])["delivery_slot"] == "tarde"
    headers = {"Authorization": f"Bearer {placed['access_token']}"}
    seen = call("customer_order", "GET", f"/orders/{placed['order_id']}", headers=headers)
    assert (seen.body["delivery"], seen.body["delivery_slot"]) == ("pickup", "tarde")
    page = call(
        "customer_order", "GET", f"/orders/{placed['order_id']}", headers=headers | {"Accept": "text/html"}
    )
    assert "Recoger, Coyoacán 12, tarde" in page.text


def test_a_known_customers_own_address_decides_the_zone(call):
    from comanda.customers.model import Customer
    from comanda.dynamo.transaction import Transaction

    known = Customer(
        "c-1", "ana@example.com", "Ana", verified_at="2026-01-01T00:00:00.000Z", address=MONTERREY
    )
    tx = Transaction()
    wiring.customers().register(tx, known)
    tx.commit()
    token = wiring.keys().customer("c-1", 1)
    body = order_body()
    del body["customer"], body["shipping_address"]
    headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {token}"}
    answer = call("place_order", "POST", "/orders", body, headers=headers)
    assert answer.status == 201, answer.text
    assert answer.body["totals"]["shipping"]["amount"] == 9900
