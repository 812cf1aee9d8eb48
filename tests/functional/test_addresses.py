"""An order's address: what the shop is told of it, who says that it is right, and what a label asks for."""

from typing import Any

import pytest

from comanda import wiring
from comanda.errors import WrongState
from comanda.fulfilment.address_check import allow_label, check_for_label
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.edits import OTHER_ADDRESS, an_order, confirmed, opened
from tests.functional.shop import ADDRESS, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents
from tests.functional.test_hints import placed, rules

__all__ = ["backbone"]

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


@pytest.mark.capability("D34")
def test_a_storefront_asks_before_it_orders_and_nothing_is_kept(call: Call) -> None:
    before = contents()
    asked = {"address": ADDRESS | {"state": "", "postal_code": "6700"}}
    answer = call("storefront", "POST", "/checkout/address", asked, query={"locale": "es"})
    assert answer.status == 200, answer.text
    assert contents() == before
    assert (answer.body["verdict"], answer.body["suggestion"]["postal_code"]) == ("odd", "06700")
    asked["address"]["postal_code"] = "06700"
    told = call("storefront", "POST", "/checkout/address", asked, query={"locale": "es"}).body
    finding = {"field": "state", "what": "required", "expected": ["Ciudad de México"]}
    text = "Falta el estado o la provincia. Lo que sí concuerda: Ciudad de México."
    assert told["findings"] == [finding | {"text": text}]
    assert told["suggestion"] == ADDRESS | {"state": "Ciudad de México"}
    english = call("storefront", "POST", "/checkout/address", asked, query={"locale": "en"}).body
    assert english["findings"][0]["text"] == "The state is missing. What fits: Ciudad de México."
    empty = call("storefront", "POST", "/checkout/address", {"address": {"country": "MX"}}).body
    assert (empty["verdict"], {one["field"] for one in empty["findings"]}) == (
        "unusable",
        {"line1", "city", "state", "postal_code"},
    )
    assert call("storefront", "POST", "/checkout/address", {"address": {"street": "x"}}).status == 422


@pytest.mark.capability("D34")
def test_asking_for_addresses_is_limited(call: Call) -> None:
    set_section("limits", per_address=2)
    asked = {"address": ADDRESS}
    answers = [call("storefront", "POST", "/checkout/address", asked).status for _ in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.capability("D34")
def test_the_answer_of_an_order_tells_of_an_odd_address_each_time(call: Call) -> None:
    stock_product()
    placed = place(call, "odd", shipping_address=ELSEWHERE)
    assert placed["address_check"]["findings"][0]["what"] == "other_area"
    assert place(call, "odd", shipping_address=ELSEWHERE) == placed
    assert "address_check" not in place(call, "fine")


@pytest.mark.capability("D34", "D35")
def test_a_change_of_the_address_is_shown_with_what_the_check_says(call: Call) -> None:
    order_id = an_order(call)
    odd = OTHER_ADDRESS | {"postal_code": "06700"}
    action = {"type": "address", "address": odd, "billing_address": OTHER_ADDRESS | {"state": "Nuevo Leon"}}
    shown = opened(call, order_id, action)["preview"]
    assert shown["warnings"] == ["address-postal_code-other_area"]
    assert shown["addresses"]["shipping"]["findings"][0]["expected"] == ["Ciudad de México"]
    assert shown["addresses"]["billing"]["suggestion"]["state"] == "Nuevo León"


@pytest.mark.capability("D34", "D35")
def test_an_odd_address_holds_a_new_order_where_the_shop_wants_it(call: Call, backbone: Backbone) -> None:
    rules(addresses="odd")
    stock_product()
    order_id = placed(call, backbone, "odd", shipping_address=ELSEWHERE)
    (hold,) = show(call, order_id)["holds"]
    assert (hold["reason"], hold["open"]) == ("address", True)
    assert hold["hints"][0]["detail"] == "postal_code other_area"
    confirmed(call, order_id, {"type": "address", "address": ADDRESS | {"line1": "Orizaba"}})
    assert [one["open"] for one in show(call, order_id)["holds"]] == [True]
    confirmed(call, order_id, {"type": "address", "address": OTHER_ADDRESS})
    assert [one["open"] for one in show(call, order_id)["holds"]] == [False]


@pytest.mark.capability("D34")
def test_an_address_that_only_lacks_its_number_holds_nothing_where_unusable_ones_do(
    call: Call, backbone: Backbone
) -> None:
    rules(addresses="unusable")
    stock_product()
    order_id = placed(call, backbone, "odd", shipping_address=ADDRESS | {"line1": "Orizaba"})
    assert show(call, order_id)["holds"] == []
