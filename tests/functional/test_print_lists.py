"""Lists of many orders as one file, by a job: what is to be fetched, and what a carrier takes."""

import re

import pytest

from comanda import wiring
from comanda.times import shop_day
from tests.functional.bulk_world import Bulk, Killed, bulk
from tests.functional.conftest import Call
from tests.functional.papers_world import Functions, printing_here
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import CUSTOMER, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.test_print_jobs import paid, written
from tests.unit.documents.papers import text_of

__all__ = ["bulk"]  # the fixture


@pytest.fixture
def functions(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> Functions:
    return printing_here(monkeypatch)


@pytest.fixture
def ids(call: Call) -> list[str]:
    """Three paid orders of two units each."""
    stock_product(units=50)
    assert ask(call, "PUT", "/admin/stock/CAFE-1/bin", {"bin": "B-07"}).status == 200
    return [paid(call, f"k{n}") for n in range(3)]


def text(job: dict) -> str:
    return text_of(written(f"bulk/{job['job_id']}.pdf"))


def leave(call: Call, order_id: str, carrier: str, number: str) -> None:
    units = [{"sku": "CAFE-1", "quantity": 2}]
    parcel = {"lines": units, "carrier": carrier, "tracking_number": number}
    assert command(call, order_id, "ship", parcel).status == 200


@pytest.mark.capability("D10", "D33")
def test_what_is_to_be_fetched_for_many_orders_stands_once_with_its_bin(
    call: Call, bulk: Bulk, functions: Functions, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comanda.backoffice.bulk.print_papers.AT_ONCE", 2)
    waiting = str(place(call, key="waiting")["order_id"])
    before = [show(call, order_id) for order_id in ids]
    job = bulk.run("print", ids=[*ids, waiting, "nothing"], params={"kind": "pick-list", "format": "a4"})
    assert (job["state"], job["done"], job["failed"]) == ("completed", 3, 2)
    assert job["reasons"] == {"wrong-state/not-approved": 1, "not-found": 1}
    assert job["result"]["papers"] == 1
    assert re.fullmatch(r"pick-list-[\d-]+\.pdf", job["result"]["file_name"])
    told = text(job)
    assert "6 B-07 Café CAFE-1" in told
    assert "2 × P-000001 · 2 × P-000002 · 2 × P-000003" in told
    for secret in ("$", "@", CUSTOMER["email"], "Ana Muñoz"):
        assert secret not in told
    assert [show(call, order_id) for order_id in ids] == before


@pytest.mark.parametrize(("locale", "title"), [("en", "Pick list"), ("es", "Lista de surtido")])
def test_a_list_speaks_as_the_shops_people_do(
    locale: str, title: str, call: Call, bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    set_section("notifications", merchant_locale=locale)
    assert title in text(bulk.run("print", ids=ids, params={"kind": "pick-list"}))
    asked = bulk.run("print", ids=ids, params={"kind": "pick-list", "lang": "en"})
    assert "Pick list" in text(asked)


def test_what_has_left_is_no_longer_fetched(
    call: Call, bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    leave(call, ids[0], "estafeta", "320500001")
    job = bulk.run("print", ids=ids, params={"kind": "pick-list"})
    assert job["reasons"] == {"wrong-state/nothing-to-pick": 1}
    assert "P-000001" not in text(job)


@pytest.mark.capability("D14", "D33")
def test_the_parcels_of_a_day_are_handed_over_by_carrier(
    call: Call, bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    for order_id, carrier, number in zip(ids, ("estafeta", "dhl"), ("320500001", "JD0146"), strict=False):
        leave(call, order_id, carrier, number)
    job = bulk.run("print", ids=ids, params={"kind": "hand-over"})
    assert (job["done"], job["reasons"]) == (2, {"wrong-state/not-sent-then": 1})
    assert job["result"]["papers"] == 2
    told = text(job)
    for part in ("Estafeta", "320500001", "DHL", "JD0146", "P-000002", "Recibió por la paquetería"):
        assert part in told
    assert "P-000003" not in told
    other = bulk.run("print", ids=ids, params={"kind": "hand-over", "day": "2020-01-01"})
    assert (other["done"], other["failed"], other["result"]) == (0, 3, None)


def test_a_worker_that_dies_begins_the_list_again(
    call: Call, bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    job_id = bulk.start("print", ids=ids, params={"kind": "pick-list"})
    bulk.kill("bulk.part_printed", for_good=True)
    with pytest.raises(Killed):
        bulk.machine.work()
    bulk.resume_later(job_id)
    job = bulk.look(job_id)
    assert (job["state"], job["done"], job["result"]["papers"]) == ("completed", 3, 1)
    assert "6 B-07" in text(job)


@pytest.mark.parametrize("work", ["picks", "handover"])
def test_lists_are_printed_from_the_orders_list(
    work: str, call: Call, bulk: Bulk, functions: Functions, ids: list[str]
) -> None:
    leave(call, ids[0], "dhl", "JD0146")
    staff = staff_at()
    page = staff.submit(staff.get("/orders"), "/orders/bulk", work=work, id=ids[work == "picks"])
    zone = wiring.settings().section("shop")[0].time_zone
    assert (f'value="{shop_day(wiring.now(), zone)}"' in page.text) == (work == "handover")
    sent = staff.submit(page, "/orders/bulk/run", format="thermal")
    assert sent.status == 303
    bulk.machine.work()
    assert functions.asked[0]["papers"]["format"] == "thermal"
    assert staff.follow(sent).says("done")


def test_no_other_paper_is_of_a_day(bulk: Bulk, functions: Functions) -> None:
    answer = bulk.ask("print", ids=["a"], params={"kind": "pick-list", "day": "2026-11-22"})
    assert (answer.status, answer.body["errors"][0]["detail"]) == (
        422,
        "only a hand-over list is of a day, a carrier or a location",
    )
    assert bulk.machine.waiting == []


@pytest.mark.parametrize("day", ["2026-13-01", "today", "20261122"])
def test_a_day_that_there_is_not_prints_nothing(day: str, bulk: Bulk, functions: Functions) -> None:
    answer = bulk.ask("print", ids=["a"], params={"kind": "hand-over", "day": day})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/params/day")
    assert bulk.machine.waiting == []
