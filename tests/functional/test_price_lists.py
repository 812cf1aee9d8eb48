"""Price lists by group through the real handlers: shown, charged, refused, kept by staff, imported."""

import pytest

from comanda import wiring
from comanda.customers.model import Customer
from comanda.dynamo.transaction import Transaction
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents

PATH = "/admin/price-lists"
FILE = """sku;from_quantity;unit_price;units_per_box;minimum_quantity
CAFE-1;1;80.00;6;
CAFE-1;12;70,50;;
TAZA-1;;;;4
"""


@pytest.fixture(autouse=True)
def shop(aws):
    set_section("customers", groups=[{"code": "mayoreo"}, {"code": "socios", "percent_ppm": 100_000}])
    stock_product("CAFE-1", price=10_000, units=1000)
    stock_product("TAZA-1", price=3_333, units=1000)


def money(amount):
    return {"amount": amount, "currency": "MXN"}


def known(group, number=1):
    """The headers of a known customer of a group."""
    customer_id = f"c-{number}"
    customer = Customer(
        customer_id, f"c{number}@example.com", "Ana", verified_at="2026-01-01T00:00:00.000Z", group=group
    )
    tx = Transaction()
    wiring.customers().register(tx, customer)
    tx.commit()
    return {"Authorization": f"Bearer {wiring.keys().customer(customer_id, 1)}"}


def put(call, group, sku, version=0, **body):
    return ask(call, "PUT", f"{PATH}/{group}/{sku}", body, headers={"If-Match": f'"{version}"'})


def brk(start, amount):
    return {"from_quantity": start, "unit_price": money(amount)}


def order(call, key, headers=None, **changes):
    body = order_body(**changes)
    if headers:
        del body["customer"]
    sent = {"Idempotency-Key": key} | (headers or {})
    return call("place_order", "POST", "/orders", body, headers=sent)


def shown(call, headers=None):
    return {p["sku"]: p for p in call("storefront", "GET", "/products", headers=headers or {}).body["items"]}


@pytest.mark.capability("F21")
def test_a_known_customer_sees_and_pays_the_price_of_the_group(call):
    assert put(call, "mayoreo", "CAFE-1", breaks=[brk(1, 8_000), brk(10, 7_000)]).status == 200
    wholesale, member = known("mayoreo"), known("socios", 2)
    prices = [shown(call, who)["CAFE-1"]["price"]["amount"] for who in (None, wholesale, member)]
    assert prices == [10_000, 8_000, 9_000]
    assert shown(call, wholesale)["CAFE-1"]["price_breaks"] == [brk(10, 7_000)]
    assert shown(call, wholesale)["TAZA-1"]["price"]["amount"] == 3_333
    assert shown(call, member)["TAZA-1"]["price"]["amount"] == 3_000
    for number, (who, quantity, each) in enumerate(
        [(None, 10, 10_000), (wholesale, 9, 8_000), (wholesale, 10, 7_000), (member, 1, 9_000)]
    ):
        placed = order(call, f"k{number}", who, lines=[{"sku": "CAFE-1", "quantity": quantity}])
        assert (placed.status, placed.body["totals"]["subtotal"]) == (201, money(each * quantity)), (
            placed.text
        )


@pytest.mark.capability("F21")
def test_a_cart_shows_what_its_order_costs(call):
    put(call, "mayoreo", "CAFE-1", breaks=[brk(1, 8_000), brk(10, 7_000)])
    who = known("mayoreo")
    cart = call(
        "storefront", "POST", "/carts", {"lines": [{"sku": "CAFE-1", "quantity": 12}]}, headers=who
    ).body
    assert (cart["lines"][0]["unit_price"], cart["totals"]["total"]) == (money(7_000), money(84_000))
    placed = order(
        call, "k", who, lines=None, cart_id=cart["cart_id"], expected_total=cart["totals"]["total"]
    )
    assert (placed.status, placed.body["totals"]["total"]) == (201, money(84_000))


def test_the_same_product_on_two_lines_is_one_quantity(call):
    put(call, "everyone", "CAFE-1", breaks=[brk(10, 7_000)])
    lines = [{"sku": "CAFE-1", "quantity": 4}, {"sku": "CAFE-1", "quantity": 6}]
    assert place(call, lines=lines)["totals"]["subtotal"] == money(70_000)


@pytest.mark.capability("F21")
def test_boxes_and_least_quantities_are_refused_with_what_fits(call):
    put(call, "everyone", "CAFE-1", units_per_box=6)
    put(call, "everyone", "TAZA-1", minimum_quantity=3)
    before = contents()
    lines = [{"sku": "CAFE-1", "quantity": 8}, {"sku": "TAZA-1", "quantity": 1}]
    answer = order(call, "k", lines=lines)
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert answer.body["errors"] == [
        {
            "pointer": "/lines/0/quantity",
            "detail": "CAFE-1 comes in boxes of 6: order 6 or 12 instead of 8",
            "quantities": [6, 12],
        },
        {
            "pointer": "/lines/1/quantity",
            "detail": "TAZA-1 takes 3 at least: order 3 instead of 1",
            "quantities": [3],
        },
    ]
    begun = call("storefront", "POST", "/carts", {"lines": lines})
    assert [e["pointer"] for e in begun.body["errors"]] == ["/lines/0/quantity", "/lines/1/quantity"]
    assert contents() == before
    cart = call("storefront", "POST", "/carts", {}).body["cart_id"]
    changed = call("storefront", "PUT", f"/carts/{cart}/lines/CAFE-1", {"quantity": 7})
    assert (changed.status, changed.body["errors"][0]["quantities"]) == (422, [6, 12])
    assert call("storefront", "PUT", f"/carts/{cart}/lines/CAFE-1", {"quantity": 12}).status == 200
    assert (shown(call)["CAFE-1"]["units_per_box"], shown(call)["TAZA-1"]["minimum_quantity"]) == (6, 3)
    place(call, lines=[{"sku": "CAFE-1", "quantity": 12}, {"sku": "TAZA-1", "quantity": 3}])


@pytest.mark.capability("F21")
def test_an_order_takes_so_much_at_least_by_group(call):
    set_section("checkout", minimum_order=20_001)
    set_section("customers", groups=[{"code": "mayoreo", "minimum_order": 50_000}, {"code": "socios"}])
    before = contents()
    small = order(call, "a")
    assert (small.status, small.body["errors"][0]["pointer"], small.body["minimum"]) == (
        422,
        "/lines",
        money(20_001),
    )
    assert (
        small.body["errors"][0]["detail"]
        == "an order takes goods for 200.01 MXN at least; these are 200.00 MXN"
    )
    assert contents() == before
    assert order(call, "b", lines=[{"sku": "CAFE-1", "quantity": 3}]).status == 201
    who = known("mayoreo")
    assert order(call, "c", who, lines=[{"sku": "CAFE-1", "quantity": 4}]).body["minimum"] == money(50_000)
    assert order(call, "d", who, lines=[{"sku": "CAFE-1", "quantity": 5}]).status == 201


@pytest.mark.capability("F21", "F13")
def test_staff_keep_a_list(call):
    first = put(call, "mayoreo", "CAFE-1", breaks=[brk(1, 8_000)], units_per_box=6)
    assert (first.body["version"], first.headers["etag"], first.body["units_per_box"]) == (1, '"1"', 6)
    put(call, "mayoreo", "TAZA-1", breaks=[brk(1, 3_000)])
    page = ask(call, "GET", f"{PATH}/mayoreo", query={"limit": "1"}).body
    assert ([item["sku"] for item in page["items"]], page["next"]) == (["CAFE-1"], "CAFE-1")
    rest = ask(call, "GET", f"{PATH}/mayoreo", query={"cursor": "CAFE-1"}).body
    assert ([item["sku"] for item in rest["items"]], rest["next"]) == (["TAZA-1"], None)
    assert put(call, "mayoreo", "CAFE-1", 1, breaks=[brk(1, 8_000)], units_per_box=6).body["version"] == 1
    gone = put(call, "mayoreo", "CAFE-1", 1)
    assert (gone.status, gone.body["breaks"], gone.body["version"]) == (200, [], 2)
    assert [item["sku"] for item in ask(call, "GET", f"{PATH}/mayoreo").body["items"]] == ["TAZA-1"]
    assert shown(call, known("mayoreo"))["CAFE-1"]["price"]["amount"] == 10_000
    assert put(call, "mayoreo", "CAFE-1", 2, breaks=[brk(1, 1)]).body["version"] == 3


@pytest.mark.parametrize(
    ("group", "version", "body", "status", "pointer"),
    [
        ("nadie", 0, {}, 404, ""),
        ("mayoreo", 0, {"units_per_box": 6}, 412, ""),
        ("mayoreo", 2, {"units_per_box": 6}, 412, ""),
        ("mayoreo", 1, {"breaks": [brk(5, 1), brk(5, 2)]}, 422, "/breaks"),
        ("mayoreo", 1, {"breaks": [brk(5, 1), brk(2, 2)]}, 422, "/breaks"),
        ("mayoreo", 1, {"units_per_box": 0}, 422, "/units_per_box"),
        (
            "mayoreo",
            1,
            {"breaks": [{"from_quantity": 1, "unit_price": {"amount": 1, "currency": "EUR"}}]},
            422,
            "/breaks/0/unit_price/currency",
        ),
    ],
)
def test_what_a_list_cannot_say_changes_nothing(call, group, version, body, status, pointer):
    put(call, "mayoreo", "CAFE-1", breaks=[brk(1, 8_000)])
    before = contents()
    answer = put(call, group, "CAFE-1", version, **body)
    assert answer.status == status, answer.text
    if pointer:
        assert [error["pointer"] for error in answer.body["errors"]] == [pointer]
    assert contents() == before


def upload(call, text, group="mayoreo"):
    return ask(call, "POST", f"{PATH}/{group}/import", text, headers={"Content-Type": "text/csv"})


@pytest.mark.capability("F21")
def test_a_list_is_imported_once_however_often_it_is_sent(call):
    put(call, "mayoreo", "OTRO-1", breaks=[brk(1, 5)])
    assert upload(call, FILE).body == {"products": 2, "changed": 2, "unchanged": 0}
    before = contents()
    assert upload(call, FILE).body == {"products": 2, "changed": 0, "unchanged": 2}
    assert contents() == before
    coffee = ask(call, "GET", f"{PATH}/mayoreo/CAFE-1").body
    assert (coffee["breaks"], coffee["units_per_box"]) == ([brk(1, 8_000), brk(12, 7_050)], 6)
    listed = ask(call, "GET", f"{PATH}/mayoreo").body["items"]
    assert [item["sku"] for item in listed] == ["CAFE-1", "OTRO-1", "TAZA-1"]


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("", ["/1/sku"]),
        ("sku,precio\nA,1\n", ["/1/precio"]),
        ("sku,unit_price\nCAFE-1,abc\nTAZA-1,1.00\n,2.00\n", ["/2/unit_price", "/4/sku"]),
        ("sku,unit_price,from_quantity\nCAFE-1,1.00,0\n", ["/2/from_quantity"]),
        ("sku,unit_price\nCAFE-1,1.00\nCAFE-1,2.00\n", ["/"]),
    ],
)
def test_a_wrong_file_changes_nothing(call, text, pointers):
    before = contents()
    answer = upload(call, text)
    assert (answer.status, [error["pointer"] for error in answer.body["errors"]]) == (422, pointers)
    assert contents() == before


def test_staff_may_sell_less_than_a_box_on_the_telephone(call):
    put(call, "everyone", "CAFE-1", units_per_box=6)
    draft = ask(
        call,
        "POST",
        "/admin/drafts",
        {"lines": [{"sku": "CAFE-1", "quantity": 1}]},
        headers={"Idempotency-Key": "d"},
    )
    assert draft.status == 201, draft.text


@pytest.mark.capability("F21", "D25")
def test_a_line_added_by_an_edit_costs_what_it_costs_that_customer(call):
    put(call, "mayoreo", "TAZA-1", breaks=[brk(1, 3_000), brk(10, 2_500)])
    group, guest = order(call, "a", known("mayoreo")).body, place(call, "b")
    action = {"actions": [{"type": "add", "sku": "TAZA-1", "quantity": 10}]}
    for placed, each in ((group, 2_500), (guest, 3_333)):
        path = f"/admin/orders/{placed['order_id']}"
        version = {"If-Match": ask(call, "GET", path).headers["etag"]}
        edit = ask(call, "POST", f"{path}/edits", action, headers=version | {"Idempotency-Key": f"e{each}"})
        assert edit.status == 201, edit.text
        assert edit.body["preview"]["difference"]["amount"] == 10 * each
