"""What happens to an order while it is picked, and scans that are taken back."""

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.edits import opened
from tests.functional.picking.phone import Phone, phone_of, picked, ready
from tests.functional.shop import stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D10", "G14", "F23")


@pytest.fixture
def phone(call: Call, clean: None) -> Phone:
    ready(call)
    found = phone_of(call)
    found.take()
    return found


def order_of(phone: Phone) -> str:
    return str(phone.wave()["stops"][0]["order_id"])


def alarms(phone: Phone) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (alarm["kind"], [(one["sku"], one["quantity"]) for one in alarm["put_back"]])
        for alarm in phone.wave()["alarms"]
    ]


def test_a_cancelled_order_shouts_and_says_what_goes_back(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1", "scan-0001", quantity=2)
    phone.scan("TAZA", "scan-0002")
    assert alarms(phone) == []
    command(call, order_of(phone), "cancel", {"reason": "customer"})
    assert alarms(phone) == [("cancelled", [("CAFE-1", 2), ("TAZA", 1)])]
    assert {stop["state"] for stop in phone.wave()["stops"]} == {"cancelled"}
    assert phone.scan("TAZA") == "cancelled"
    (result,) = phone.scans({"scan_id": "scan-0001", "code": "CAFE-1"})
    assert result["outcome"] == "already"
    assert phone.undo("scan-0001").body["guard"] == "scan-not-counted"
    assert alarms(phone) == [("cancelled", [("CAFE-1", 2), ("TAZA", 1)])]  # told once


def test_a_cancellation_between_two_scans_of_a_batch_is_told_by_scan(call: Call, phone: Phone) -> None:
    other = ready(call)
    phone.end("release")
    phone.take()
    command(call, other["order_id"], "cancel", {"reason": "customer"})
    stops = {(stop["number"], stop["sku"]): stop["stop_id"] for stop in phone.wave()["stops"]}
    mine = next(number for number, _ in stops if number != f"{other['number']}/1")
    sent = [
        {"scan_id": "scan-0001", "code": "TAZA", "stop_id": stops[f"{other['number']}/1", "TAZA"]},
        {"scan_id": "scan-0002", "code": "TAZA", "stop_id": stops[mine, "TAZA"]},
    ]
    assert [one["outcome"] for one in phone.scans(*sent)] == ["cancelled", "picked"]


def test_a_hold_stops_the_picker_until_it_is_released(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1")
    order_id = order_of(phone)
    hold = command(call, order_id, "hold", {"reason": "manual"}).body["result"]["hold_id"]
    assert alarms(phone) == [("held", [])]
    assert [stop["state"] for stop in phone.wave()["stops"]] == ["held", "held"]
    assert phone.scan("CAFE-1", "scan-held-1") == "held"
    assert picked(call, order_id) == {"CAFE-1": 1, "TAZA": 0}
    command(call, order_id, "release-hold", {"hold_id": hold})
    assert phone.scan("CAFE-1", "scan-held-1") == "held"  # the same scan has the same answer
    assert phone.scan("CAFE-1") == "picked"


def test_what_staff_put_back_is_not_in_the_picker_s_hands(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1", quantity=3)
    command(call, order_of(phone), "undo-pick", {"lines": [{"sku": "CAFE-1", "quantity": 1}]})
    assert alarms(phone) == [("changed", [("CAFE-1", 1)])]
    assert phone.wave()["stops"][0]["picked"] == 2
    assert phone.scan("CAFE-1") == "picked"


def test_units_that_an_edit_takes_away_go_back(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1", quantity=3)
    order_id = order_of(phone)
    line = show(call, order_id)["lines"][0]["line_id"]
    edit = opened(call, order_id, {"type": "quantity", "line_id": line, "quantity": 1})
    headers = {"Idempotency-Key": "edit-1", "If-Match": f'"{show(call, order_id)["version"]}"'}
    path = f"/admin/orders/{order_id}/edits/{edit['edit_id']}/confirm"
    assert ask(call, "POST", path, {}, headers=headers).status == 200
    assert alarms(phone) == [("changed", [("CAFE-1", 2)])]
    (stop, _) = phone.wave()["stops"]
    assert (stop["quantity"], stop["picked"], stop["state"]) == (1, 1, "done")


def test_an_alarm_is_acknowledged_once(call: Call, phone: Phone) -> None:
    phone.scan("TAZA")
    command(call, order_of(phone), "cancel", {"reason": "customer"})
    (alarm,) = phone.wave()["alarms"]
    path = f"/waves/{phone.wave_id}/alarms/{alarm['alarm_id']}/seen"
    assert phone.ask("POST", path, {}).body["alarms"][0]["seen"]
    before = contents()
    assert phone.ask("POST", path, {}).status == 200
    assert contents() == before
    assert phone.ask("POST", f"/waves/{phone.wave_id}/alarms/none.1.9/seen", {}).status == 404


def test_what_others_ship_or_pick_meanwhile_is_not_asked_for_again(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1")
    command(call, order_of(phone), "pick", {"lines": [{"sku": "CAFE-1", "quantity": 2}]})
    (cafe, taza) = phone.wave()["stops"]
    assert (cafe["quantity"], cafe["picked"], cafe["state"], taza["state"]) == (1, 1, "done", "open")
    assert phone.scan("CAFE-1") == "over_scan"
    assert alarms(phone) == []


def test_a_scan_is_taken_back_once(call: Call, phone: Phone) -> None:
    order_id = order_of(phone)
    phone.scan("CAFE-1", "scan-0001", quantity=2)
    assert phone.undo("scan-0001").status == 200
    assert picked(call, order_id)["CAFE-1"] == 0
    before = contents()
    assert phone.undo("scan-0001").status == 200  # the same undo again
    assert phone.undo("scan-0001", "undo-0002").body["guard"] == "scan-not-counted"
    assert phone.undo("scan-none", "undo-0002").status == 404
    assert contents() == before
    (result,) = phone.scans({"scan_id": "scan-0001", "code": "CAFE-1", "quantity": 2})
    assert (result["outcome"], picked(call, order_id)["CAFE-1"]) == ("already", 0)


def test_what_is_packed_is_not_taken_back(call: Call, clean: None) -> None:
    order_id = ready(call, "pick_pack_ship")["order_id"]
    phone = phone_of(call)
    phone.take()
    phone.scan("TAZA", "scan-0001", quantity=2)
    command(call, order_id, "pack")
    before = contents()
    assert phone.undo("scan-0001").body["guard"] == "not-picked"
    assert contents() == before


@pytest.fixture
def bundle(call: Call, clean: None) -> Phone:
    """Two breakfasts, each of one mug and two coffees."""
    from comanda.stock.model import Part

    stock_product("CAFE-1", units=50)
    stock_product("TAZA", units=50)
    stock_product("DESAYUNO", units=None, components=(Part("TAZA", 1), Part("CAFE-1", 2)))
    ready(call, lines=[{"sku": "DESAYUNO", "quantity": 2}])
    found = phone_of(call)
    found.take()
    return found


def test_a_bundle_is_fetched_as_its_articles(call: Call, bundle: Phone) -> None:
    stops = [(stop["sku"], stop["quantity"]) for stop in bundle.wave()["stops"]]
    assert stops == [("CAFE-1", 4), ("TAZA", 2)]
    order_id = order_of(bundle)
    assert [bundle.scan("CAFE-1"), bundle.scan("TAZA")] == ["picked", "picked"]
    assert picked(call, order_id) == {"DESAYUNO": 0}
    assert bundle.scan("CAFE-1", "scan-0001") == "picked"
    assert picked(call, order_id) == {"DESAYUNO": 1}
    assert bundle.undo("scan-0001").status == 200
    assert picked(call, order_id) == {"DESAYUNO": 0}
    assert bundle.scan("CAFE-1", quantity=4) == "over_scan"
    assert [stop["picked"] for stop in bundle.wave()["stops"]] == [1, 1]


def test_articles_of_half_a_bundle_go_back_when_the_wave_ends(call: Call, bundle: Phone) -> None:
    bundle.scan("CAFE-1", quantity=3)
    bundle.scan("TAZA")
    ended = bundle.end("finish")
    assert [(one["sku"], one["quantity"]) for one in ended["alarms"][0]["put_back"]] == [("CAFE-1", 1)]
    assert bundle.end("finish")["alarms"] == ended["alarms"]
    again = phone_of(call, "teo")
    assert [(stop["sku"], stop["quantity"]) for stop in again.take()["stops"]] == [("CAFE-1", 2), ("TAZA", 1)]


def test_articles_of_a_cancelled_bundle_go_back(call: Call, bundle: Phone) -> None:
    bundle.scan("CAFE-1", quantity=3)
    bundle.scan("TAZA")
    command(call, order_of(bundle), "cancel", {"reason": "customer"})
    (kind, back) = alarms(bundle)[0]
    assert (kind, sorted(back)) == ("cancelled", [("CAFE-1", 3), ("TAZA", 1)])


def test_the_walk_follows_the_bins(call: Call, clean: None) -> None:
    from comanda.stock.rows import StockRow, stock_key

    ready(call)
    for sku, bin_ in (("CAFE-1", "A-10"), ("TAZA", "A-2")):
        StockRow.change(StockRow(stock_key(sku)), [StockRow.bin.set(bin_)])
    phone = phone_of(call)
    assert [(stop["bin"], stop["sku"]) for stop in phone.take()["stops"]] == [
        ("A-2", "TAZA"),
        ("A-10", "CAFE-1"),
    ]
    assert wiring.stock().levels(["TAZA"])["TAZA"].bin == "A-2"
