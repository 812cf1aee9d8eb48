"""Sold beyond the stock: promised, shown, and served oldest first when units come in."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comanda import wiring
from comanda.orders.cancel import cancelling
from comanda.stock.import_products import import_products
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.shop import level, order_body, place, set_section
from tests.functional.staff import ask
from tests.functional.test_workflow import approve, order, origin, pay, verify

__all__ = ["backbone"]
pytestmark = pytest.mark.capability("D22")
NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


def stocked(*rows: str, header: str = "sku,name_es,price,tax,stock,backorder,preorder") -> Any:
    data = "\n".join([header, *rows, ""]).encode()
    return import_products(data, store=wiring.stock(), currency="MXN", now=NOW, actor="staff:ana")


@pytest.fixture
def shop(clean: None) -> None:
    assert stocked("CAFE-1,Café,116,16,2,2026-12-24,").problems == []


def wanting(call: Call, units: int, key: str = "key-1") -> dict[str, Any]:
    return place(call, key, lines=[{"sku": "CAFE-1", "quantity": units}])


def receive(call: Call, units: int, key: str = "in-1") -> None:
    body = {"delta": units, "reason": "received"}
    answer = ask(
        call, "POST", "/admin/stock/CAFE-1/adjust", body, role="admin", headers={"Idempotency-Key": key}
    )
    assert answer.status == 200, answer.text


def counts(order_id: str) -> tuple[int, int, int]:
    line = order(order_id).lines[0]
    return line.reserved, line.allocated, line.backordered


def test_the_order_and_its_customer_see_what_is_promised(call: Call, shop: None) -> None:
    placed = wanting(call, 5)
    assert placed["fulfilment"] == "backorder"
    seen = call(
        "customer_order",
        "GET",
        f"/orders/{placed['order_id']}",
        headers={"Authorization": f"Bearer {placed['access_token']}"},
    ).body
    (line,) = seen["lines"]
    assert (line["reserved"], line["backordered"], line["promised_at"]) == (2, 3, "2026-12-24")
    assert level() == {"on_hand": 2, "reserved": 2, "allocated": 0, "available": 0}
    listed = call("storefront", "GET", "/products").body["items"][0]
    assert (listed["available"], listed["backorder"]) == (
        0,
        {"kind": "backorder", "promised_at": "2026-12-24"},
    )
    cart = call("storefront", "POST", "/carts", {"lines": [{"sku": "CAFE-1", "quantity": 4}]})
    assert (cart.status, cart.body["lines"][0]["available"]) == (201, 0)


def test_what_comes_in_goes_to_the_oldest_order_first(call: Call, shop: None) -> None:
    first, second = wanting(call, 4)["order_id"], wanting(call, 3, "key-2")["order_id"]
    assert (counts(first), counts(second)) == ((2, 0, 2), (0, 0, 3))
    receive(call, 3)
    assert (counts(first), counts(second)) == ((4, 0, 0), (1, 0, 2))
    assert (order(first).fulfilment, order(second).fulfilment) == ("unfulfilled", "backorder")
    receive(call, 5, "in-2")
    assert counts(second) == (3, 0, 0)
    assert level() == {"on_hand": 10, "reserved": 7, "allocated": 0, "available": 3}
    assert list(wiring.stock().queue()) == []


def test_units_that_come_in_for_a_paid_order_belong_to_it_at_once(call: Call, shop: None) -> None:
    order_id = wanting(call, 3)["order_id"]
    verify(call, order_id)
    approve(order_id)
    pay(order_id)
    assert counts(order_id) == (0, 2, 1)
    receive(call, 1)
    assert counts(order_id) == (0, 3, 0)


def test_what_an_order_gives_back_is_served_by_the_sweep(call: Call, shop: None, backbone: Backbone) -> None:
    first, second = wanting(call, 2)["order_id"], wanting(call, 1, "key-2")["order_id"]
    ends = cancelling("customer_request", "", "staff:1", lambda: "salt", restock=True, refund=False)
    wiring.desk().run(first, ends, origin())
    assert counts(second) == (0, 0, 1)
    assert backbone.sweep()["served"] == 1
    assert counts(second) == (1, 0, 0)
    assert backbone.sweep()["served"] == 0


def test_an_order_that_ends_waits_no_longer(call: Call, shop: None) -> None:
    order_id = wanting(call, 5)["order_id"]
    ends = cancelling("customer_request", "", "staff:1", lambda: "salt", restock=True, refund=False)
    wiring.desk().run(order_id, ends, origin())
    assert list(wiring.stock().queue()) == []
    assert counts(order_id) == (0, 0, 0)
    receive(call, 4)
    assert level() == {"on_hand": 6, "reserved": 0, "allocated": 0, "available": 6}


def test_whoever_does_not_pay_loses_the_place_in_the_queue(
    call: Call, shop: None, backbone: Backbone
) -> None:
    set_section("payments.bank_transfer", remind_seconds=None, cancel_seconds=None, hold_seconds=600)
    stocked("CAFE-1,Café,116,16,0,yes,")
    order_id = wanting(call, 2)["order_id"]
    assert counts(order_id) == (0, 0, 2)
    backbone.settle()
    backbone.later(seconds=731)
    backbone.sweep()
    assert (counts(order_id), order(order_id).reservation) == ((0, 0, 0), "expired")
    assert list(wiring.stock().queue()) == []
    pay(order_id)
    assert counts(order_id) == (0, 0, 2)


def test_what_is_not_sold_beyond_its_stock_is_sold_out(call: Call, shop: None) -> None:
    assert stocked("CAFE-1,Café,116,16,2,no,").updated == 1
    body = order_body(lines=[{"sku": "CAFE-1", "quantity": 3}])
    refused = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k"})
    assert (refused.status, refused.body["lines"]) == (
        409,
        [{"sku": "CAFE-1", "requested": 3, "available": 2}],
    )
    assert level()["reserved"] == 0


def test_a_preorder_needs_its_date_and_is_sold_before_there_is_any(call: Call, clean: None) -> None:
    refused = stocked("CAFE-1,Café,116,16,0,,yes", "B,Dos,1,0,0,yes,2026-12-24", "C,Tres,1,0,0,soon,")
    assert [(found.row, found.column) for found in sorted(refused.problems, key=lambda p: p.row)] == [
        (2, "preorder"),
        (3, "preorder"),
        (4, "backorder"),
    ]
    assert stocked("CAFE-1,Café,116,16,0,,2027-02-01").problems == []
    placed = wanting(call, 1)
    line = order(placed["order_id"]).lines[0]
    assert (placed["fulfilment"], line.promised_at) == ("backorder", "2027-02-01")


def test_a_bundle_waits_for_the_component_that_is_short(call: Call, clean: None) -> None:
    header = "sku,name_es,price,tax,stock,backorder,components"
    made = stocked("A,Uno,1,0,4,,", "CAFE-1,Dos,1,0,1,yes,", "SET,Juego,9,0,,,A:1|CAFE-1:1", header=header)
    assert made.problems == []
    order_id = place(call, lines=[{"sku": "SET", "quantity": 3}])["order_id"]
    assert counts(order_id) == (1, 0, 2)
    assert (level("A")["reserved"], level("CAFE-1")["reserved"]) == (1, 1)
    receive(call, 1)
    assert counts(order_id) == (2, 0, 1)
    body = order_body(lines=[{"sku": "SET", "quantity": 3}])
    refused = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k"})
    assert (refused.status, refused.body["lines"]) == (
        409,
        [{"sku": "SET", "requested": 3, "available": 0}],
    )
