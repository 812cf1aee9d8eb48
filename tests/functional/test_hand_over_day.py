"""The hand-over list of a day, which finds its orders by itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from comanda import wiring
from comanda.times import shop_day
from tests.functional.bulk_world import Bulk, bulk
from tests.functional.conftest import Call
from tests.functional.papers_world import Functions, printing_here
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import set_section, stock_product
from tests.functional.tables import contents
from tests.functional.test_print_jobs import paid
from tests.functional.test_print_lists import leave, text

__all__ = ["bulk"]  # the fixture

pytestmark = pytest.mark.capability("D14", "D33")


@pytest.fixture
def functions(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> Functions:
    return printing_here(monkeypatch)


def today() -> str:
    return shop_day(wiring.now(), wiring.settings().section("shop")[0].time_zone)


@pytest.fixture
def ids(call: Call, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One left three days ago, two today with different carriers, one is still here."""
    stock_product(units=50)
    found = [paid(call, f"k{n}") for n in range(4)]
    with pytest.MonkeyPatch.context() as patch:
        before = wiring.now() - timedelta(days=3)
        patch.setattr(wiring, "now", lambda: before)
        wiring.office.cache_clear()
        leave(call, found[0], "estafeta", "320500000")
    wiring.office.cache_clear()
    leave(call, found[1], "estafeta", "320500001")
    leave(call, found[2], "DHL Express", "JD0146")
    return found


def printed(bulk: Bulk, **params: str) -> dict[str, Any]:
    return bulk.run("print", params={"kind": "hand-over", **params})


def test_all_parcels_of_a_day_are_found_and_nothing_else(
    bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    job = printed(bulk)
    assert (job["state"], job["done"], job["failed"]) == ("completed", 2, 0)
    assert sorted(one["order_id"] for one in job["results"]) == sorted(ids[1:3])
    assert job["result"]["papers"] == 2
    told = text(job)
    assert "320500001" in told
    assert "JD0146" in told
    assert "320500000" not in told


def test_of_one_carrier_however_it_is_written_and_of_a_day_before(
    bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    dhl = printed(bulk, carrier="dhl", day=today())
    assert [one["order_id"] for one in dhl["results"]] == [ids[2]]
    before = shop_day(wiring.now() - timedelta(days=3), wiring.settings().section("shop")[0].time_zone)
    job = printed(bulk, day=before)
    assert [one["order_id"] for one in job["results"]] == [ids[0]]
    assert "320500000" in text(job)
    named = bulk.run("print", ids=ids, params={"kind": "hand-over", "carrier": "estafeta"})
    assert (named["done"], named["reasons"]) == (1, {"wrong-state/not-sent-then": 3})


def test_of_one_place_where_the_shop_has_several(bulk: Bulk, functions: Functions, ids: list[str]) -> None:
    usual = wiring.settings().section("stock")[0].default_location
    assert printed(bulk, location=usual)["done"] == 2
    other = printed(bulk, location="elsewhere")
    assert (other["state"], other["problem"]["detail"]) == ("failed", "no parcel left the shop then")
    assert other["result"] is None


def test_what_changes_while_it_is_looked_for_is_found(
    bulk: Bulk, functions: Functions, ids: list[str], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that is read last moves to the front of the list when the first page was read."""
    from comanda.backoffice.bulk import left_on

    monkeypatch.setattr(left_on, "LATEST", left_on.replace(left_on.LATEST, limit=1))
    real, moved = left_on.page_of, []

    def page_of(query: Any, at: Any) -> Any:
        page = real(query, at)
        if not moved:
            moved.append(leave_again())
        return page

    def leave_again() -> bool:
        from tests.functional.staff import command

        return command(call, ids[1], "hold", {"reason": "manual"}).status == 200

    monkeypatch.setattr(left_on, "page_of", page_of)
    job = printed(bulk)
    assert moved == [True]
    assert sorted(one["order_id"] for one in job["results"]) == sorted(ids[1:3])


def test_it_stops_looking_when_there_are_more_than_a_list_takes(
    bulk: Bulk, functions: Functions, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from comanda.backoffice.bulk import left_on, prepare

    monkeypatch.setattr(prepare, "MOST_PRINTED", 1)
    monkeypatch.setattr(left_on, "LATEST", left_on.replace(left_on.LATEST, limit=1))
    real, read = left_on.page_of, []
    monkeypatch.setattr(left_on, "page_of", lambda query, at: (read.append(1), real(query, at))[1])
    job = printed(bulk)
    assert (job["state"], job["result"], len(read)) == ("failed", None, 2)
    assert job["problem"]["detail"] == "a job takes at most 1 orders: narrow the filter"


@pytest.mark.parametrize("zone", ["America/Mexico_City", "Asia/Tokyo"])
def test_a_day_long_ago_is_looked_for_among_named_orders_only(
    zone: str, bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    set_section("shop", time_zone=zone)
    first = (date.fromisoformat(today()) - timedelta(days=31)).isoformat()
    before = contents()
    for day in (str(date.fromisoformat(first) - timedelta(days=1)), "0001-01-01"):
        answer = bulk.ask("print", params={"kind": "hand-over", "day": day})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/params/day")
        assert "31 days" in answer.body["errors"][0]["detail"]
    assert (bulk.machine.waiting, contents()) == ([], before)
    assert printed(bulk, day=first)["problem"]["detail"] == "no parcel left the shop then"
    named = bulk.run("print", ids=ids[:1], params={"kind": "hand-over", "day": "0001-01-01"})
    assert (named["state"], named["reasons"]) == ("completed", {"wrong-state/not-sent-then": 1})


@pytest.mark.parametrize("kind", ["pick-list", "packing-slip", "labels"])
def test_other_papers_name_their_orders(kind: str, bulk: Bulk, functions: Functions) -> None:
    before = contents()
    answer = bulk.ask("print", params={"kind": kind})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/ids")
    assert bulk.ask("print", ids=["a"], params={"kind": kind, "carrier": "dhl"}).status == 422
    assert (bulk.machine.waiting, contents()) == ([], before)


def test_it_is_asked_for_beside_the_deliveries(bulk: Bulk, functions: Functions, ids: list[str]) -> None:
    staff = staff_at()
    assert "/deliveries/hand-over" in staff.get("/deliveries").text
    page = staff.get("/deliveries/hand-over")
    assert f'value="{today()}"' in page.text
    sent = staff.submit(page, "/deliveries/hand-over", carrier="dhl", format="a4")
    assert sent.status == 303
    bulk.machine.work()
    assert functions.asked[0]["papers"]["format"] == "a4"
    assert staff.follow(sent).says("Download hand-over-")
    refused = staff.submit(page, "/deliveries/hand-over", day="yesterday")
    assert refused.status == 422
    assert "yesterday" in refused.text
    long_ago = staff.submit(staff.get("/deliveries/hand-over"), "/deliveries/hand-over", day="2025-01-02")
    assert (long_ago.status, "31 days back" in long_ago.text) == (422, True)
    assert f'min="{date.fromisoformat(today()) - timedelta(days=31)}"' in long_ago.text
    assert bulk.machine.waiting == []
    assert staff.post("/deliveries/hand-over", {"day": today()}).status == 403
    assert staff_at("picker").get("/deliveries/hand-over").status == 403
