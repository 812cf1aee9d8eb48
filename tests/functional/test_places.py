"""Several locations and shards: units are taken from wherever they are and go back there."""

from typing import Any

import pytest

from comanda import wiring
from comanda.orders.cancel import cancelling
from comanda.orders.holdings import holdings
from tests.functional.conftest import Answer, Call
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_workflow import order, origin

pytestmark = pytest.mark.capability("D01", "F07", "G01")


def tell(call: Call, what: str, key: str, **body: Any) -> Answer:
    path = f"/admin/stock/CAFE-1/{what}"
    return ask(call, "POST", path, body, role="admin", headers={"Idempotency-Key": key})


def figures(call: Call) -> dict[str, tuple[int, int, int, int]]:
    found = ask(call, "GET", "/admin/stock/CAFE-1", role="admin").body["locations"]
    names = ("on_hand", "reserved", "allocated", "available")
    return {one["location"]: tuple(one[name] for name in names) for one in found}  # type: ignore[misc]


def taken(order_id: str) -> list[tuple[str, int, int]]:
    return [(h.location, h.shard, h.reserved) for line in order(order_id).lines for h in holdings(line)]


def cancel(order_id: str) -> None:
    ends = cancelling("customer_request", "", "staff:1", lambda: "salt", restock=True, refund=False)
    wiring.desk().run(order_id, ends, origin())


def wanting(units: int) -> list[dict[str, Any]]:
    return [{"sku": "CAFE-1", "quantity": units}]


@pytest.fixture
def shop(clean: None) -> None:
    stock_product(units=4)
    set_section("stock", locations=[{"code": "norte"}])


def test_a_product_is_sold_from_every_place_it_is_kept_at(call: Call, shop: None) -> None:
    assert tell(call, "adjust", "a", delta=3, reason="received", location="sur").status == 404
    made = tell(call, "adjust", "b", delta=3, reason="received", location="norte")
    assert (made.status, made.body["on_hand"]) == (200, 3)
    assert call("storefront", "GET", "/products").body["items"][0]["available"] == 7
    order_id = place(call, lines=wanting(6))["order_id"]
    assert taken(order_id) == [("main", 0, 4), ("norte", 0, 2)]
    assert figures(call) == {"main": (4, 4, 0, 0), "norte": (3, 2, 0, 1)}
    body = order_body(lines=wanting(2))
    refused = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k"})
    assert (refused.status, refused.body["lines"]) == (
        409,
        [{"sku": "CAFE-1", "requested": 2, "available": 1}],
    )
    cancel(order_id)
    assert figures(call) == {"main": (4, 0, 0, 4), "norte": (3, 0, 0, 3)}


def test_a_count_moves_the_stock_by_its_difference_and_reservations_stand(call: Call, shop: None) -> None:
    place(call, lines=wanting(3))
    assert tell(call, "count", "a", counted=9).body["delta"] == 5
    assert figures(call) == {"main": (9, 3, 0, 6)}
    assert tell(call, "count", "b", counted=9).body["delta"] == 0
    refused = tell(call, "count", "c", counted=2)
    assert (refused.status, refused.body["type"]) == (409, "out-of-stock")
    assert figures(call) == {"main": (9, 3, 0, 6)}
    again = tell(call, "count", "a", counted=9)
    assert (again.body["delta"], again.headers["idempotent-replay"]) == (5, "true")
    shown = ask(call, "GET", "/admin/stock/CAFE-1", role="admin").body["adjustments"]
    assert sorted(one["delta"] for one in shown) == [0, 5]


def test_a_hot_product_is_spread_sold_across_and_gathered(call: Call, shop: None) -> None:
    assert tell(call, "spread", "a", shards=3).status == 200
    _, levels = wiring.stock().shelf("CAFE-1", "main")
    assert {spot[1]: level.available for spot, level in levels.items()} == {0: 2, 1: 1, 2: 1}
    order_id = place(call, lines=wanting(3))["order_id"]
    assert sum(units for _, _, units in taken(order_id)) == 3
    assert len(taken(order_id)) > 1
    assert figures(call) == {"main": (4, 3, 0, 1)}
    assert tell(call, "spread", "b", shards=1).status == 200
    assert figures(call) == {"main": (4, 3, 0, 1)}
    cancel(order_id)  # every unit goes back to the shard it came from
    assert figures(call) == {"main": (4, 0, 0, 4)}
    whole = place(call, "key-2", lines=wanting(4))["order_id"]  # and none is out of sight there
    cancel(whole)
    assert tell(call, "spread", "c", shards=1).status == 200
    assert wiring.stock().products(["CAFE-1"])["CAFE-1"].places == (("main", 1),)
    _, levels = wiring.stock().shelf("CAFE-1", "main", 3)
    assert {spot[1]: level.available for spot, level in levels.items()} == {0: 4, 1: 0, 2: 0}


def test_corrections_of_a_spread_product_take_from_every_shard(call: Call, shop: None) -> None:
    assert tell(call, "spread", "a", shards=3).status == 200
    assert tell(call, "adjust", "b", delta=-3, reason="broken").body["on_hand"] == 1
    refused = tell(call, "adjust", "c", delta=-2, reason="broken")
    assert refused.body["lines"] == [{"sku": "CAFE-1", "requested": 2, "available": 1}]
    assert tell(call, "count", "d", counted=6).body["delta"] == 5
    assert figures(call) == {"main": (6, 0, 0, 6)}
    assert tell(call, "spread", "e", shards=0).status == 422


def test_units_are_brought_from_one_place_to_another(call: Call, shop: None) -> None:
    place(call, lines=wanting(1))
    body: dict[str, Any] = {"units": 2, "from": "main", "to": "norte"}
    moved = tell(call, "transfer", "a", **body)
    assert (moved.status, moved.body["from"]["on_hand"], moved.body["to"]["on_hand"]) == (200, 2, 2)
    assert figures(call) == {"main": (2, 1, 0, 1), "norte": (2, 0, 0, 2)}
    assert tell(call, "transfer", "a", **body).headers["idempotent-replay"] == "true"
    assert figures(call)["norte"] == (2, 0, 0, 2)
    notes = ask(call, "GET", "/admin/stock/CAFE-1", role="admin").body["adjustments"]
    told = {(one["location"], one["delta"], one["reason"]) for one in notes}
    assert told == {("main", -2, "transfer"), ("norte", 2, "transfer")}
    before = contents()
    refused = tell(call, "transfer", "b", **body)
    line = {"sku": "CAFE-1", "requested": 2, "available": 1}
    assert (refused.status, refused.body["type"], refused.body["lines"]) == (409, "out-of-stock", [line])
    assert tell(call, "transfer", "c", units=1, **{"from": "main", "to": "sur"}).status == 404
    assert tell(call, "transfer", "d", units=1, **{"from": "sur", "to": "main"}).status == 404
    assert tell(call, "transfer", "e", units=1, **{"from": "main", "to": "main"}).status == 422
    assert contents() == before


@pytest.mark.capability("D22")
def test_every_movement_is_listed_with_before_and_after_page_by_page(call: Call, shop: None) -> None:
    for number, delta in enumerate((3, -1, 2, 5, -2)):
        assert tell(call, "adjust", f"k{number}", delta=delta, reason=f"why {number}").status == 200
    tell(call, "count", "c", counted=9)
    found: list[dict[str, Any]] = []
    query = {"limit": "2"}
    while True:
        page = ask(call, "GET", "/admin/stock/CAFE-1/movements", query=query).body
        assert len(page["items"]) <= 2
        found += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    by_reason = {one["reason"]: one for one in found}
    assert len(found) == len(by_reason) == 6
    assert {one["after"] - one["before"] for one in found if one["reason"] != "count"} == {3, -1, 2, 5, -2}
    counted = by_reason["count"]
    assert (counted["before"], counted["after"], counted["delta"]) == (11, 9, -2)
    assert (counted["actor"], counted["location"]) == ("staff:user-admin", "main")
    assert all(one["at"] for one in found)
    assert ask(call, "GET", "/admin/stock/OTHER/movements").body == {"items": [], "next": None}
    assert ask(call, "GET", "/admin/stock/CAFE-1/movements", query={"cursor": "x"}).status == 422
    assert ask(call, "GET", "/admin/stock/CAFE-1/movements", role="picker").status == 403


@pytest.mark.capability("F08")
def test_staff_let_a_product_be_sold_beyond_its_stock_and_change_the_date(call: Call, shop: None) -> None:
    path = "/admin/stock/CAFE-1/backorder"
    before = contents()
    assert ask(call, "PUT", path, {"kind": "preorder"}).status == 422
    assert ask(call, "PUT", path, {"kind": None, "promised_at": "2026-12-24"}).status == 422
    assert ask(call, "PUT", "/admin/stock/NADA/backorder", {"kind": "backorder"}).status == 404
    assert ask(call, "PUT", path, {"kind": "backorder"}, role="picker").status == 403
    assert contents() == before
    told = {"kind": "preorder", "promised_at": "2026-12-24"}
    assert ask(call, "PUT", path, told).body == {"sku": "CAFE-1", "backorder": told}
    assert call("storefront", "GET", "/products").body["items"][0]["backorder"] == told
    first = order(place(call, "a", lines=wanting(6))["order_id"]).lines[0]
    assert (first.reserved, first.backordered, first.promised_at) == (4, 2, "2026-12-24")
    assert ask(call, "PUT", path, told | {"promised_at": "2027-01-15"}).status == 200
    second = order(place(call, "b", lines=wanting(1))["order_id"]).lines[0]
    assert (second.backordered, second.promised_at) == (1, "2027-01-15")
    assert ask(call, "PUT", path, {"kind": None}).body == {"sku": "CAFE-1", "backorder": None}
    body = order_body(lines=wanting(1))
    refused = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "c"})
    assert (refused.status, refused.body["type"]) == (409, "out-of-stock")
