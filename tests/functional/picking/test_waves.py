"""Waves: what there is to pick, who has it, and what becomes of it."""

from datetime import timedelta

import pytest
import time_machine

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.picking.phone import Phone, phone_of, picked, ready
from tests.functional.screens.pool import pool_in_place
from tests.functional.shop import set_section
from tests.functional.staff import command
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D10", "D11")


def test_a_picker_sees_what_is_ready_and_takes_it(call: Call, clean: None) -> None:
    order = ready(call)
    phone = phone_of(call)
    work = phone.work()
    assert (work["picker"], work["wave"]) == ("luz", None)
    assert [(one["code"], one["open"]) for one in work["locations"]] == [("main", 1)]
    (delivery,) = work["deliveries"]
    assert (delivery["number"], delivery["units"], delivery["lines"]) == (f"{order['number']}/1", 5, 2)
    assert (delivery["held"], delivery["taken_by"]) == (False, None)
    wave = phone.take(location="main")
    assert (wave["state"], wave["picker"]) == ("open", "luz")
    assert [(stop["sku"], stop["quantity"], stop["picked"]) for stop in wave["stops"]] == [
        ("CAFE-1", 3, 0),
        ("TAZA", 2, 0),
    ]
    assert wave["stops"][0]["codes"] == ["7501234567893", "CAFE-1"]
    assert phone.work()["wave"] == wave["wave_id"]
    assert phone.work()["deliveries"][0]["taken_by"] == "luz"


def test_what_is_ready_is_found_page_after_page(
    call: Call, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"{ready(call)['number']}/1" for _ in range(3)]
    monkeypatch.setattr("comanda.backoffice.deliveries.list.READ", 1)
    work = phone_of(call).work()
    assert ([one["number"] for one in work["deliveries"]], work["more"]) == (numbers, False)


def test_scanning_until_quantities_are_reached_picks_the_order(call: Call, clean: None) -> None:
    order_id = ready(call)["order_id"]
    phone = phone_of(call)
    phone.take()
    assert [phone.scan(code) for code in ("7501234567893", "cafe-1", "07501234567893")] == ["picked"] * 3
    assert phone.scan("CAFE-1") == "over_scan"
    assert phone.scan("0036000291452") == "picked"  # a UPC-A as the phone reads it
    assert phone.scan("TAZA", stop_id=phone.wave()["stops"][0]["stop_id"]) == "wrong_item"
    assert phone.scan("no such thing") == "unknown_code"
    assert picked(call, order_id) == {"CAFE-1": 3, "TAZA": 1}
    assert [stop["state"] for stop in phone.wave()["stops"]] == ["done", "open"]
    assert phone.scan("TAZA") == "picked"
    assert phone.end("finish")["state"] == "finished"
    assert phone.work()["deliveries"] == []
    assert phone.scan("TAZA") == "closed"


def test_a_typed_quantity_counts_at_once_or_not_at_all(call: Call, clean: None) -> None:
    order_id = ready(call)["order_id"]
    phone = phone_of(call)
    phone.take()
    assert phone.scan("CAFE-1", quantity=4) == "over_scan"
    assert picked(call, order_id)["CAFE-1"] == 0
    assert phone.scan("CAFE-1", quantity=3) == "picked"
    assert picked(call, order_id)["CAFE-1"] == 3


def test_two_pickers_cannot_have_the_same_delivery_order(call: Call, clean: None) -> None:
    order = ready(call)
    luz, teo = phone_of(call), phone_of(call, "teo")
    luz.take()
    refused = teo.ask("POST", "/waves", {"wave_id": "wave-other", "by": "location"})
    assert (refused.status, refused.body["guard"]) == (409, "nothing-to-pick")
    before = contents()
    named = {"wave_id": "wave-other", "by": "order", "numbers": [f"{order['number']}/1"]}
    refused = teo.ask("POST", "/waves", named)
    assert (refused.status, refused.body["guard"], refused.body["taken_by"]) == (409, "line-taken", "luz")
    assert contents() == before
    assert teo.ask("GET", f"/waves/{luz.wave_id}").status == 404
    luz.end("release")
    assert teo.take(**{name: value for name, value in named.items() if name != "wave_id"})["state"] == "open"


def test_the_same_wave_again_is_the_same_wave(call: Call, clean: None) -> None:
    ready(call)
    phone = phone_of(call)
    first = phone.take("wave-0001")
    ready(call)
    assert phone.take("wave-0001")["stops"] == first["stops"]
    other = phone.ask("POST", "/waves", {"wave_id": "wave-0002", "by": "location"})
    assert (other.status, other.body["guard"], other.body["wave_id"]) == (409, "wave-open", "wave-0001")


def test_a_wave_has_so_many_delivery_orders_as_the_shop_allows(call: Call, clean: None) -> None:
    numbers = [ready(call)["number"] for _ in range(3)]
    set_section("fulfilment", steps="pick_ship", wave_deliveries=2)
    phone = phone_of(call)
    assert len({stop["number"] for stop in phone.take()["stops"]}) == 2
    phone.end("release")
    assert {stop["number"] for stop in phone.take(most=1)["stops"]} == {f"{numbers[0]}/1"}


@pytest.fixture
def pickers_belong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user pool is asked again every minute; it still knows them."""
    _, directory = pool_in_place(monkeypatch)
    directory.groups = ["picker"]


def test_a_lost_phone_does_not_block_the_shelf(call: Call, pickers_belong: None) -> None:
    order_id = ready(call)["order_id"]
    luz, teo = phone_of(call), phone_of(call, "teo")
    luz.take()
    luz.scan("CAFE-1", "scan-luz-1")
    with time_machine.travel(wiring.now() + timedelta(minutes=29), tick=False):
        luz.scan("CAFE-1", "scan-luz-2")  # which makes the lease anew
    with time_machine.travel(wiring.now() + timedelta(minutes=58), tick=False):
        assert teo.ask("POST", "/waves", {"wave_id": "wave-teo-", "by": "location"}).status == 409
    with time_machine.travel(wiring.now() + timedelta(minutes=60), tick=False):
        stops = teo.take()["stops"]
        assert [(stop["sku"], stop["quantity"]) for stop in stops] == [("CAFE-1", 1), ("TAZA", 2)]
        assert luz.wave()["state"] == "released"
        late = luz.scans(*({"scan_id": f"scan-luz-{n}", "code": "CAFE-1"} for n in (1, 2, 3)))
        assert [one["outcome"] for one in late] == ["already", "already", "closed"]
    assert picked(call, order_id) == {"CAFE-1": 2, "TAZA": 0}


def test_who_comes_back_in_time_for_nobody_waits_goes_on(call: Call, pickers_belong: None) -> None:
    ready(call)
    luz = phone_of(call)
    luz.take()
    with time_machine.travel(wiring.now() + timedelta(hours=2), tick=False):
        assert luz.scan("CAFE-1") == "picked"


@pytest.mark.parametrize("steps", ["ship", "pick_ship", "pick_pack_ship"])
def test_waves_are_offered_whatever_the_steps(call: Call, clean: None, steps: str) -> None:
    order_id = ready(call, steps)["order_id"]
    phone = phone_of(call)
    phone.take()
    assert phone.scan("CAFE-1") == "picked"
    assert picked(call, order_id)["CAFE-1"] == 1


def test_what_is_on_hold_is_shown_and_not_taken(call: Call, clean: None) -> None:
    order = ready(call)
    command(call, order["order_id"], "hold", {"reason": "manual"})
    phone = phone_of(call)
    assert [one["held"] for one in phone.work()["deliveries"]] == [True]
    refused = phone.ask(
        "POST", "/waves", {"wave_id": "wave-held", "by": "order", "numbers": [order["number"]]}
    )
    assert (refused.status, refused.body["guard"]) == (409, "on-hold")
    assert phone.ask("POST", "/waves", {"wave_id": "wave-held", "by": "location"}).status == 409


def test_a_wave_by_carrier(call: Call, clean: None) -> None:
    ready(call)
    phone = phone_of(call)
    (carrier,) = phone.work()["carriers"]
    refused = phone.ask("POST", "/waves", {"wave_id": "wave-none", "by": "carrier", "carrier": "nobody"})
    assert refused.body["guard"] == "nothing-to-pick"
    assert phone.take(by="carrier", carrier=carrier["code"])["carrier"] == carrier["code"]


@pytest.mark.parametrize("role", ["admin", "staff"])
def test_staff_may_pick_too(call: Call, clean: None, role: str) -> None:
    ready(call)
    phone: Phone = phone_of(call, role=role)
    phone.take()
    assert phone.scan("CAFE-1") == "picked"
