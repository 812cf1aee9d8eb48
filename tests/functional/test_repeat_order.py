"""The same order again: at today's prices, and nothing is dropped without a word."""

from typing import Any

import pytest

from comanda import wiring
from comanda.stock.rows import StockRow, stock_key
from tests.functional.conftest import Answer, Call
from tests.functional.drafts import draft, pointers, withdraw
from tests.functional.shop import ADDRESS, CUSTOMER, level, order_body, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

LINES = [{"sku": "CAFE-1", "quantity": 2}, {"sku": "TAZA-1", "quantity": 3}, {"sku": "CAFE-1", "quantity": 1}]


def ordered(call: Call, **changes: object) -> str:
    stock_product()
    stock_product("TAZA-1", price=5000)
    order_id: str = place(call, lines=LINES, comment="Sin prisa", **changes)["order_id"]
    return order_id


@pytest.mark.capability("D28")
def test_a_repeat_is_a_draft_of_the_same_for_the_same_customer(call: Call) -> None:
    order_id = ordered(call)
    answer = command(call, order_id, "repeat")
    assert answer.status == 200, answer.text
    draft_, told = answer.body["order"], answer.body["result"]
    assert draft_["order_id"] == told["order_id"] != order_id
    assert (draft_["lifecycle"], draft_["made_of"]) == ("draft", f"order:{order_id}")
    assert [(line["sku"], line["quantity"]) for line in draft_["lines"]] == [("CAFE-1", 3), ("TAZA-1", 3)]
    assert (draft_["customer"]["email"], draft_["addresses"]["shipping"]) == (CUSTOMER["email"], ADDRESS)
    assert (draft_["method"], draft_["delivery"], draft_["comment"]) == ("bank_transfer", "ship", None)
    assert {name: told[name] for name in ("gone", "short", "repriced", "left_out", "missing")} == {
        name: [] for name in ("gone", "short", "repriced", "left_out", "missing")
    }
    assert level()["reserved"] == 3  # of the first order alone
    placed = command(call, draft_["order_id"], "place", {"verified": True})
    assert placed.status == 200
    assert level()["reserved"] == 6


@pytest.mark.capability("D28")
def test_what_is_gone_short_or_priced_otherwise_is_named(call: Call) -> None:
    stock_product("VASO-1", price=700)
    lines = [*LINES, {"sku": "VASO-1", "quantity": 1}]
    stock_product()
    stock_product("TAZA-1", price=5000)
    order_id = place(call, lines=lines)["order_id"]
    stock_product(price=12000, units=4)
    StockRow.write(StockRow(stock_key("TAZA-1"), sku="TAZA-1", location="main", on_hand=2, available=2))
    withdraw("VASO-1")
    told = command(call, order_id, "repeat").body
    assert told["result"]["gone"] == [{"sku": "VASO-1", "name": "Café VASO-1", "quantity": 1}]
    assert told["result"]["short"] == [{"sku": "TAZA-1", "requested": 3, "available": 2}]
    assert told["result"]["repriced"] == [
        {
            "sku": "CAFE-1",
            "was": {"amount": 11600, "currency": "MXN"},
            "now": {"amount": 12000, "currency": "MXN"},
        }
    ]
    assert [(line["sku"], line["quantity"]) for line in told["order"]["lines"]] == [
        ("CAFE-1", 3),
        ("TAZA-1", 3),
    ]
    assert told["order"]["totals"]["total"]["amount"] == 3 * 12000 + 3 * 5000


def test_a_way_to_pay_and_a_discount_of_then_are_named_too(call: Call) -> None:
    set_section("checkout", discount_codes=[{"code": "VERANO", "percent_ppm": 100_000}])
    order_id = ordered(call, discount_code="VERANO")
    set_section("payments.bank_transfer", enabled=False)
    told = command(call, order_id, "repeat").body
    assert pointers(told["result"]["left_out"]) == ["/discount_code", "/payment_method"]
    assert pointers(told["result"]["missing"]) == ["/payment_method"]
    assert told["order"]["totals"]["discount"]["amount"] == 0


@pytest.mark.capability("D28")
def test_an_order_that_ended_is_repeated_whole(call: Call) -> None:
    order_id = ordered(call)
    command(call, order_id, "cancel", {"reason": "customer"})
    told = command(call, order_id, "repeat").body
    assert sum(line["quantity"] for line in told["order"]["lines"]) == 6


def test_repeating_twice_under_one_key_makes_one_draft(call: Call) -> None:
    order_id = ordered(call)
    first = command(call, order_id, "repeat", key="r")
    again = command(call, order_id, "repeat", key="r")
    assert (again.body, again.headers["idempotent-replay"]) == (first.body, "true")


def test_a_repeat_is_refused_to_who_has_not_seen_the_order_as_it_is(call: Call) -> None:
    order_id = ordered(call)
    version = show(call, order_id)["version"]
    command(call, order_id, "hold", {"reason": "fraud"})
    before = contents()
    assert command(call, order_id, "repeat", version=version).status == 412
    assert ask(call, "POST", f"/admin/orders/{order_id}/repeat", {}).status == 428
    assert command(call, order_id, "repeat", role="picker").status == 403
    assert contents() == before


def test_the_first_order_stays_as_it_was(call: Call) -> None:
    order_id = ordered(call)
    before = wiring.desk().load(order_id)
    command(call, order_id, "repeat")
    assert wiring.desk().load(order_id) == before


def test_a_draft_can_be_repeated(call: Call) -> None:
    stock_product()
    begun = draft(call, lines=[{"sku": "CAFE-1", "quantity": 4}])["order"]
    told = command(call, begun["order_id"], "repeat").body
    assert [(line["sku"], line["quantity"]) for line in told["order"]["lines"]] == [("CAFE-1", 4)]


def again(call: Call, placed: dict[str, Any], key: str = "", token: str = "") -> Answer:
    headers = {"authorization": f"Bearer {token or placed['access_token']}"}
    headers |= {"idempotency-key": key} if key else {}
    return call("customer_order", "POST", f"/orders/{placed['order_id']}/repeat", headers=headers)


@pytest.mark.capability("D28")
def test_a_customer_repeats_an_order_as_a_cart_and_orders_it(call: Call) -> None:
    stock_product(units=20)
    placed = place(call)
    stock_product(price=12000, units=20)
    answer = again(call, placed)
    assert answer.status == 201, answer.text
    cart = answer.body
    assert (cart["contact"]["email"], cart["totals"]["total"]["amount"]) == (CUSTOMER["email"], 24000)
    assert [one["now"]["amount"] for one in cart["repeat"]["repriced"]] == [12000]
    body = {name: value for name, value in order_body(cart_id=cart["cart_id"]).items() if name != "lines"}
    ordered_again = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "second"})
    assert (ordered_again.status, ordered_again.body["totals"]["total"]["amount"]) == (201, 24000)


@pytest.mark.capability("D28")
def test_a_customers_repeat_names_what_is_gone_or_short(call: Call) -> None:
    stock_product()
    stock_product("TAZA-1", price=5000)
    stock_product("VASO-1", price=700)
    placed = place(call, lines=[*LINES, {"sku": "VASO-1", "quantity": 1}])
    StockRow.write(StockRow(stock_key("TAZA-1"), sku="TAZA-1", location="main", on_hand=2, available=2))
    withdraw("VASO-1")
    cart = again(call, placed).body
    assert cart["repeat"]["gone"] == [{"sku": "VASO-1", "name": "Café VASO-1", "quantity": 1}]
    assert cart["repeat"]["short"] == [{"sku": "TAZA-1", "requested": 3, "available": 2}]
    assert [(line["sku"], line["quantity"]) for line in cart["lines"]] == [("CAFE-1", 3), ("TAZA-1", 2)]


def test_a_customers_repeat_counts_once_per_key_and_only_with_the_token(call: Call) -> None:
    stock_product()
    placed = place(call)
    first, second = again(call, placed, key="k"), again(call, placed, key="k")
    assert (second.status, second.body, second.headers["idempotent-replay"]) == (201, first.body, "true")
    before = contents()
    assert again(call, placed, token="wrong").status == 404
    assert contents() == before
