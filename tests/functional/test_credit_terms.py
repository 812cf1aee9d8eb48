"""Goods on credit: due dates, limits that hold, and what is owed after everything that can happen."""

from typing import Any

import pytest

from comanda import wiring
from comanda.times import later
from tests.functional.conftest import Answer, Call
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.test_customers import change, everything, shown, verified

PRICE = 23_200  # two coffees
LIMIT = 60_000
type Trader = tuple[str, str]


@pytest.fixture
def trader(call: Call) -> tuple[str, str]:
    """A verified customer whose group pays 30 days after the order: id and token."""
    stock_product(units=1_000)
    set_section("limits", per_address=1000, per_email=1000)
    set_section("payments.cheque", enabled=True)
    group = {"code": "wholesale", "net_days": 30, "credit_limit": LIMIT}
    set_section("customers", groups=[group])
    order_id = place(call)["order_id"]
    token = verified(call, order_id)
    customer_id = wiring.desk().load(order_id).order.customer_id
    assert command(call, order_id, "cancel", {"reason": "customer"}).status == 200
    assert change(call, "PATCH", customer_id, {"group": "wholesale"}).status == 200
    return customer_id, token


def asked(call: Call, token: str, key: str, **changes: Any) -> Answer:
    body: dict[str, Any] = {
        "lines": [{"sku": "CAFE-1", "quantity": 2}],
        "delivery": "ship",
        "payment_method": "bank_transfer",
        "accept_privacy": True,
    }
    headers = {"Idempotency-Key": key, "Authorization": f"Bearer {token}"}
    return call("place_order", "POST", "/orders", body | changes, headers=headers)


def owed(call: Call, customer_id: str) -> int:
    return int(shown(call, customer_id)["credit_terms"]["owed"]["amount"])


@pytest.mark.capability("F21")
def test_an_order_on_terms_is_due_later_and_ships_before_it_is_paid(call: Call, trader: Trader) -> None:
    customer_id, token = trader
    order_id = asked(call, token, "one").body["order_id"]
    order = show(call, order_id)
    assert order["due_at"] == later(order["created_at"], 30 * 86_400)
    terms = order["terms"]
    assert (terms["on_credit"], terms["remind_at"], terms.get("pay_by", "")) == (True, order["due_at"], "")
    assert shown(call, customer_id)["credit_terms"] == {
        "net_days": 30,
        "credit_limit": {"amount": LIMIT, "currency": "MXN"},
        "source": "group",
        "owed": {"amount": PRICE, "currency": "MXN"},
    }
    assert command(call, order_id, "approve").status == 200
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 2}], "carrier": "dhl", "tracking_number": "JD1"}
    assert command(call, order_id, "ship", parcel).status == 200
    assert owed(call, customer_id) == PRICE
    assert (
        command(call, order_id, "mark-paid", {"amount": {"amount": 3_200, "currency": "MXN"}}).status == 200
    )
    assert owed(call, customer_id) == PRICE - 3_200
    assert command(call, order_id, "mark-paid").status == 200
    assert owed(call, customer_id) == 0


@pytest.mark.capability("F21")
def test_what_is_cancelled_is_owed_no_more(call: Call, trader: Trader) -> None:
    customer_id, token = trader
    order_id = asked(call, token, "one", payment_method="cheque").body["order_id"]
    assert owed(call, customer_id) == PRICE
    assert command(call, order_id, "cancel", {"reason": "customer"}).status == 200
    assert owed(call, customer_id) == 0


@pytest.mark.capability("F21")
def test_beyond_the_limit_an_order_is_refused_and_nothing_is_written(call: Call, trader: Trader) -> None:
    customer_id, token = trader
    for key in ("one", "two"):
        assert asked(call, token, key).status == 201
    before = everything()
    refused = asked(call, token, "three")
    assert (refused.status, refused.body["type"]) == (409, "credit-limit"), refused.text
    assert (refused.body["limit"], refused.body["owed"], refused.body["order"]) == (LIMIT, 2 * PRICE, PRICE)
    assert everything() == before
    assert asked(call, token, "small", lines=[{"sku": "CAFE-1", "quantity": 1}]).status == 201
    huge = asked(call, token, "huge", lines=[{"sku": "CAFE-1", "quantity": 500}])
    assert huge.body["type"] == "credit-limit"
    assert owed(call, customer_id) == 58_000


@pytest.mark.capability("F21")
def test_beyond_the_limit_an_order_is_held_where_the_shop_wants_that(call: Call, trader: Trader) -> None:
    customer_id, token = trader
    group = {"code": "wholesale", "net_days": 30, "credit_limit": 30_000}
    set_section("customers", groups=[group], over_limit="hold")
    first, second = (asked(call, token, key).body["order_id"] for key in ("one", "two"))
    assert show(call, first)["holds"] == []
    held = show(call, second)
    assert [(hold["reason"], hold["open"]) for hold in held["holds"]] == [("credit_limit", True)]
    assert owed(call, customer_id) == 2 * PRICE
    found = ask(call, "GET", "/admin/orders", query={"hold": "credit_limit"}).body["items"]
    assert [one["order_id"] for one in found] == [second]


@pytest.mark.capability("F21")
def test_own_terms_come_before_the_groups_and_none_means_paying_first(call: Call, trader: Trader) -> None:
    customer_id, token = trader
    own = change(call, "PATCH", customer_id, {"net_days": 10, "credit_limit": 30_000}).body["credit_terms"]
    assert (own["net_days"], own["credit_limit"]["amount"], own["source"]) == (10, 30_000, "customer")
    order = show(call, asked(call, token, "one").body["order_id"])
    assert order["due_at"] == later(order["created_at"], 10 * 86_400)
    assert asked(call, token, "two").body["type"] == "credit-limit"
    assert change(call, "PATCH", customer_id, {"net_days": 0}).status == 200
    paying = show(call, asked(call, token, "three").body["order_id"])
    assert (paying["due_at"], paying["terms"].get("on_credit", False)) == (None, False)
    back = change(call, "PATCH", customer_id, {"net_days": None, "credit_limit": None}).body["credit_terms"]
    assert (back["net_days"], back["source"]) == (30, "group")


@pytest.mark.capability("F21")
def test_a_guest_with_the_same_address_pays_first(call: Call, trader: Trader) -> None:
    customer_id, _ = trader
    order = show(call, place(call, "guest")["order_id"])
    assert order["due_at"] is None
    assert owed(call, customer_id) == 0


@pytest.mark.capability("F21", "F16")
def test_what_store_credit_paid_is_not_owed(call: Call, trader: Trader) -> None:
    customer_id, token = trader
    money = {"amount": {"amount": 3_200, "currency": "MXN"}, "reason": "cortesía"}
    path, key = f"/admin/customers/{customer_id}/credit", {"Idempotency-Key": "given"}
    assert ask(call, "POST", path, money, role="admin", headers=key).status == 200
    answer = asked(call, token, "one", store_credit=True)
    assert answer.status == 201, answer.text
    assert owed(call, customer_id) == PRICE - 3_200
    assert command(call, answer.body["order_id"], "cancel", {"reason": "customer"}).status == 200
    assert owed(call, customer_id) == 0
