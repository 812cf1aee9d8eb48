"""Bundles: sold as one line, taken from the stock of what they are made of, given back as taken."""

from datetime import UTC, datetime

import pytest

from comanda import wiring
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.units import Wanted
from comanda.orders.cancel import cancelling
from comanda.stock.import_products import import_products
from comanda.stock.model import Part, Product
from comanda.stock.rows import product_row
from tests.functional.conftest import Call
from tests.functional.shop import level, order_body, place, set_section, stock_product
from tests.functional.test_workflow import approve, order, origin, pay, verify

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
pytestmark = pytest.mark.capability("D01", "D03", "G01")


def bundle(sku: str = "SET-1", price: int = 20_000, **parts: int) -> None:
    """Put a bundle on sale; `A=2` is two units of A."""
    components = tuple(Part(part, units) for part, units in parts.items())
    product = Product(sku, {"es": "Juego", "en": "Set"}, price, 160_000, tracked=False, components=components)
    type(product_row(product)).write(product_row(product))


@pytest.fixture
def shop(clean: None) -> None:
    stock_product("A", units=10)
    stock_product("B", units=4)
    stock_product("U", units=None)
    bundle(A=2, B=1, U=1)


def figures(sku: str) -> tuple[int, int, int, int]:
    found = level(sku)
    return found["on_hand"], found["reserved"], found["allocated"], found["available"]


def lines(*wanted: tuple[str, int]) -> list[dict[str, object]]:
    return [{"sku": sku, "quantity": units} for sku, units in wanted]


def test_the_line_shows_the_bundle_and_the_stock_its_components(call: Call, shop: None) -> None:
    placed = place(call, lines=lines(("SET-1", 3)))
    seen = call(
        "customer_order",
        "GET",
        f"/orders/{placed['order_id']}",
        headers={"Authorization": f"Bearer {placed['access_token']}"},
    ).body
    (line,) = seen["lines"]
    assert (line["sku"], line["name"], line["quantity"], line["reserved"]) == ("SET-1", "Juego", 3, 3)
    assert [part["sku"] for part in line["components"]] == ["A", "B", "U"]
    assert (figures("A"), figures("B")) == ((10, 6, 0, 4), (4, 3, 0, 1))


def test_a_component_on_a_line_of_its_own_is_summed_with_the_bundle(call: Call, shop: None) -> None:
    place(call, lines=lines(("SET-1", 2), ("A", 3), ("A", 3)))
    assert (figures("A"), figures("B")) == ((10, 10, 0, 0), (4, 2, 0, 2))
    refused = call(
        "place_order",
        "POST",
        "/orders",
        order_body(lines=lines(("SET-1", 1))),
        headers={"Idempotency-Key": "k2"},
    )
    assert (refused.status, refused.body["type"]) == (409, "out-of-stock")
    assert (figures("A"), figures("B")) == ((10, 10, 0, 0), (4, 2, 0, 2))


def test_part_of_a_bundle_order_ships_and_the_rest_goes_back_exactly(call: Call, shop: None) -> None:
    set_section("payments.bank_transfer", ship_before_payment=True)
    order_id = place(call, lines=lines(("SET-1", 3), ("A", 1)))["order_id"]
    verify(call, order_id)
    approve(order_id)
    assert (figures("A"), figures("B")) == ((10, 0, 7, 3), (4, 0, 3, 1))
    parcel = Parcel((Wanted(1, sku="SET-1"),), "dhl", "JD1")
    wiring.desk().run(order_id, shipping(parcel, "s1", origin().at), origin())
    assert (figures("A"), figures("B")) == ((8, 0, 5, 3), (3, 0, 2, 1))
    assert [(part.sku, part.quantity) for part in order(order_id).shipments[0].lines] == [("SET-1", 1)]


def test_a_cancelled_bundle_goes_back_whole_whatever_the_bundle_is_by_then(call: Call, shop: None) -> None:
    order_id = place(call, lines=lines(("SET-1", 3)))["order_id"]
    verify(call, order_id)
    approve(order_id)
    pay(order_id)
    assert (figures("A"), figures("B")) == ((10, 0, 6, 4), (4, 0, 3, 1))
    bundle(A=1)  # the merchant sells another composition now
    ends = cancelling("customer_request", "", "staff:1", lambda: "salt", restock=True, refund=False)
    wiring.desk().run(order_id, ends, origin())
    assert (figures("A"), figures("B")) == ((10, 0, 0, 10), (4, 0, 0, 4))


def test_carts_and_catalogue_know_how_many_bundles_there_are(call: Call, shop: None) -> None:
    cart = call("storefront", "POST", "/carts", {"lines": lines(("SET-1", 4))})
    assert (cart.status, cart.body["lines"][0]["available"]) == (201, 4)
    path = f"/carts/{cart.body['cart_id']}/lines/SET-1"
    refused = call("storefront", "PUT", path, {"quantity": 5})
    assert refused.body["lines"] == [{"sku": "SET-1", "requested": 5, "available": 4}]
    listed = call("storefront", "GET", "/products").body["items"]
    assert {item["sku"]: item["available"] for item in listed} == {"A": 10, "B": 4, "SET-1": 4, "U": None}


@pytest.mark.parametrize("parts", [{"GONE": 1}, {"SET-1": 1}])
def test_what_makes_no_bundle_is_not_for_sale(call: Call, shop: None, parts: dict[str, int]) -> None:
    bundle("SET-2", **parts)
    refused = call(
        "place_order",
        "POST",
        "/orders",
        order_body(lines=lines(("SET-2", 1))),
        headers={"Idempotency-Key": "k2"},
    )
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/lines/0/sku")
    assert "SET-2" not in [item["sku"] for item in call("storefront", "GET", "/products").body["items"]]


def test_too_many_products_are_refused_with_bundles_expanded(call: Call, clean: None) -> None:
    wanted = []
    for number in range(17):
        parts = {f"P{number}-{one}": 1 for one in range(5)}
        for part in parts:
            stock_product(part)
        bundle(f"SET-{number}", **parts)
        wanted.append((f"SET-{number}", 1))
    refused = call(
        "place_order", "POST", "/orders", order_body(lines=lines(*wanted)), headers={"Idempotency-Key": "k"}
    )
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/lines")
    assert level("P0-0")["reserved"] == 0
    placed = place(call, "k2", lines=lines(*wanted[:16]))
    assert placed["lifecycle"] == "awaiting_verification"
    assert level("P15-4")["reserved"] == 1


HEADER = "sku,name_es,price,tax,stock,components"


def imported(*rows: str):
    data = "\n".join([HEADER, *rows, ""]).encode()
    return import_products(data, store=wiring.stock(), currency="MXN", now=NOW, actor="staff:ana")


def test_a_product_file_brings_bundles(call: Call, clean: None) -> None:
    report = imported("SET-1,Juego,200,16,,A:2|B", "A,Uno,10,16,10,", "B,Dos,20,16,4,")
    assert (report.state, report.created, report.problems) == ("done", 3, [])
    place(call, lines=lines(("SET-1", 2)))
    assert (figures("A"), figures("B")) == ((10, 4, 0, 6), (4, 2, 0, 2))
    assert imported("SET-1,Juego,200,16,,A:2|B").unchanged == 1
    assert imported("SET-1,Juego,200,16,,").updated == 1
    assert wiring.stock().products(["SET-1"])["SET-1"].components == ()


def test_a_product_file_with_odd_bundles_changes_nothing(clean: None) -> None:
    report = imported("X,Uno,1,0,1,", "S,Juego,2,0,,GONE:1|S:1|X:1", "T,Otro,2,0,7,X", "V,Mal,2,0,,X:0")
    assert (report.state, wiring.stock().products(["S", "X"])) == ("refused", {})
    assert sorted((found.row, found.column, found.value) for found in report.problems) == [
        (3, "components", "GONE"),
        (3, "components", "S"),
        (4, "stock", "7"),
        (5, "components", "X:0"),
    ]
