"""From the shelf to the parcel in one, two or three steps, and back."""

from typing import Any

import pytest

from tests.functional.conftest import Answer, Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, ask, command, show
from tests.functional.tables import contents
from tests.functional.test_workflow import pay

pytestmark = pytest.mark.capability("E11")
LINES = [{"sku": "CAFE-1", "quantity": 3}, {"sku": "TAZA", "quantity": 2}]
PARCEL = {"carrier": "dhl", "tracking_number": "T1"}


def bought(call: Call, steps: str) -> str:
    stock_product("CAFE-1")
    stock_product("TAZA")
    set_section("fulfilment", steps=steps)
    order_id = str(place(call, lines=LINES)["order_id"])
    approved(call, order_id)
    pay(order_id)
    return order_id


def does(call: Call, order_id: str, name: str, body: Any = None, key: str = "") -> Answer:
    return command(call, order_id, name, body, key=key or f"{name}-{body}")


def done(call: Call, order_id: str, name: str, body: Any = None, key: str = "") -> dict[str, Any]:
    answer = does(call, order_id, name, body, key)
    assert answer.status == 200, answer.text
    return answer.body


def refused(call: Call, order_id: str, name: str, body: Any = None) -> str:
    version, before = show(call, order_id)["version"], contents()
    answer = command(call, order_id, name, body, version=version, key=f"no-{name}-{body}")
    assert answer.status == 409, answer.text
    assert contents() == before
    return str(answer.body["guard"])


def status(call: Call, order_id: str) -> str:
    (one,) = show(call, order_id)["deliveries"]
    return str(one["status"])


def units(*each: tuple[str, int]) -> dict[str, Any]:
    return {"lines": [{"sku": sku, "quantity": n} for sku, n in each]}


ALL = units(("CAFE-1", 3), ("TAZA", 2)) | PARCEL


def test_one_step_ships_at_once(call: Call, clean: None) -> None:
    order_id = bought(call, "ship")
    assert status(call, order_id) == "to_ship"
    done(call, order_id, "ship", ALL)
    assert status(call, order_id) == "shipped"


def test_two_steps_ship_what_is_picked(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    assert status(call, order_id) == "to_pick"
    assert refused(call, order_id, "ship", ALL) == "not-picked"
    told = done(call, order_id, "pick", units(("CAFE-1", 2)))["result"]["lines"]
    assert [(line["delivery"], line["quantity"]) for line in told] == [(1, 2)]
    assert (status(call, order_id), show(call, order_id)["fulfilment"]) == ("picking", "picking")
    assert refused(call, order_id, "ship", ALL) == "not-picked"
    done(call, order_id, "ship", units(("CAFE-1", 2)) | PARCEL)
    assert refused(call, order_id, "pick", units(("CAFE-1", 2))) == "not-enough-to-pick"
    done(call, order_id, "pick")
    assert status(call, order_id) == "picked"
    done(call, order_id, "ship", units(("CAFE-1", 1), ("TAZA", 2)) | PARCEL | {"tracking_number": "T2"})
    assert status(call, order_id) == "shipped"
    assert level()["on_hand"] == 7


def test_three_steps_ship_what_is_packed(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_pack_ship")
    assert refused(call, order_id, "pack") == "not-picked"
    done(call, order_id, "pick", {"delivery": 1})
    assert refused(call, order_id, "ship", ALL) == "not-packed"
    done(call, order_id, "pack", units(("CAFE-1", 3)))
    assert status(call, order_id) == "packing"
    done(call, order_id, "pack")
    assert status(call, order_id) == "packed"
    shown = show(call, order_id)
    assert [(line["picked"], line["packed"]) for line in shown["lines"]] == [(3, 3), (2, 2)]
    done(call, order_id, "ship", ALL)
    assert [(line["picked"], line["packed"]) for line in show(call, order_id)["lines"]] == [(0, 0), (0, 0)]


def test_every_step_is_taken_back(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_pack_ship")
    done(call, order_id, "pick")
    done(call, order_id, "pack", units(("TAZA", 2)))
    assert refused(call, order_id, "undo-pick", units(("TAZA", 1))) == "not-picked"
    done(call, order_id, "undo-pack")
    assert refused(call, order_id, "undo-pack") == "nothing-packed"
    done(call, order_id, "undo-pick")
    assert (status(call, order_id), refused(call, order_id, "undo-pick")) == ("to_pick", "nothing-picked")
    done(call, order_id, "pick", key="again")
    done(call, order_id, "pack", key="again")
    parcel = done(call, order_id, "ship", ALL)["result"]["shipment_id"]
    done(call, order_id, "undo-ship", {"shipment_id": parcel})
    assert status(call, order_id) == "packed"  # as it was before it was said to have left


def test_a_hold_stops_every_step(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick", units(("CAFE-1", 1)))
    done(call, order_id, "hold", {"reason": "manual"})
    assert {refused(call, order_id, name) for name in ("pick", "pack")} == {"on-hold"}
    done(call, order_id, "undo-pick")  # what lies in the way may go back


def test_a_cancelled_order_has_nothing_picked(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick")
    done(call, order_id, "cancel", {"reason": "customer"})
    assert status(call, order_id) == "cancelled"
    assert [line["picked"] for line in show(call, order_id)["lines"]] == [0, 0]
    assert level()["available"] == 10
    done(call, order_id, "undo-cancel")
    assert status(call, order_id) == "picked"


def test_an_order_keeps_the_steps_it_was_placed_with(call: Call, clean: None) -> None:
    order_id = bought(call, "ship")
    set_section("fulfilment", steps="pick_pack_ship")
    done(call, order_id, "ship", ALL)


def test_what_cannot_be_meant_is_said(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    wrong = does(call, order_id, "pick", {"delivery": 7})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "/delivery")
    assert does(call, order_id, "pick", units(("NADA", 1))).status == 422
    assert ask(call, "POST", f"/admin/orders/{order_id}/pick", {}).status == 428


def test_a_pick_outdates_nobody_s_screen(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    version = show(call, order_id)["version"]
    assert done(call, order_id, "pick")["version"] == version


def test_the_page_picks_packs_and_takes_back(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_pack_ship")
    staff = staff_at("staff")
    page = staff.get(f"/orders/{order_id}")
    assert page.says("Ready to pick: 5.")
    form = staff.get(f"/orders/{order_id}?do=pick")
    few = {"lines.0.quantity": "1", "lines.1.quantity": "0"}
    sent = staff.submit(form, f"/orders/{order_id}/pick", **few)
    after = staff.follow(sent)
    assert after.says("are picked.")
    assert [line["picked"] for line in show(call, order_id)["lines"]] == [1, 0]
    undone = staff.follow(staff.submit(after, f"/orders/{order_id}/undo-pick"))
    assert undone.says("are back on the shelf.")
    assert status(call, order_id) == "to_pick"


def test_a_parcel_from_before_the_plan_counts_where_it_is_when_taken_back(call: Call, clean: None) -> None:
    order_id = bought(call, "ship")
    parcel = {"carrier": "fedex", "tracking_number": "T1", "notify": False} | units(("CAFE-1", 1))
    shipment_id = done(call, order_id, "ship", parcel)["result"]["shipment_id"]
    done(call, order_id, "pick", units(("CAFE-1", 1)))  # from now on the delivery orders are stored
    done(call, order_id, "undo-ship", {"shipment_id": shipment_id})
    order = show(call, order_id)
    (delivery,) = order["deliveries"]
    for line in order["lines"]:
        (own,) = [one for one in delivery["lines"] if one["line_id"] == line["line_id"]]
        assert (own["quantity"], own["shipped"]) == (line["quantity"], 0)
