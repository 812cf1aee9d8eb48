"""What a picker does not find: told once, settled by the shop, never by the picker."""

import pytest

from comanda import wiring
from tests.functional.conftest import Answer, Call
from tests.functional.picking.phone import Phone, phone_of, picked, ready
from tests.functional.shop import level
from tests.functional.staff import command, show
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D10", "F23")


@pytest.fixture
def phone(call: Call, clean: None) -> Phone:
    ready(call)
    found = phone_of(call)
    found.take()
    return found


def lacking(phone: Phone, quantity: int, short_id: str = "short-0001", **more: str) -> Answer:
    stop = phone.wave()["stops"][0]["stop_id"]
    body = {"short_id": short_id, "stop_id": stop, "quantity": quantity, "reason": "missing"} | more
    return phone.ask("POST", f"/waves/{phone.wave_id}/short", body)


def test_what_is_not_there_waits_and_the_rest_is_done(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1", quantity=2)
    stop = lacking(phone, 1).body["stops"][0]
    assert (stop["picked"], stop["short"], stop["quantity"], stop["state"]) == (2, 1, 3, "short")
    assert lacking(phone, 1).body["stops"][0] == stop  # sent twice, it happened once
    assert phone.wave()["alarms"] == []  # the picker's own doing alarms nobody
    assert picked(call, stop["order_id"])["CAFE-1"] == 2
    assert show(call, stop["order_id"])["lines"][0]["backordered"] == 1
    assert level()["on_hand"] == 49
    assert phone.scan("CAFE-1") == "over_scan"


def test_more_than_is_left_to_fetch_is_refused(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1", quantity=2)
    before = contents()
    refused = lacking(phone, 2)
    assert (refused.status, refused.body["guard"]) == (409, "not-enough-to-pick")
    assert contents() == before


def test_what_follows_is_not_the_picker_s_to_decide(call: Call, phone: Phone) -> None:
    before = contents()
    assert lacking(phone, 1, substitute="TAZA").status == 403
    assert phone.ask("POST", f"/waves/{phone.wave_id}/short", {"policy": "refund"}).status == 422
    assert lacking(phone, 1, stop_id="no.1.such.stop").status == 422
    assert contents() == before


def test_a_wave_that_ended_tells_nothing_missing(call: Call, phone: Phone) -> None:
    phone.end("release")
    before = contents()
    assert lacking(phone, 1).body["guard"] == "wave-closed"
    assert contents() == before


@pytest.mark.capability("G14")
def test_an_alarm_that_was_seen_says_that_the_goods_are_back(call: Call, phone: Phone) -> None:
    phone.scan("CAFE-1", quantity=2)
    order_id = phone.wave()["stops"][0]["order_id"]
    command(call, order_id, "cancel", {"reason": "customer"})
    assert [one["quantity"] for one in show(call, order_id)["put_back"]] == [2]
    (alarm,) = phone.wave()["alarms"]
    assert alarm["put_back"] == [{"sku": "CAFE-1", "name": "Coffee CAFE-1", "quantity": 2, "bin": ""}]
    phone.end("finish")
    answer = phone.ask("POST", f"/waves/{phone.wave_id}/alarms/{alarm['alarm_id']}/seen", {})
    assert answer.body["alarms"][0]["seen"]
    assert show(call, order_id)["put_back"] == []
    loaded = wiring.orders().load(order_id)
    assert loaded is not None
    assert not loaded.order.put_back
