"""What an edit must not do is refused, and nothing at all has changed then."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.edits import OTHER_ADDRESS, an_order, edit, mxn, opened, then
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import command
from tests.functional.tables import contents

ADD = {"type": "add", "sku": "TAZA-1", "quantity": 1}


USD = {"amount": 1, "currency": "USD"}
NOWHERE = OTHER_ADDRESS | {"country": "ZZ"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"type": "add", "sku": "NADA", "quantity": 1}, "/actions/0/sku"),
    ({"type": "add", "sku": "TAZA-1", "quantity": 0}, "/actions/0/quantity"),
    ({"type": "add", "quantity": 1}, "/actions/0/sku"),
    ({"type": "add", "sku": "TAZA-1", "quantity": 1, "unit_price": USD}, "/actions/0"),
    ({"type": "remove", "line_id": "l9"}, "/actions/0/line_id"),
    ({"type": "remove", "sku": "TAZA-1"}, "/actions/0/sku"),
    ({"type": "remove", "code": "none"}, "/actions/0/code"),
    ({"type": "remove"}, "/actions/0"),
    ({"type": "remove", "line_id": "l1"}, "/actions"),  # nothing would be left
    ({"type": "quantity", "line_id": "l1", "quantity": 2}, "/actions"),  # nothing would change
    ({"type": "quantity", "line_id": "l1", "quantity": -1}, "/actions/0/quantity"),
    ({"type": "price", "line_id": "l1"}, "/actions/0"),
    ({"type": "price", "line_id": "l1", "price": mxn(-1)}, "/actions/0/price/amount"),
    ({"type": "discount", "amount": mxn(999999), "title": "x"}, "/actions/0/amount"),
    ({"type": "discount", "amount": mxn(0), "title": "x"}, "/actions/0"),
    ({"type": "surcharge", "amount": mxn(10)}, "/actions/0/title"),
    ({"type": "delivery", "delivery": "drone"}, "/actions/0/delivery"),
    ({"type": "address", "address": NOWHERE}, "/actions/0/shipping_address/country"),
    ({"type": "address"}, "/actions/0"),
    ({"type": "customer", "customer": {"email": "no-address", "name": "X"}}, "/actions/0/customer/email"),
    ({"type": "customer", "customer_id": "nobody"}, "/actions/0/customer_id"),
    ({"type": "paint", "colour": "red"}, "/actions/0/type"),
]  # fmt: skip


@pytest.mark.capability("F03", "D25", "D35", "D36", "D41")
def test_an_action_that_cannot_be_done_is_named(call: Call) -> None:
    order_id = an_order(call)
    before = contents()
    for action, pointer in WRONG:
        answer = edit(call, order_id, action)
        assert (answer.status, answer.body["type"]) == (422, "invalid"), answer.text
        assert [error["pointer"] for error in answer.body["errors"]] == [pointer], action
    assert contents() == before


@pytest.mark.capability("F03")
def test_every_action_that_cannot_be_done_is_named_at_once(call: Call) -> None:
    order_id = an_order(call)
    wrong = ({"type": "remove", "line_id": "l9"}, ADD, {"type": "add", "sku": "NADA", "quantity": 1})
    answer = edit(call, order_id, *wrong)
    assert [error["pointer"] for error in answer.body["errors"]] == ["/actions/0/line_id", "/actions/2/sku"]


@pytest.mark.capability("F03")
def test_a_sku_on_two_lines_has_to_be_named_by_line(call: Call) -> None:
    order_id = an_order(call, lines=[{"sku": "CAFE-1", "quantity": 1}, {"sku": "CAFE-1", "quantity": 2}])
    before = contents()
    answer = edit(call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 5})
    assert (answer.status, answer.body["type"]) == (422, "ambiguous-line")
    assert contents() == before


@pytest.mark.capability("F03", "F09")
def test_one_edit_is_open_at_a_time(call: Call) -> None:
    order_id = an_order(call)
    opened(call, order_id, ADD)
    before = contents()
    second = edit(call, order_id, ADD)
    assert (second.status, second.body["guard"]) == (409, "edit-open")
    assert contents() == before
    assert then(call, order_id, "decline").status == 200
    assert opened(call, order_id, ADD)["edit_id"] == "e2"


@pytest.mark.capability("F03", "F09")
@pytest.mark.parametrize("what", ["confirm", "decline", "request-acceptance"])
def test_what_is_decided_is_not_decided_again(call: Call, what: str) -> None:
    order_id = an_order(call)
    opened(call, order_id, ADD)
    assert then(call, order_id, "decline").status == 200
    before = contents()
    again = then(call, order_id, what, key="again")
    assert (again.status, again.body["guard"]) == (409, "edit-not-open")
    unknown = then(call, order_id, what, edit_id="e7", key="unknown")
    assert (unknown.status, unknown.body["type"]) == (404, "not-found")
    assert contents() == before


@pytest.mark.capability("F03", "F09")
def test_versions_and_keys_are_asked_for(call: Call) -> None:
    order_id = an_order(call)
    stale = then(call, order_id, "decline", version=99)
    assert (stale.status, stale.body["type"]) == (412, "stale")
    opened(call, order_id, ADD)
    before = contents()
    keyless = then(call, order_id, "confirm", key=None)
    assert (keyless.status, keyless.body["type"]) == (400, "idempotency-key-missing")
    old = then(call, order_id, "confirm", version=1)
    assert (old.status, old.body["type"]) == (412, "stale")
    assert contents() == before


@pytest.mark.capability("F03")
def test_a_repeat_under_its_key_answers_as_the_first_time(call: Call) -> None:
    order_id = an_order(call)
    first = edit(call, order_id, ADD, headers={"Idempotency-Key": "k"})
    again = edit(call, order_id, ADD, headers={"Idempotency-Key": "k"})
    assert (again.status, again.headers["idempotent-replay"]) == (201, "true")
    assert again.body == first.body
    done = then(call, order_id, "confirm", key="c")
    before = contents()
    twice = then(call, order_id, "confirm", key="c")
    assert (twice.status, twice.headers["idempotent-replay"], twice.body) == (200, "true", done.body)
    other = then(call, order_id, "confirm", {"notify": False}, key="c")
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")
    assert contents() == before


@pytest.mark.capability("F03", "G06")
@pytest.mark.parametrize("what", ["confirm", "request-acceptance"])
def test_an_edit_that_the_order_has_left_behind_is_stale(call: Call, what: str) -> None:
    order_id = an_order(call)
    opened(call, order_id, ADD, {"type": "address", "address": OTHER_ADDRESS})
    command(call, order_id, "hold", {"reason": "manual"})
    before = contents()
    answer = then(call, order_id, what)
    assert (answer.status, answer.body["type"]) == (412, "stale")
    assert contents() == before
    assert opened(call, order_id, ADD)["edit_id"] == "e2"  # the stale one makes room


@pytest.mark.capability("F03", "G06")
def test_another_price_of_an_added_product_makes_the_edit_stale(call: Call) -> None:
    order_id = an_order(call)
    opened(call, order_id, ADD)
    stock_product("TAZA-1", 5900, 5)
    before = contents()
    answer = then(call, order_id, "confirm")
    assert (answer.status, answer.body["type"]) == (412, "stale")
    assert contents() == before


@pytest.mark.capability("F03", "G06")
def test_another_price_of_the_new_delivery_makes_the_edit_stale(call: Call) -> None:
    order_id = an_order(call)
    opened(call, order_id, {"type": "delivery", "delivery": "pickup"})
    zones = [{"price": 100}]
    set_section("shipping", deliveries=[{"code": "pickup", "needs_address": False, "zones": zones}])
    before = contents()
    assert then(call, order_id, "confirm").status == 412
    assert contents() == before


@pytest.mark.capability("F03", "D21")
def test_stock_that_is_gone_by_then_is_refused(call: Call) -> None:
    order_id = an_order(call)
    shown = opened(call, order_id, {"type": "add", "sku": "TAZA-1", "quantity": 4})
    assert shown["preview"]["stock"][0]["sufficient"]
    place(call, "key-2", lines=[{"sku": "TAZA-1", "quantity": 2}])
    before = contents()
    answer = then(call, order_id, "confirm")
    assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    assert answer.body["lines"] == [{"sku": "TAZA-1", "requested": 4, "available": 3}]
    assert contents() == before


@pytest.mark.capability("F03", "D15")
def test_what_has_been_shipped_stays_on_the_order(call: Call) -> None:
    order_id = an_order(
        call,
        payment_method="request",
        lines=[{"sku": "CAFE-1", "quantity": 3}, {"sku": "TAZA-1", "quantity": 1}],
    )
    command(call, order_id, "approve")
    parcel = {"lines": [{"line_id": "l1", "quantity": 2}], "carrier": "dhl", "tracking_number": "1"}
    assert command(call, order_id, "ship", parcel).status == 200
    before = contents()
    for action in ({"type": "quantity", "line_id": "l1", "quantity": 1}, {"type": "remove", "line_id": "l1"}):
        answer = edit(call, order_id, action)
        assert (answer.status, answer.body["guard"]) == (409, "below-shipped")
    assert contents() == before
    shown = opened(call, order_id, {"type": "quantity", "line_id": "l1", "quantity": 2})
    assert shown["preview"]["stock"] == [
        {"sku": "CAFE-1", "reserve": 0, "release": 1, "available": 7, "sufficient": True, "backorder": None}
    ]
    assert then(call, order_id, "confirm").status == 200
    parcel = {"lines": [{"line_id": "l2", "quantity": 1}], "carrier": "dhl", "tracking_number": "2"}
    assert command(call, order_id, "ship", parcel).body["order"]["fulfilment"] == "shipped"
    gone = edit(call, order_id, ADD)
    assert (gone.status, gone.body["guard"]) == (409, "all-shipped")


@pytest.mark.capability("F03")
def test_an_ended_order_is_not_edited_and_its_open_edit_ends_with_it(call: Call) -> None:
    order_id = an_order(call)
    opened(call, order_id, ADD)
    cancelled = command(call, order_id, "cancel", {"reason": "customer"})
    assert cancelled.body["order"]["edit"] is None
    before = contents()
    assert then(call, order_id, "confirm").body["guard"] == "edit-not-open"
    assert edit(call, order_id, ADD).body["guard"] == "order-ended"
    assert contents() == before
