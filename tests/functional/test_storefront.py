"""Products, checkout form and carts through the real handler."""

from datetime import UTC, datetime, timedelta

import pytest

from comanda import wiring
from comanda.carts.store import CartRow
from comanda.dynamo.transaction import Transaction
from comanda.settings.sections import Limits
from comanda.stock.rows import ProductRow, product_key
from tests.functional.shop import level, order_body, set_section, stock_product

MXN = "MXN"


def money(amount: int) -> dict[str, object]:
    return {"amount": amount, "currency": MXN}


def totals(total: int, tax: int) -> dict[str, object]:
    nothing = dict.fromkeys(("discount", "surcharge", "shipping"), money(0))
    return {
        "subtotal": money(total),
        "tax": money(tax),
        "total": money(total),
        "tax_included": True,
    } | nothing


@pytest.fixture
def shop(call):
    """shop("GET", "/products") asks the storefront."""

    def ask(method, path, body=None, **more):
        return call("storefront", method, path, body, **more)

    return ask


@pytest.fixture
def cart(shop) -> str:
    answer = shop("POST", "/carts")
    assert answer.status == 201
    return str(answer.body["cart_id"])


def put(shop, cart: str, sku: str, quantity: object):
    return shop("PUT", f"/carts/{cart}/lines/{sku}", {"quantity": quantity})


@pytest.mark.capability("A01", "D01")
def test_products_are_listed_with_price_and_what_is_left(shop):
    stock_product("CAFE-1", units=10)
    stock_product("GIFT-1", price=50000, units=None)
    answer = shop("GET", "/products", query={"locale": "en"})
    assert answer.status == 200
    plain = {"image": None, "backorder": None, "price_breaks": [], "units_per_box": 1, "minimum_quantity": 1}
    coffee = {"sku": "CAFE-1", "name": "Coffee CAFE-1", "price": money(11600), "available": 10}
    gift = {"sku": "GIFT-1", "name": "Coffee GIFT-1", "price": money(50000), "available": None}
    assert answer.body == {"items": [coffee | plain, gift | plain], "next": None}


def test_products_come_page_by_page(shop):
    for number in range(5):
        stock_product(f"P-{number}")
    seen, cursor = [], ""
    for _ in range(3):
        page = shop("GET", "/products", query={"limit": "2"} | ({"cursor": cursor} if cursor else {})).body
        seen += [item["sku"] for item in page["items"]]
        cursor = page["next"]
    assert (seen, cursor) == (["P-0", "P-1", "P-2", "P-3", "P-4"], None)


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ({"cursor": "ñ"}, 400, "malformed"),
        ({"cursor": "_w"}, 400, "malformed"),
        ({"limit": "0"}, 422, "invalid"),
        ({"limit": "101"}, 422, "invalid"),
        ({"limit": "many"}, 422, "invalid"),
    ],
)
def test_a_page_that_cannot_be_asked_for_is_refused(shop, query, status, kind):
    answer = shop("GET", "/products", query=query)
    assert (answer.status, answer.body["type"]) == (status, kind)


@pytest.mark.parametrize(
    ("query", "accept", "name"),
    [
        ({}, "", "Café CAFE-1"),
        ({}, "en-GB,en;q=0.9,es;q=0.5", "Coffee CAFE-1"),
        ({}, "fr,de", "Café CAFE-1"),
        ({"locale": "es"}, "en", "Café CAFE-1"),
        ({"locale": "en-US"}, "es", "Coffee CAFE-1"),
        ({"locale": "xx"}, "en", "Café CAFE-1"),
    ],
)
def test_names_come_in_the_language_asked_for(shop, query, accept, name):
    stock_product()
    answer = shop("GET", "/products", query=query, headers={"accept-language": accept})
    assert answer.body["items"][0]["name"] == name


@pytest.mark.capability("A03", "C17")
def test_the_form_shows_the_sellers_fields_and_what_is_offered(shop):
    set_section(
        "checkout",
        fields=[
            {"name": "gift", "type": "checkbox", "label": {"es": "¿Es regalo?", "en": "Is it a gift?"}},
            {
                "name": "size",
                "type": "choice",
                "label": {"es": "Talla"},
                "required": True,
                "choices": ["S", "M"],
            },
        ],
        privacy={"version": "2026-11", "url": "https://shop.example.com/privacidad"},
    )
    set_section("payments.stripe", enabled=False)
    body = shop("GET", "/checkout/form", query={"locale": "en"}).body
    assert body["fields"] == [
        {"name": "gift", "type": "checkbox", "label": "Is it a gift?", "required": False},
        {"name": "size", "type": "choice", "label": "Talla", "required": True, "choices": ["S", "M"]},
    ]
    assert [method["code"] for method in body["payment_methods"]] == ["bank_transfer", "request"]
    assert body["payment_methods"][0]["title"] == "Bank transfer"
    assert body["payment_methods"][0]["instructions"].startswith("Transfer the amount")
    assert [(way["code"], way["title"], way["price"]) for way in body["delivery"]] == [
        ("ship", "Home delivery", money(0)),
        ("pickup", "Pick up in store", money(0)),
    ]
    assert body["privacy"] == {"version": "2026-11", "url": "https://shop.example.com/privacidad"}
    assert body["required"]["customer"] == ["email", "name"]


def test_a_delivery_is_shown_with_its_zones(shop):
    zones = [
        {"countries": ["MX"], "postal_prefixes": ["06"], "price": 7900, "free_from": 150000},
        {"countries": ["MX"], "price": 14900},
    ]
    set_section("shipping", deliveries=[{"code": "ship", "title": {"es": "Envío"}, "zones": zones}])
    way = shop("GET", "/checkout/form").body["delivery"][0]
    assert way["price"] == money(7900)
    shown = [(z["countries"], z["postal_prefixes"], z["price"], z["free_from"]) for z in way["zones"]]
    assert shown == [
        (["MX"], ["06"], money(7900), money(150000)),
        (["MX"], [], money(14900), None),
    ]


@pytest.mark.capability("A02")
def test_a_cart_is_begun_empty_filled_and_emptied(shop, cart):
    stock_product("CAFE-1", units=10)
    stock_product("TAZA-1", price=23200, units=None)
    empty = shop("GET", f"/carts/{cart}").body
    assert (empty["lines"], empty["totals"]) == ([], totals(0, 0))
    put(shop, cart, "CAFE-1", 2)
    answer = put(shop, cart, "TAZA-1", 1)
    assert answer.status == 200
    assert answer.body == {
        "cart_id": cart,
        "lines": [
            {
                "sku": "CAFE-1",
                "name": "Café CAFE-1",
                "quantity": 2,
                "unit_price": money(11600),
                "total": money(23200),
                "available": 10,
                "backorder": None,
                "reserved": 0,
                "image": None,
            },
            {
                "sku": "TAZA-1",
                "name": "Café TAZA-1",
                "quantity": 1,
                "unit_price": money(23200),
                "total": money(23200),
                "available": None,
                "backorder": None,
                "reserved": 0,
                "image": None,
            },
        ],
        "totals": totals(46400, 6400),
        "unavailable": [],
        "contact": None,
        "ordered": False,
        "reserved_until": None,
        "taken_over": None,
    }
    assert level()["available"] == 10
    assert [line["sku"] for line in put(shop, cart, "CAFE-1", 0).body["lines"]] == ["TAZA-1"]
    assert shop("GET", f"/carts/{cart}").body["lines"][0]["sku"] == "TAZA-1"


def test_a_cart_begins_with_lines(shop):
    stock_product("CAFE-1", units=10)
    lines = [{"sku": "CAFE-1", "quantity": 2}, {"sku": "CAFE-1", "quantity": 1}]
    answer = shop("POST", "/carts", {"lines": lines, "locale": "en"})
    assert answer.status == 201
    assert [(line["name"], line["quantity"]) for line in answer.body["lines"]] == [("Coffee CAFE-1", 3)]


def test_a_cart_under_the_same_key_is_begun_once(shop):
    stock_product("CAFE-1", units=10)
    body = {"lines": [{"sku": "CAFE-1", "quantity": 2}]}
    first = shop("POST", "/carts", body, headers={"Idempotency-Key": "k1"})
    again = shop("POST", "/carts", body, headers={"Idempotency-Key": "k1"})
    assert (again.status, again.headers["idempotent-replay"], again.body) == (201, "true", first.body)
    other = shop("POST", "/carts", headers={"Idempotency-Key": "k1"})
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")


def test_what_is_not_there_or_not_enough_is_refused_and_the_cart_stays(shop, cart):
    stock_product("CAFE-1", units=3)
    put(shop, cart, "CAFE-1", 2)
    before = shop("GET", f"/carts/{cart}").body
    short = put(shop, cart, "CAFE-1", 4)
    assert (short.status, short.body["type"]) == (409, "out-of-stock")
    assert short.body["lines"] == [{"sku": "CAFE-1", "requested": 4, "available": 3}]
    unknown = put(shop, cart, "NADA", 1)
    assert (unknown.status, unknown.body["detail"]) == (404, "there is no product 'NADA' for sale")
    assert put(shop, cart, "NADA", 0).status == 200
    assert shop("GET", f"/carts/{cart}").body == before
    assert shop("GET", "/carts/nosuchcart").status == 404
    assert put(shop, "nosuchcart", "CAFE-1", 1).status == 404


def test_a_cart_that_cannot_begin_names_every_line(shop):
    stock_product("CAFE-1", units=3)
    lines = [{"sku": "CAFE-1", "quantity": 4}, {"sku": "NADA", "quantity": 1}, {"sku": "NIX", "quantity": 1}]
    unknown = shop("POST", "/carts", {"lines": lines})
    assert (unknown.status, unknown.body["errors"]) == (
        422,
        [
            {"pointer": "/lines/1/sku", "detail": "there is no product 'NADA' for sale"},
            {"pointer": "/lines/2/sku", "detail": "there is no product 'NIX' for sale"},
        ],
    )
    short = shop("POST", "/carts", {"lines": lines[:1]})
    assert (short.status, short.body["lines"]) == (409, [{"sku": "CAFE-1", "requested": 4, "available": 3}])


@pytest.mark.parametrize(
    "body", [{}, {"quantity": -1}, {"quantity": "2"}, {"quantity": 100_001}, {"quantity": 1.5}]
)
def test_a_quantity_that_is_none_is_refused(shop, cart, body):
    stock_product()
    answer = shop("PUT", f"/carts/{cart}/lines/CAFE-1", body)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/quantity")


def test_a_cart_takes_no_more_than_an_order_can(shop):
    for number in range(81):
        stock_product(f"P-{number:02d}", units=None)
    lines = [{"sku": f"P-{number:02d}", "quantity": 1} for number in range(80)]
    full = shop("POST", "/carts", {"lines": lines}).body["cart_id"]
    answer = put(shop, full, "P-80", 1)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/lines")
    assert put(shop, full, "P-79", 2).status == 200


def test_a_product_taken_off_sale_is_named_apart_and_costs_nothing(shop, cart):
    stock_product("CAFE-1")
    stock_product("TAZA-1")
    put(shop, cart, "CAFE-1", 1)
    put(shop, cart, "TAZA-1", 3)
    ProductRow.change(ProductRow(product_key("TAZA-1")), [ProductRow.active.set(False)])
    body = shop("GET", f"/carts/{cart}").body
    assert [line["sku"] for line in body["lines"]] == ["CAFE-1"]
    assert body["unavailable"] == [{"sku": "TAZA-1", "quantity": 3}]
    assert body["totals"] == totals(11600, 1600)


def test_prices_without_tax_add_it_to_the_total(shop, cart):
    set_section("shop", tax_included=False)
    stock_product("CAFE-1", price=10000)
    sums = put(shop, cart, "CAFE-1", 1).body["totals"]
    assert (sums["subtotal"], sums["tax"], sums["total"]) == (money(10000), money(1600), money(11600))
    assert sums["tax_included"] is False


def test_the_contact_is_kept_with_the_cart(shop, cart):
    contact = {"email": "ana@example.com", "name": "Ana Muñoz"}
    answer = shop("PUT", f"/carts/{cart}/contact", contact, query={"locale": "en"})
    assert (answer.status, answer.body["contact"]) == (200, contact)
    assert wiring.carts().load(cart).locale == "en"
    assert (wiring.carts().load(cart).lines, wiring.carts().load(cart).contact) == ((), contact)


@pytest.mark.parametrize("email", ["ana", "ana@", "@example.com", "a b@example.com", "", "ana@localhost"])
def test_a_contact_nobody_can_write_to_is_refused(shop, cart, email):
    answer = shop("PUT", f"/carts/{cart}/contact", {"email": email, "name": "Ana"})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/email")
    assert wiring.carts().load(cart).contact == {}


def test_two_changes_at_once_are_both_kept(shop, cart, monkeypatch):
    stock_product("CAFE-1")
    stock_product("TAZA-1")
    commit = Transaction.commit

    def other_first(tx: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        put(shop, cart, "TAZA-1", 2)
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", other_first)
    lines = put(shop, cart, "CAFE-1", 1).body["lines"]
    assert [(line["sku"], line["quantity"]) for line in lines] == [("TAZA-1", 2), ("CAFE-1", 1)]
    assert wiring.carts().load(cart).version == 3


def test_a_cart_lives_on_after_each_change(shop, cart, monkeypatch):
    stock_product()
    set_section("checkout", cart_seconds=3600)
    before = CartRow.read(cart).expires_at
    put(shop, cart, "CAFE-1", 1)
    row = CartRow.read(cart)
    changed = wiring.carts().load(cart).updated_at
    from comanda.times import moment

    assert row.expires_at == int(moment(changed).timestamp()) + 3600
    assert before > row.expires_at


@pytest.mark.capability("A02", "D01")
def test_a_cart_becomes_an_order_once(call, shop, cart):
    stock_product(units=5)
    put(shop, cart, "CAFE-1", 2)
    body = order_body(cart_id=cart)
    del body["lines"]
    placed = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k1"})
    assert placed.status == 201
    assert placed.body["totals"]["total"] == money(23200)
    replay = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k1"})
    assert (replay.status, replay.body["order_id"]) == (201, placed.body["order_id"])
    second = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k2"})
    assert (second.status, second.body["type"], second.body["guard"]) == (409, "wrong-state", "cart-ordered")
    change = put(shop, cart, "CAFE-1", 1)
    assert (change.status, change.body["guard"]) == (409, "cart-ordered")
    assert shop("GET", f"/carts/{cart}").body["ordered"] is True
    assert level()["available"] == 3


def test_too_many_carts_a_minute_are_refused(shop):
    set_section("limits", per_address=2)
    assert [shop("POST", "/carts").status for _ in range(3)] == [201, 201, 429]


def test_a_changed_limit_holds_from_the_next_minute_on(shop, monkeypatch):
    minute = datetime(2026, 11, 22, 12, 0, 59, tzinfo=UTC)
    monkeypatch.setattr(wiring, "now", lambda: minute)
    assert shop("POST", "/carts").status == 201
    wiring.settings().put("limits", Limits(per_address=1), version=0, at="2026-11-22", actor="staff:1")
    assert shop("POST", "/carts").status == 201
    minute += timedelta(seconds=1)
    assert [shop("POST", "/carts").status for _ in range(2)] == [201, 429]
