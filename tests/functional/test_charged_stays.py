"""What was charged stays: every price, rate, code and rule changes, and no order that was placed does."""

import re

import pytest

from comanda import wiring
from comanda.customers.model import Customer
from comanda.dynamo.transaction import Transaction
from comanda.exports.single import single_order_csv
from tests.functional.mails import deliver, letters
from tests.functional.shop import order_body, set_section, stock_product
from tests.functional.staff import ask, command, show

MXN = "MXN"


def money(amount):
    return {"amount": amount, "currency": MXN}


def prices(call, version, each, **more):
    body = {"breaks": [{"from_quantity": 1, "unit_price": money(each)}], **more}
    path = "/admin/price-lists/mayoreo/CAFE-1"
    answer = ask(call, "PUT", path, body, headers={"If-Match": f'"{version}"'})
    assert answer.status == 200, answer.text


@pytest.fixture
def shop(call):
    """A shop that uses every rule at once; answers the headers of a customer in a group."""
    set_section("shop", tax_included=False, rounding="total")
    set_section("customers", groups=[{"code": "mayoreo", "percent_ppm": 50_000, "minimum_order": 10_000}])
    zone = {"countries": ["MX"], "weight_bands": [{"up_to_grams": 9_000, "price": 7_777}]}
    set_section("shipping", deliveries=[{"code": "ship", "title": {"es": "Envío"}, "zones": [zone]}])
    set_section("payments.on_delivery", enabled=True, surcharge=3_333, surcharge_ppm=12_345)
    stock_product("CAFE-1", price=10_000, units=100, weight_grams=500)
    stock_product("TAZA-1", price=3_333, units=100, tax_ppm=80_000, weight_grams=100)
    prices(call, 0, 8_001, units_per_box=3)
    code = {"code": "VERANO", "percent_ppm": 123_456, "skus": ["TAZA-1", "CAFE-1"], "max_uses": 2}
    assert ask(call, "POST", "/admin/discount-codes", code).status == 201
    customer = Customer(
        "c-1", "ana@example.com", "Ana", verified_at="2026-01-01T00:00:00.000Z", group="mayoreo"
    )
    tx = Transaction()
    wiring.customers().register(tx, customer)
    tx.commit()
    return {"Authorization": f"Bearer {wiring.keys().customer('c-1', 1)}"}


def change_everything(call):
    set_section("shop", tax_included=True, rounding="line")
    set_section("customers", groups=[])
    set_section("shipping", deliveries=[{"code": "drone", "zones": [{"price": 99_900}]}])
    set_section("payments.on_delivery", surcharge=0, surcharge_ppm=900_000)
    set_section("checkout", minimum_order=10**9, discount_codes=[{"code": "VERANO", "amount": 1}])
    stock_product("CAFE-1", price=77_700, units=None, tax_ppm=0)
    stock_product("TAZA-1", price=1, units=None, tax_ppm=999_999)
    set_section("customers", groups=[{"code": "mayoreo"}])
    prices(call, 1, 1, units_per_box=500)
    off = {"active": False, "percent_ppm": 1_000_000, "skus": None, "max_uses": 1}
    changed = ask(call, "PATCH", "/admin/discount-codes/VERANO", off, headers={"If-Match": '"1"'})
    assert changed.status == 200, changed.text


def buy(call, who, key):
    lines = [{"sku": "CAFE-1", "quantity": 3}, {"sku": "TAZA-1", "quantity": 7}]
    body = order_body(lines=lines, payment_method="on_delivery", discount_code="verano")
    del body["customer"]
    answer = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": key} | who)
    assert answer.status == 201, answer.text
    return answer.body


def seen(call, placed):
    """Everything anybody can see of the order's money."""
    order_id = placed["order_id"]
    bearer = {"Authorization": f"Bearer {placed['access_token']}"}
    page = call("customer_order", "GET", f"/orders/{order_id}", headers=bearer | {"Accept": "text/html"})
    loaded = wiring.desk().load(order_id)
    return {
        "staff": show(call, order_id),
        "customer": call("customer_order", "GET", f"/orders/{order_id}", headers=bearer).body,
        "page": page.text,
        "stored": loaded.order,
        "csv": single_order_csv(loaded, wiring.settings().section("shop")[0]).content,
    }


def amounts(letter):
    text = letter.get_body(("plain",)).get_content()
    return re.findall(r"-?\$[\d,]+\.\d\d", text)


@pytest.mark.capability("F14", "A20", "F21", "F22")
def test_a_placed_order_does_not_notice_new_prices_rates_codes_and_rules(call, shop):
    placed, twin = buy(call, shop, "a"), buy(call, shop, "b")
    assert placed["totals"] == twin["totals"]
    before = seen(call, placed)
    assert deliver(placed["order_id"], "order_placed") == []
    then = amounts(letters()[-1])
    change_everything(call)
    after = seen(call, placed)
    for view in (before, after):
        view["staff"].pop("conversation")  # the mail has been sent meanwhile
    assert after == before
    assert deliver(twin["order_id"], "order_placed") == []
    assert amounts(letters()[-1]) == then
    assert len(then) > 5


@pytest.mark.capability("F14")
def test_paying_shipping_and_refunding_go_by_what_was_charged(call, shop):
    placed = buy(call, shop, "a")
    order_id, total = placed["order_id"], placed["totals"]["total"]
    change_everything(call)
    for name, body in (
        ("approve", {}),
        ("mark-paid", {}),
        ("ship", {"lines": [{"sku": "CAFE-1", "quantity": 3}], "carrier": "dhl", "tracking_number": "JD1"}),
    ):
        answer = command(call, order_id, name, body)
        assert answer.status == 200, answer.text
    order = show(call, order_id)
    assert (order["paid"], order["due"], order["totals"]["total"]) == (total, money(0), total)
    assert wiring.desk().load(order_id).order.payment == "paid"


@pytest.mark.capability("F14")
def test_the_lines_charges_and_tax_lines_are_kept_and_add_up(call, shop):
    order = wiring.desk().load(buy(call, shop, "a")["order_id"]).order
    assert [(line.unit_price, line.quantity, line.tax_ppm) for line in order.lines] == [
        (8_001, 3, 160_000),
        (3_166, 7, 80_000),
    ]
    sums = order.totals
    assert (sums.subtotal, sums.shipping) == (24_003 + 22_162, 7_777)
    assert sums.discount == sum(line.discount for line in order.lines) == round(46_165 * 0.123456)
    assert sums.tax == sum(line.amount for line in order.tax_lines)
    assert sums.total == sum(line.total for line in order.lines) + sum(
        charge.amount + charge.tax for charge in order.charges if charge.kind != "discount"
    )
