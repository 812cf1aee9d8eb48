"""A filtered list as a file: at once while it is short, by a job of its own when it is long."""

import csv
import io
from typing import Any

import pytest

from comanda import wiring
from comanda.backoffice.bulk import export, prepare
from comanda.backoffice.listing import download
from comanda.screens.jobs import routes as job_pages
from tests.functional.bulk_world import Bulk, bulk
from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask, command
from tests.functional.tables import contents

__all__ = ["bulk"]
pytestmark = pytest.mark.capability("C02", "D26")


@pytest.fixture
def three(call: Call) -> list[dict[str, Any]]:
    stock_product(units=50)
    found = [place(call, key=f"key-{n}", purchase_order=f"=OC-{n}") for n in range(3)]
    command(call, found[1]["order_id"], "verify")
    return found


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def asked_file(call: Call, role: str = "staff", **query: str) -> Any:
    return ask(call, "GET", "/admin/orders.csv", query=query, role=role)


def test_the_file_has_the_orders_of_the_list_in_its_order(call: Call, three: list[dict[str, Any]]) -> None:
    numbers = [order["number"] for order in three]
    every = asked_file(call)
    assert every.status == 200, every.text
    assert every.headers["content-type"].startswith("text/csv")
    assert [row["number"] for row in rows(every.text)] == numbers[::-1]
    assert rows(every.text)[0]["purchase_order"] == "'=OC-2"
    chosen = asked_file(call, **{"not.verified": "true", "sort": "created", "format": "machine"})
    assert [(row["number"], row["purchase_order"]) for row in rows(chosen.text)] == [
        (numbers[0], "=OC-0"),
        (numbers[2], "=OC-2"),
    ]
    lines = rows(asked_file(call, verified="true", profile="lines").text)
    assert [(row["number"], row["sku"]) for row in lines] == [(numbers[1], "CAFE-1")]


def test_what_is_not_understood_is_refused_and_pickers_get_nothing(
    call: Call, three: list[dict[str, Any]]
) -> None:
    wrong = asked_file(call, payment="gold")
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "/payment")
    assert asked_file(call, profile="gold").status == 422
    assert asked_file(call, role="picker").status == 403
    assert staff_at("picker").get("/orders.csv").status == 403


@pytest.mark.parametrize(("name", "value"), [("MOST_AT_ONCE", 2), ("LARGEST_ANSWER", 1_300)])
def test_a_long_list_is_a_jobs_business(
    call: Call, three: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    monkeypatch.setattr(download, name, value)
    before = contents()
    refused = asked_file(call)
    assert (refused.status, refused.body["guard"]) == (409, "list-too-long")
    assert contents() == before
    assert asked_file(call, verified="true").status == 200


def test_no_more_is_read_than_can_be_answered(
    call: Call, three: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    def endless(query: Any, at: Any) -> Any:
        while True:
            given.append("o")
            yield "o"

    monkeypatch.setattr(download, "matching", endless)
    assert asked_file(call).status == 409
    assert len(given) == download.MOST_AT_ONCE + 1


def test_the_lists_button_gives_the_file_or_begins_a_job(
    call: Call, bulk: Bulk, three: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = staff_at()
    page = staff.get("/orders?not.verified=true&columns=status,total")
    assert "/back-office/orders.csv?not.verified=true" in page.text
    file = staff.get("/orders.csv?not.verified=true&columns=status,total")
    assert file.status == 200
    assert "attachment" in file.headers["content-disposition"]
    assert {row["number"] for row in rows(file.text)} == {three[0]["number"], three[2]["number"]}
    monkeypatch.setattr(download, "MOST_AT_ONCE", 1)
    asking = staff.get("/orders.csv?not.verified=true")
    assert asking.says("All orders that fit the list's choice: 2.")
    begun = staff.submit(asking, "/orders/bulk/run")
    assert begun.status == 303
    job_id = begun.location.rsplit("/", 1)[1]
    bulk.machine.work()
    done = staff.follow(begun)
    link = f"/jobs/{job_id}/file"
    assert link in done.text
    assert {row["number"] for row in rows(staff.get(link).text)} == {
        three[0]["number"],
        three[2]["number"],
    }


def test_a_large_file_of_a_job_is_fetched_by_a_link_of_its_own(
    call: Call, bulk: Bulk, three: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = bulk.run("export", ids=[order["order_id"] for order in three], params={"profile": "orders"})
    monkeypatch.setattr(job_pages, "LARGEST_ANSWER", 100)
    staff = staff_at()
    page = staff.get(f"/jobs/{job['job_id']}")
    assert f"bulk/{job['job_id']}.csv?" in page.text
    assert staff.get(f"/jobs/{job['job_id']}/file").status == 413


def test_a_long_file_shows_how_far_it_is(
    call: Call, bulk: Bulk, three: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (export, prepare):
        monkeypatch.setattr(module, "CHUNK_UNITS", 1)
    monkeypatch.setattr(export, "FLUSH_ORDERS", 1)
    jobs = wiring.bulking().jobs
    seen: list[int] = []
    told = type(jobs).put_tally

    def noted(self: Any, job: Any, chunk: int, tally: Any) -> None:
        told(self, job, chunk, tally)
        seen.append(self.tally(job.job_id).done)

    monkeypatch.setattr(type(jobs), "put_tally", noted)
    job = bulk.run("export", ids=[order["order_id"] for order in three], params={"profile": "orders"})
    assert seen[:3] == [1, 2, 3]
    assert (job["done"], job["total"]) == (3, 3)
