"""Parcels that nobody scans: the sweep notes them, staff find them, the next scan takes them off."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import set_section, stock_product
from tests.functional.staff import ask, show
from tests.functional.test_carrier_webhooks import arrive, report, shipped

pytestmark = pytest.mark.capability("G16", "D13")


@pytest.fixture
def later_on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock some days on."""
    real = wiring.now

    def on(days: int) -> datetime:
        monkeypatch.setattr(wiring, "now", lambda: real() + timedelta(days=days))
        wiring.sweep.cache_clear()
        wiring.stuck_parcels.cache_clear()
        return wiring.now()

    yield on
    wiring.sweep.cache_clear()
    wiring.stuck_parcels.cache_clear()


def listed(call: Call, **query: str) -> list[dict[str, Any]]:
    answer = ask(call, "GET", "/admin/parcels", query={"stuck": "true"} | query)
    assert answer.status == 200, answer.text
    return answer.body["items"]


def test_they_are_noted_found_and_scanned_again(call: Call, clean: None, later_on: Any) -> None:
    stock_product()
    order_id = shipped(call, "ST01", "ST02")
    later_on(4)
    wiring.sweep().look_at(order_id)
    assert listed(call) == []
    later_on(6)
    wiring.sweep().look_at(order_id)
    wiring.sweep().look_at(order_id)
    one, other = sorted(listed(call), key=lambda row: row["tracking_number"])
    assert (one["tracking_number"], one["days"], one["scan_at"]) == ("ST01", 6, None)
    assert (other["order_id"], other["customer"]) == (order_id, "Ana Muñoz")
    assert [fact["type"] for fact in show(call, order_id)["history"]].count("ParcelStuck") == 2
    assert len(listed(call, carrier="fedex")) == 2
    assert listed(call, carrier="dhl") == []
    page = staff_at("staff").get("/deliveries/stuck").text
    assert "ST01" in page
    assert "never scanned" in page
    assert '<span class="count">2</span>' in staff_at("staff").get("/deliveries").text
    arrive(call, report("ST01", ("in_transit", "09:00")))
    assert [row["tracking_number"] for row in listed(call)] == ["ST02"]
    set_section("parcels", stuck_after_days=30)
    assert listed(call) == []
    set_section("parcels", stuck_after_days=None)
    assert listed(call) == []


def test_the_start_page_counts_them_and_leads_to_their_list(call: Call, clean: None, later_on: Any) -> None:
    stock_product()
    order_id = shipped(call, "ST01", "ST02")
    later_on(6)
    staff = staff_at("staff")
    assert "/deliveries/stuck" not in staff.get("/").text
    wiring.sweep().look_at(order_id)
    assert "/deliveries/stuck" not in staff.get("/").text  # worked out once a minute for everybody
    later_on(7)
    page = staff_at("staff", language="es").get("/")
    assert page.says("2 bultos detenidos")
    assert 'href="/back-office/deliveries/stuck"' in page.text
    set_section("parcels", stuck_after_days=None)
    later_on(8)
    assert "/deliveries/stuck" not in staff_at("staff").get("/").text


def test_many_are_counted_up_to_a_limit(
    call: Call, clean: None, later_on: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock_product()
    wiring.sweep.cache_clear()
    order_id = shipped(call, "ST01", "ST02")
    later_on(6)
    wiring.sweep().look_at(order_id)
    for module in ("backoffice.parcels.stuck", "screens.start.todo"):
        monkeypatch.setattr(f"comanda.{module}.MOST_COUNTED", 2)
    assert staff_at().get("/").says("2 parcels or more are stuck")


def test_what_is_asked_for_has_to_be_clear(call: Call, clean: None) -> None:
    answer = ask(call, "GET", "/admin/parcels")
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/stuck")
    assert ask(call, "GET", "/admin/parcels", query={"stuck": "true", "cursor": "x"}).status == 400
