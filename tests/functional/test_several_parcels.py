"""Several parcels in one `ship`: staff, customer, mail, papers, and the way back."""

from typing import Any

import pytest
from pydantic import ValidationError

from comanda import wiring
from comanda.settings.sections import Parcels
from tests.functional.conftest import Answer, Call
from tests.functional.mails import deliver, effects, letters
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, command, show
from tests.functional.tables import contents
from tests.functional.test_workflow import pay

pytestmark = pytest.mark.capability("F17")
LINES = [{"sku": "CAFE-1", "quantity": 3}, {"sku": "TAZA", "quantity": 2}]
BOX = {
    "code": "m",
    "name": "Mediana",
    "length_mm": 300,
    "width_mm": 200,
    "height_mm": 150,
    "tare_grams": 120,
}
FIRST = {"lines": [{"sku": "CAFE-1", "quantity": 2}], "tracking_number": "JD01", "box": "m"}
SECOND = {"tracking_number": "JD02", "weight_grams": 900, "length_mm": 250}


@pytest.fixture
def bought(call: Call, clean: None) -> dict[str, Any]:
    stock_product("CAFE-1", weight_grams=500)
    stock_product("TAZA")
    set_section("parcels", boxes=[BOX])
    placed = place(call, lines=LINES)
    approved(call, placed["order_id"])
    pay(placed["order_id"])
    return placed


def ship(call: Call, order_id: str, *parcels: dict[str, Any], **more: Any) -> Answer:
    return command(call, order_id, "ship", {"carrier": "dhl", "parcels": list(parcels)} | more)


def sent(call: Call, order_id: str, *parcels: dict[str, Any]) -> dict[str, Any]:
    answer = ship(call, order_id, *parcels)
    assert answer.status == 200, answer.text
    return answer.body


def customers(call: Call, bought: dict[str, Any], accept: str = "application/json") -> Answer:
    headers = {"Authorization": f"Bearer {bought['access_token']}", "Accept": accept}
    return call("customer_order", "GET", f"/orders/{bought['order_id']}", headers=headers)


@pytest.mark.capability("D14", "D16", "D17")
def test_each_parcel_is_shown_with_what_is_in_it(call: Call, bought: dict[str, Any]) -> None:
    answer = sent(call, bought["order_id"], FIRST, SECOND)
    first, second = answer["result"]["shipment_ids"]
    assert answer["result"] | {"shipment_ids": 0} == {
        "shipment_id": first, "shipment_ids": 0, "consignment": first
    }  # fmt: skip
    assert answer["order"]["fulfilment"] == "shipped"
    one, other = customers(call, bought).body["shipments"]
    assert [one["shipment_id"], other["shipment_id"], other["consignment"]] == [first, second, first]
    assert one["parcel"] == {
        "number": 1, "of": 2, "weight_grams": 1120, "length_mm": 300, "width_mm": 200, "height_mm": 150
    }  # fmt: skip
    assert other["parcel"] == {
        "number": 2, "of": 2, "weight_grams": 900, "length_mm": 250, "width_mm": None, "height_mm": None
    }  # fmt: skip
    assert [(line["sku"], line["quantity"]) for line in other["lines"]] == [("CAFE-1", 1), ("TAZA", 2)]
    assert [(line["name"], line["quantity"]) for line in one["lines"]] == [("Café CAFE-1", 2)]
    assert (one["carrier_name"], one["status_text"]) == ("DHL", "entregado a la paquetería")
    assert (one["shipped_at"][:10], one["delivered_at"]) == (wiring.now().date().isoformat(), None)
    assert [one["parcel"] for one in show(call, bought["order_id"])["shipments"]] == [
        one["parcel"], other["parcel"]
    ]  # fmt: skip
    assert level()["on_hand"] == 7
    page = customers(call, bought, "text/html").text
    assert page.index("Bulto 1 de 2") < page.index("JD01") < page.index("Bulto 2 de 2") < page.index("JD02")


@pytest.mark.capability("C23", "D14")
def test_one_mail_tells_of_all_of_them(call: Call, bought: dict[str, Any]) -> None:
    sent(call, bought["order_id"], FIRST, SECOND)
    assert deliver(bought["order_id"], "shipped") == []
    text = letters()[-1].get_body(("plain",)).get_content()
    assert "en 2 bultos" in text
    places = [text.rindex(said) for said in ("JD01", "2 × Café CAFE-1", "JD02", "1 × Café CAFE-1")]
    assert places == sorted(places)


def test_the_old_form_stays_as_it_was(call: Call, bought: dict[str, Any]) -> None:
    body = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "X1"}
    result = command(call, bought["order_id"], "ship", body).body["result"]
    assert list(result) == ["shipment_id"]
    (one,) = show(call, bought["order_id"])["shipments"]
    assert (one["consignment"], one["parcel"]["of"]) == (result["shipment_id"], 1)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"parcels": [FIRST | {"box": "nope"}]}, ["/parcels/0/box"]),
        ({"parcels": []}, ["/parcels"]),
        ({"parcels": [FIRST | {"tracking_number": ""}]}, ["/parcels/0/tracking_number"]),
        ({"parcels": [FIRST | {"weight_grams": 0}]}, ["/parcels/0/weight_grams"]),
        ({"parcels": [FIRST], "tracking_number": "X"}, ["/tracking_number"]),
        ({"lines": FIRST["lines"]}, ["/tracking_number"]),
        ({"tracking_number": "X"}, ["/lines"]),
        ({"parcels": [FIRST, SECOND | {"tracking_number": "jd01"}]}, ["/parcels/1/tracking_number"]),
    ],
)
def test_what_is_not_clear_is_refused_at_its_place(
    call: Call, bought: dict[str, Any], body: dict[str, Any], pointers: list[str]
) -> None:
    before = contents()
    answer = command(call, bought["order_id"], "ship", {"carrier": "dhl"} | body)
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert [error["pointer"] for error in answer.body["errors"]] == pointers
    assert contents() == before


def test_all_leave_or_none_does(call: Call, bought: dict[str, Any]) -> None:
    before = contents()
    more = {"lines": [{"sku": "CAFE-1", "quantity": 2}], "tracking_number": "JD09"}
    answer = ship(call, bought["order_id"], FIRST, more)
    assert (answer.status, answer.body["guard"]) == (409, "not-enough-to-ship")
    assert contents() == before


def test_a_consignment_is_taken_back_whole(call: Call, bought: dict[str, Any]) -> None:
    consignment = sent(call, bought["order_id"], FIRST, SECOND)["result"]["consignment"]
    answer = command(call, bought["order_id"], "undo-ship", {"consignment": consignment})
    assert answer.status == 200, answer.text
    assert (answer.body["order"]["shipments"], level()["allocated"]) == ([], 3)
    assert effects(bought["order_id"])["shipped"].result.get("skipped")
    version, before = show(call, bought["order_id"])["version"], contents()
    again = command(call, bought["order_id"], "undo-ship", {"consignment": consignment}, version=version)
    assert again.status == 409
    assert contents() == before


def test_one_of_them_is_taken_back_and_the_mail_tells_of_the_other(
    call: Call, bought: dict[str, Any]
) -> None:
    first, second = sent(call, bought["order_id"], FIRST, SECOND)["result"]["shipment_ids"]
    assert command(call, bought["order_id"], "undo-ship", {"shipment_id": first}).status == 200
    assert [one["shipment_id"] for one in show(call, bought["order_id"])["shipments"]] == [second]
    assert deliver(bought["order_id"], "shipped") == []
    text = letters()[-1].get_body(("plain",)).get_content()
    assert "JD02" in text
    assert "JD01" not in text


@pytest.mark.capability("D13", "D16")
def test_scans_that_came_first_find_each_of_them(call: Call, bought: dict[str, Any]) -> None:
    from comanda import wiring
    from comanda.fulfilment.tracking import Scan
    from comanda.orders.facts import Origin

    at = "2026-11-22T10:00:00.000Z"
    for number in ("JD01", "JD02"):
        scan = Scan("dhl", number, "in_transit", at)
        wiring.scanning().record([scan], Origin("provider:easypost", "webhook:1", at))
    sent(call, bought["order_id"], FIRST, SECOND)
    assert [one["status"] for one in show(call, bought["order_id"])["shipments"]] == ["in_transit"] * 2


@pytest.mark.capability("D31")
def test_the_packing_slip_says_what_is_in_which(call: Call, bought: dict[str, Any]) -> None:
    from comanda import wiring
    from comanda.documents.kinds import Kind
    from comanda.documents.printing import Wish, papers_of

    sent(call, bought["order_id"], FIRST, SECOND)
    judged = wiring.printing().judged(bought["order_id"], Kind.PACKING_SLIP, wiring.settings().sections)
    (sheet,) = papers_of([judged], Wish(Kind.PACKING_SLIP))["sheets"]
    one, other = sheet["notes"][:2]
    assert one["title"] == "Bulto 1 de 2 · DHL · JD01 · 1.12\u00a0kg"
    assert one["lines"] == ("2 × Café CAFE-1",)
    assert other["lines"] == ("1 × Café CAFE-1", "2 × Café TAZA")


def test_boxes_are_told_apart() -> None:
    with pytest.raises(ValidationError, match="short name of its own"):
        Parcels.model_validate({"boxes": [BOX, BOX]})
