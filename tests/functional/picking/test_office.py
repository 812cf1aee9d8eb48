"""What the office sees of pickers, and how it takes a wave away."""

import pytest

from tests.functional.conftest import Call
from tests.functional.picking.phone import phone_of, picked, ready
from tests.functional.screens.visitor import staff_at
from tests.functional.staff import ask
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D10", "D11")


def test_staff_see_how_far_everybody_is(call: Call, clean: None) -> None:
    order = ready(call)
    phone = phone_of(call)
    wave = phone.take()
    phone.scan("CAFE-1")
    (row,) = ask(call, "GET", "/admin/waves").body["items"]
    assert (row["wave_id"], row["picker"], row["lapsed"], row["alarms"]) == (wave["wave_id"], "luz", False, 0)
    assert row["progress"] == {"stops": 2, "stops_done": 0, "units": 5, "units_picked": 1}
    assert [one["number"] for one in row["deliveries"]] == [f"{order['number']}/1"]
    assert ask(call, "GET", "/admin/waves", role="picker").status == 403


def test_staff_take_a_wave_away_once(call: Call, clean: None) -> None:
    order_id = ready(call)["order_id"]
    phone = phone_of(call)
    phone.take()
    phone.scan("CAFE-1")
    path = f"/admin/waves/{phone.wave_id}/release"
    assert ask(call, "POST", path, {}).body["state"] == "released"
    before = contents()
    assert ask(call, "POST", path, {}).body["state"] == "released"
    assert contents() == before
    assert ask(call, "GET", "/admin/waves").body["items"] == []
    assert phone.scan("CAFE-1") == "closed"
    assert picked(call, order_id)["CAFE-1"] == 1
    assert phone_of(call, "teo").take()["stops"][0]["quantity"] == 2
    assert ask(call, "POST", "/admin/waves/no-such-wave/release", {}).status == 404


def test_a_wave_that_was_given_back_is_given_back_once(call: Call, clean: None) -> None:
    ready(call)
    phone = phone_of(call)
    phone.take()
    phone.end("release")
    before = contents()
    phone.end("release")
    refused = phone.ask("POST", f"/waves/{phone.wave_id}/finish")
    assert (refused.status, refused.body["guard"]) == (409, "wave-closed")
    assert contents() == before


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_screen_shows_waves_and_takes_one_away(call: Call, clean: None, language: str) -> None:
    staff = staff_at("staff", language=language)
    assert staff.get("/waves").says("Nobody is picking" if language == "en" else "Nadie está surtiendo")
    ready(call)
    phone = phone_of(call)
    phone.take()
    phone.scan("CAFE-1")
    page = staff.get("/waves")
    assert page.says("luz")
    assert page.says("1 of 5 units" if language == "en" else "1 de 5 unidades")
    after = staff.follow(staff.submit(page, f"/waves/{phone.wave_id}/release"))
    assert after.says("luz")
    assert phone.wave()["state"] == "released"
