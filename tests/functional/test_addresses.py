"""An order's address: what the shop is told of it, who says that it is right, and what a label asks for."""

from typing import Any

import pytest

from comanda import wiring
from comanda.errors import WrongState
from comanda.fulfilment.address_check import allow_label, check_for_label
from tests.functional.conftest import Call
from tests.functional.edits import OTHER_ADDRESS, an_order, confirmed
from tests.functional.shop import ADDRESS
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

ELSEWHERE = ADDRESS | {"state": "Jalisco"}
BOX = ADDRESS | {"line1": "Apartado postal 120"}


def told(call: Call, order_id: str, carrier: str = "") -> dict[str, Any]:
    answer = ask(call, "GET", f"/admin/orders/{order_id}/address", query={"carrier": carrier})
    assert answer.status == 200, answer.text
    check: dict[str, Any] = answer.body["address_check"]
    return check


@pytest.mark.capability("D34")
def test_an_odd_address_is_taken_and_the_staff_see_why(call: Call) -> None:
    order_id = an_order(call, shipping_address=ELSEWHERE)
    order = show(call, order_id)
    assert order["warnings"] == ["address-postal_code-other_area"]
    finding = {"field": "postal_code", "what": "other_area", "expected": ["Ciudad de México"]}
    assert order["address_check"] == {"verdict": "odd", "findings": [finding], "fine": None}
    assert told(call, order_id) == order["address_check"]
    assert order["addresses"]["shipping"] == ELSEWHERE


@pytest.mark.capability("D34", "D35")
def test_staff_say_an_address_is_right_and_another_address_asks_anew(call: Call) -> None:
    order_id = an_order(call, shipping_address=ELSEWHERE)
    held = command(call, order_id, "hold", {"reason": "address"}).body["result"]["hold_id"]
    done = command(call, order_id, "address-fine")
    assert (done.status, done.body["result"]) == (200, {"released": [held]})
    fine = show(call, order_id)["address_check"]["fine"]
    assert fine["by"].startswith("staff:")
    said = [fact for fact in show(call, order_id)["history"] if fact["type"] == "AddressAccepted"]
    assert [list(fact["data"]) for fact in said] == [["digest"]]
    assert command(call, order_id, "address-fine").status == 200
    assert len([f for f in show(call, order_id)["history"] if f["type"] == "AddressAccepted"]) == 1
    confirmed(call, order_id, {"type": "address", "address": OTHER_ADDRESS})
    assert show(call, order_id)["address_check"] == {"verdict": "ok", "findings": [], "fine": None}


@pytest.mark.capability("D34")
def test_a_label_is_refused_for_an_address_where_nothing_can_be_delivered(call: Call) -> None:
    order_id = an_order(call, shipping_address=BOX)
    loaded = wiring.desk().load(order_id)
    assert check_for_label(loaded, "usps").verdict == "ok"
    before = contents()
    with pytest.raises(WrongState) as refusal:
        allow_label(loaded, "FedEx")
    assert (refusal.value.guard, refusal.value.extra["verdict"]) == ("address-unusable", "unusable")
    assert contents() == before
    assert allow_label(loaded, "fedex", address_ok=True).verdict == "unusable"
    assert command(call, order_id, "address-fine").status == 200
    assert allow_label(wiring.desk().load(order_id), "fedex").verdict == "unusable"


@pytest.mark.capability("D34")
def test_what_a_label_has_no_room_for_is_told_and_a_street_is_put_on_two_lines(call: Call) -> None:
    street = "Avenida Paseo de la Reforma Norte Número 1250"
    who = {"email": "ana@example.com", "name": "María Fernanda de la Concepción Gutiérrez Altamirano"}
    order_id = an_order(call, shipping_address=ADDRESS | {"line1": street}, customer=who)
    assert told(call, order_id)["verdict"] == "ok"
    check = told(call, order_id, "ups")
    findings = {(one["field"], one["what"], *one.get("expected", [])) for one in check["findings"]}
    assert findings == {
        ("phone", "required"),
        ("line1", "too_long", "35"),
        ("name", "too_long", "35"),
    }
    assert check["verdict"] == "odd"
    lines = {name: check["suggestion"][name] for name in ("line1", "line2")}
    assert lines == {"line1": "Avenida Paseo de la Reforma Norte", "line2": "Número 1250"}
    assert {one["field"] for one in told(call, order_id, "dhl")["findings"]} == {"phone"}


@pytest.mark.capability("D34")
def test_an_order_that_is_fetched_has_no_address_to_judge(call: Call) -> None:
    order_id = an_order(call, delivery="pickup", shipping_address=None)
    assert show(call, order_id)["address_check"] is None
    assert told(call, order_id) is None
    refused = command(call, order_id, "address-fine")
    assert (refused.status, refused.body["guard"]) == (409, "no-address")
