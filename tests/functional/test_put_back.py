"""What was picked for an order and is not wanted any more is a to-do until it lies on its shelf again."""

from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.edits import confirmed
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import level
from tests.functional.staff import ask, show
from tests.functional.test_pick_and_pack import bought, does, done, refused, units

pytestmark = pytest.mark.capability("D10", "E11")


def waits(call: Call, order_id: str) -> list[tuple[str, int]]:
    return [(one["sku"], one["quantity"]) for one in show(call, order_id)["put_back"]]


def to_put_back(call: Call) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(call, "GET", "/admin/deliveries").body["put_back"]
    return found


def test_a_cancelled_order_gives_back_what_was_picked(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    assert refused(call, order_id, "put-back") == "nothing-to-put-back"
    done(call, order_id, "pick", units(("CAFE-1", 2)))
    done(call, order_id, "cancel", {"reason": "customer"})
    shown = show(call, order_id)
    assert (shown["lifecycle"], shown["fulfilment"]) == ("cancelled", "picking")
    assert waits(call, order_id) == [("CAFE-1", 2)]
    assert level()["available"] == 10  # nobody has to wait for it
    assert [(one["number"], one["order_id"]) for one in to_put_back(call)] == [
        (f"{shown['number']}/1", order_id)
    ]
    done(call, order_id, "put-back", units(("CAFE-1", 1)))
    assert waits(call, order_id) == [("CAFE-1", 1)]
    assert refused(call, order_id, "put-back", units(("CAFE-1", 2))) == "nothing-to-put-back"
    version = show(call, order_id)["version"]
    assert done(call, order_id, "put-back")["version"] == version
    assert (waits(call, order_id), to_put_back(call)) == ([], [])
    assert show(call, order_id)["fulfilment"] == "unfulfilled"


@pytest.mark.capability("D10", "C01")
def test_its_customer_reads_of_no_picking_after_the_end(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick", units(("CAFE-1", 2)))
    assert read_by_customer(call, order_id)["fulfilment"] == "picking"
    done(call, order_id, "cancel", {"reason": "customer"})
    seen = read_by_customer(call, order_id)
    assert (seen["lifecycle"], seen["fulfilment"]) == ("cancelled", "unfulfilled")
    assert show(call, order_id)["fulfilment"] == "picking"


def read_by_customer(call: Call, order_id: str) -> dict[str, Any]:
    token = wiring.keys().access(order_id, wiring.desk().load(order_id).order.token_version)
    headers = {"Authorization": f"Bearer {token}"}
    seen: dict[str, Any] = call("customer_order", "GET", f"/orders/{order_id}", headers=headers).body
    return seen


def test_a_cancellation_taken_back_leaves_it_picked(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick")
    done(call, order_id, "cancel", {"reason": "customer"})
    done(call, order_id, "undo-cancel")
    assert waits(call, order_id) == []
    assert [line["picked"] for line in show(call, order_id)["lines"]] == [3, 2]


def test_what_an_edit_takes_off_goes_back_though_its_line_is_gone(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick")
    confirmed(call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 1})
    assert waits(call, order_id) == [("CAFE-1", 2)]
    confirmed(call, order_id, {"type": "remove", "sku": "TAZA"})
    assert sorted(waits(call, order_id)) == [("CAFE-1", 2), ("TAZA", 2)]
    done(call, order_id, "put-back", units(("TAZA", 2)))
    assert waits(call, order_id) == [("CAFE-1", 2)]


def test_what_cannot_be_meant_is_said(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick", units(("CAFE-1", 2)))
    done(call, order_id, "cancel", {"reason": "customer"})
    wrong = (units(("TAZA", 1)), {"delivery": 7})
    answers = [does(call, order_id, "put-back", body) for body in wrong]
    pointers = [(one.status, one.body["errors"][0]["pointer"]) for one in answers]
    assert pointers == [(422, "/lines/0"), (422, "/delivery")]


def test_the_page_says_what_goes_back_and_confirms_it(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick")
    done(call, order_id, "cancel", {"reason": "customer"})
    staff = staff_at("staff")
    assert staff.get("/deliveries").says("To put back onto the shelf")
    page = staff.get(f"/orders/{order_id}")
    assert page.says("To put back onto the shelf")
    after = staff.follow(staff.submit(page, f"/orders/{order_id}/put-back"))
    assert after.says("is back on the shelf.")
    assert not after.says("To put back onto the shelf")
    assert waits(call, order_id) == []
