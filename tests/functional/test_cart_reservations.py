"""Units are reserved while a customer is in checkout, kept with each activity, and handed to the order."""

import json
from datetime import timedelta
from typing import Any

import pytest

from comanda import wiring
from comanda.carts.store import CartRow
from comanda.dynamo.client import client
from comanda.times import stamp
from tests.functional import carts
from tests.functional.carts import Clock, filled, in_checkout, order_of, put, reserving, still_there, sweep
from tests.functional.conftest import Call
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_bundles import bundle
from tests.functional.test_places import taken, tell
from tests.functional.test_workflow import order

pytestmark = pytest.mark.capability("F07")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, clean: None) -> Clock:
    return Clock(monkeypatch)


def held(sku: str = "CAFE-1") -> tuple[int, int]:
    """(reserved, available)"""
    found = level(sku)
    assert found["available"] == found["on_hand"] - found["reserved"] - found["allocated"]
    return found["reserved"], found["available"]


def raw(cart_id: str) -> dict[str, Any]:
    item: dict[str, Any] = client().get_item(TableName=wiring.carts().table, Key={"pk": {"S": cart_id}})[
        "Item"
    ]
    return item


def test_carts_hold_nothing_unless_the_shop_wants_it(call: Call, clock: Clock) -> None:
    stock_product(units=3)
    cart_id = in_checkout(call, ("CAFE-1", 2))
    before = contents()
    answer = still_there(call, cart_id)
    assert (answer.status, answer.body["reserved_until"], answer.body["lines"][0]["reserved"]) == (
        200,
        None,
        0,
    )
    assert contents() == before
    assert held() == (0, 3)


def test_units_are_reserved_from_the_contact_on_and_only_then(call: Call, clock: Clock) -> None:
    stock_product(units=3)
    reserving(600)
    cart_id = filled(call, ("CAFE-1", 2))
    put(call, cart_id, "CAFE-1", 3)
    assert held() == (0, 3)
    shown = carts.contact(call, cart_id).body
    assert held() == (3, 0)
    assert (shown["lines"][0]["reserved"], shown["lines"][0]["available"]) == (3, 3)
    assert shown["reserved_until"] == stamp(clock.now + timedelta(seconds=600))
    assert carts.show(call, cart_id)["lines"] == shown["lines"]
    other = filled_or_refused(call)
    assert other == (409, [{"sku": "CAFE-1", "requested": 1, "available": 0}])


def filled_or_refused(call: Call) -> tuple[int, Any]:
    answer = call("storefront", "POST", "/carts", {"lines": [{"sku": "CAFE-1", "quantity": 1}]})
    return answer.status, answer.body.get("lines")


def test_a_storefront_can_say_that_its_customer_is_in_checkout(call: Call, clock: Clock) -> None:
    stock_product(units=3)
    reserving(600)
    cart_id = filled(call, ("CAFE-1", 2))
    assert still_there(call, cart_id).body["lines"][0]["reserved"] == 2
    put(call, cart_id, "CAFE-1", 1)
    assert held() == (1, 2)
    put(call, cart_id, "CAFE-1", 0)
    assert held() == (0, 3)
    assert carts.show(call, cart_id)["reserved_until"] is None
    assert still_there(call, "no-such-cart").status == 404


def test_each_activity_keeps_them_longer_and_the_sweep_ends_it(call: Call, clock: Clock) -> None:
    stock_product(units=3)
    reserving(600)
    cart_id = in_checkout(call, ("CAFE-1", 2))
    assert "expires_at" not in raw(cart_id)
    for activity in (lambda: still_there(call, cart_id), lambda: put(call, cart_id, "CAFE-1", 2)):
        clock.later(590)
        activity()
        clock.later(590)
        assert sweep() == 0
        assert held() == (2, 1)
        still_there(call, cart_id)
    clock.later(601)
    assert sweep() == 1
    assert held() == (0, 3)
    item = raw(cart_id)
    assert {"held", "held_pk", "held_until", "lapses_at"} & item.keys() == set()
    assert int(item["expires_at"]["N"]) > clock.now.timestamp()
    assert sweep() == 0
    assert carts.show(call, cart_id)["lines"][0]["quantity"] == 2
    still_there(call, cart_id)  # somebody who comes back has them again
    assert held() == (2, 1)


def test_the_order_takes_over_what_its_cart_holds(call: Call, clock: Clock) -> None:
    stock_product(units=4)
    reserving(600)
    cart_id = in_checkout(call, ("CAFE-1", 2))
    clock.later(700)  # the time is up, the sweep was not there yet
    placed = order_of(call, cart_id)
    assert placed.status == 201, placed.text
    assert held() == (2, 2)
    assert taken(placed.body["order_id"]) == [("main", 0, 2)]
    item = raw(cart_id)
    assert {"held", "held_pk", "held_until", "lapses_at"} & item.keys() == set()
    assert "expires_at" in item
    assert sweep() == 0
    assert order_of(call, cart_id).headers["idempotent-replay"] == "true"
    assert order_of(call, cart_id, key="another").body["guard"] == "cart-ordered"
    assert held() == (2, 2)


def test_a_refused_order_leaves_the_cart_what_it_holds(call: Call, clock: Clock) -> None:
    stock_product(units=2)
    reserving(600)
    cart_id = in_checkout(call, ("CAFE-1", 2))
    before = contents()
    assert order_of(call, cart_id, accept_privacy=False).status == 422
    assert contents() == before


def test_what_is_held_in_shards_and_elsewhere_goes_to_the_order_as_it_lies(call: Call, clock: Clock) -> None:
    stock_product(units=4)
    set_section("stock", locations=[{"code": "norte"}], reserve_in_cart_seconds=600)
    assert tell(call, "spread", "a", shards=2).status == 200
    assert tell(call, "adjust", "b", delta=3, reason="received", location="norte").status == 200
    cart_id = in_checkout(call, ("CAFE-1", 6))
    places = sorted((one.location, one.shard, one.units) for one in wiring.carts().load(cart_id).held)
    assert places == [("main", 0, 2), ("main", 1, 2), ("norte", 0, 2)]
    assert place(call, "other", lines=[{"sku": "CAFE-1", "quantity": 1}])["order_id"]
    placed = order_of(call, cart_id)
    assert placed.status == 201, placed.text
    assert taken(placed.body["order_id"]) == places


def test_a_cart_holds_what_there_is_and_its_order_says_what_is_short(call: Call, clock: Clock) -> None:
    stock_product(units=3)
    cart_id = filled(call, ("CAFE-1", 3))
    place(call, lines=[{"sku": "CAFE-1", "quantity": 1}])
    reserving(600)
    assert carts.contact(call, cart_id).body["lines"][0]["reserved"] == 2
    refused = order_of(call, cart_id)
    line = {"sku": "CAFE-1", "requested": 3, "available": 2}
    assert (refused.status, refused.body["lines"]) == (409, [line])
    assert held() == (3, 0)
    tell(call, "adjust", "a", delta=1, reason="received")
    placed = order_of(call, cart_id)
    assert placed.status == 201, placed.text
    assert held() == (4, 0)


def test_a_backordered_product_waits_for_what_the_cart_does_not_hold(call: Call, clock: Clock) -> None:
    stock_product(units=3, oversell="backorder")
    reserving(600)
    cart_id = in_checkout(call, ("CAFE-1", 5))
    assert held() == (3, 0)
    placed = order_of(call, cart_id)
    assert placed.status == 201, placed.text
    line = order(placed.body["order_id"]).lines[0]
    assert (line.reserved, line.backordered, held()) == (3, 2, (3, 0))


def test_bundles_hold_whole_sets_of_their_components(call: Call, clock: Clock) -> None:
    stock_product("A", units=5)
    stock_product("B", units=9)
    bundle("SET", A=2, B=1)
    reserving(600)
    cart_id = filled(call, ("SET", 2), ("A", 1))
    place(call, lines=[{"sku": "A", "quantity": 1}])
    shown = carts.contact(call, cart_id).body
    assert [(line["sku"], line["reserved"]) for line in shown["lines"]] == [("SET", 2), ("A", 0)]
    assert (held("A"), held("B")) == ((5, 0), (2, 7))
    put(call, cart_id, "A", 0)
    placed = order_of(call, cart_id)
    assert placed.status == 201, placed.text
    assert (held("A"), held("B")) == ((5, 0), (2, 7))


def test_a_way_to_pay_that_reserves_later_gives_the_cart_s_units_back(call: Call, clock: Clock) -> None:
    stock_product(units=2)
    reserving(600)
    set_section("payments.bank_transfer", reserve_on="confirmed")
    cart_id = in_checkout(call, ("CAFE-1", 2))
    assert held() == (2, 0)
    assert order_of(call, cart_id).status == 201
    assert held() == (0, 2)


def test_a_cart_that_staff_take_over_gives_its_units_back(call: Call, clock: Clock) -> None:
    stock_product(units=2)
    reserving(600)
    cart_id = in_checkout(call, ("CAFE-1", 2))
    took = ask(call, "POST", f"/admin/carts/{cart_id}/take", {})
    assert (took.status, took.body["result"]["short"]) == (201, [])
    assert held() == (0, 2)
    assert "expires_at" in raw(cart_id)
    assert sweep() == 0


def test_switched_off_a_cart_keeps_what_it_was_promised_and_no_more(call: Call, clock: Clock) -> None:
    stock_product(units=5)
    reserving(600)
    cart_id = in_checkout(call, ("CAFE-1", 3))
    until = carts.show(call, cart_id)["reserved_until"]
    reserving(None)
    clock.later(300)
    put(call, cart_id, "CAFE-1", 4)
    assert held() == (3, 2)
    put(call, cart_id, "CAFE-1", 1)
    assert held() == (1, 4)
    assert carts.show(call, cart_id)["reserved_until"] == until
    clock.later(301)
    assert sweep() == 1
    assert held() == (0, 5)


def test_staff_see_which_carts_hold_units_of_a_product(call: Call, clock: Clock) -> None:
    stock_product(units=5)
    stock_product("OTHER", units=5)
    reserving(600)
    cart_id = in_checkout(call, ("CAFE-1", 3))
    in_checkout(call, ("OTHER", 1))
    found = ask(call, "GET", "/admin/stock/CAFE-1/orders").body
    until = carts.show(call, cart_id)["reserved_until"]
    assert found == {
        "items": [],
        "next": None,
        "carts": [{"cart_id": cart_id, "until": until, "reserved": 3}],
    }


def test_a_cart_written_before_carts_could_hold_anything_is_still_read(call: Call, clock: Clock) -> None:
    stock_product(units=5)
    cart_id = in_checkout(call, ("CAFE-1", 1))
    row = CartRow.read(cart_id)
    assert row is not None
    assert {"held", "held_until", "held_pk", "lapses_at"} & raw(cart_id).keys() == set()
    assert order_of(call, cart_id).status == 201


def sent_by(work: Any) -> tuple[list[str], int]:
    """The DynamoDB requests that some work makes, rate counters aside, and the writes of its transaction."""
    sent: list[str] = []
    writes: list[int] = []

    def note(model: Any, params: Any, **_: Any) -> None:
        body = json.loads(params["body"])
        if model.name != "UpdateItem":
            sent.append(model.name)
            writes.append(len(body.get("TransactItems", ())))

    client().meta.events.register("before-call.dynamodb", note)
    try:
        assert work().status == 201
    finally:
        client().meta.events.unregister("before-call.dynamodb", note)
    return sent, sum(writes)


def test_placing_takes_no_request_more_and_writes_less_with_units_held(call: Call, clock: Clock) -> None:
    """Held units change hands within the order's transaction: their figures stay as they are."""
    stock_product(units=9)
    place(call, "first")  # settings and limits are read once
    plain = in_checkout(call, ("CAFE-1", 2))
    requests, writes = sent_by(lambda: order_of(call, plain))
    reserving(600)
    holding = in_checkout(call, ("CAFE-1", 2))
    place(call, "second")
    assert sent_by(lambda: order_of(call, holding)) == (requests, writes - 1)
    assert len(requests) <= 4
    assert held() == (8, 1)
