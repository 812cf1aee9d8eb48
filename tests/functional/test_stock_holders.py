"""Which orders hold units of a product, so that a shelf count can be reconciled with the queue."""

import pytest

from comanda import wiring
from comanda.search.project import project
from tests.functional.conftest import Call
from tests.functional.shop import level, place, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.test_bundles import bundle, lines
from tests.functional.test_workflow import approve, pay, verify

pytestmark = pytest.mark.capability("D22")


def found(order_id: str) -> str:
    """What the stream does for the search."""
    project(order_id, wiring.orders().load, wiring.search_tokens())
    return order_id


def made_ready(call: Call, order_id: str) -> None:
    verify(call, order_id)
    approve(order_id)
    pay(order_id)


def holding(call: Call, sku: str) -> list[tuple[str, int, int]]:
    answer = ask(call, "GET", f"/admin/stock/{sku}/orders")
    assert (answer.status, answer.body["next"]) == (200, None)
    return [(row["order_id"], row["reserved"], row["allocated"]) for row in answer.body["items"]]


def test_orders_in_the_queue_add_up_to_what_the_shelf_says(call: Call, clean: None) -> None:
    stock_product("CAFE-1", units=20)
    stock_product("CAFE-10", units=20)
    stock_product("TAZA-1", units=20)
    bundle("SET-1", **{"CAFE-1": 2, "TAZA-1": 1})
    waiting = found(place(call, "key-1", lines=lines(("CAFE-1", 3)))["order_id"])
    bundled = found(place(call, "key-2", lines=lines(("SET-1", 2), ("CAFE-1", 1)))["order_id"])
    paid = found(place(call, "key-3", lines=lines(("CAFE-1", 2)))["order_id"])
    made_ready(call, paid)
    found(place(call, "key-4", lines=lines(("CAFE-10", 4)))["order_id"])
    gone = found(place(call, "key-5", lines=lines(("CAFE-1", 1)))["order_id"])
    assert command(call, gone, "cancel", {"reason": "customer_request"}).status == 200
    held = holding(call, "CAFE-1")
    assert sorted(held) == sorted([(waiting, 3, 0), (bundled, 5, 0), (paid, 0, 2)])
    shelf = level("CAFE-1")
    assert (shelf["reserved"], shelf["allocated"]) == (
        sum(reserved for _, reserved, _ in held),
        sum(allocated for _, _, allocated in held),
    )
    assert holding(call, "NADA") == []
    row = next(
        r for r in ask(call, "GET", "/admin/stock/CAFE-1/orders").body["items"] if r["order_id"] == paid
    )
    assert (row["number"], row["lifecycle"], row["payment"], row["places"]) == (
        show(call, paid)["number"],
        "placed",
        "paid",
        ["main"],
    )


def test_what_was_shipped_is_in_nobodys_hands(call: Call, clean: None) -> None:
    stock_product("CAFE-1", units=20)
    order_id = found(place(call, "key-6", lines=lines(("CAFE-1", 3)))["order_id"])
    made_ready(call, order_id)
    some = {"lines": [{"sku": "CAFE-1", "quantity": 2}], "carrier": "dhl", "tracking_number": "T1"}
    assert command(call, order_id, "ship", some).status == 200
    assert holding(call, "CAFE-1") == [(order_id, 0, 1)]
    rest = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "T2"}
    assert command(call, order_id, "ship", rest).status == 200
    assert holding(call, "CAFE-1") == []


def test_a_cursor_of_another_list_is_refused(call: Call, clean: None) -> None:
    refused = ask(call, "GET", "/admin/stock/CAFE-1/orders", query={"cursor": "bm8"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/cursor")
