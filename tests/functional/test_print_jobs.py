"""Papers of many orders as one file, by a job."""

import os
import re

import boto3
import pytest

from tests.functional.bulk_world import Bulk, Killed, bulk
from tests.functional.conftest import Call
from tests.functional.papers_world import Functions, printing_here
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, ask, command
from tests.unit.documents.papers import text_of

__all__ = ["bulk"]  # the fixture


@pytest.fixture
def functions(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> Functions:
    return printing_here(monkeypatch)


def paid(call: Call, key: str, **changes: str) -> str:
    order_id = str(place(call, key=key, **changes)["order_id"])
    approved(call, order_id)
    assert command(call, order_id, "mark-paid", {}, key=key).status == 200
    return order_id


def written(name: str) -> bytes:
    return bytes(boto3.client("s3").get_object(Bucket=os.environ["EXPORT_BUCKET"], Key=name)["Body"].read())


def numbers_on(made: bytes) -> list[str]:
    return re.findall(r"(P-\d+) · P[áa]g", text_of(made))


@pytest.mark.capability("D33", "D09")
def test_many_slips_are_one_file_and_what_has_none_is_named(
    call: Call,
    bulk: Bulk,
    functions: Functions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("comanda.backoffice.bulk.print_papers.AT_ONCE", 2)
    stock_product(units=50)
    ids = [paid(call, f"k{n}", locale="en" if n == 1 else "es") for n in range(3)]
    waiting = str(place(call, key="waiting")["order_id"])
    job = bulk.run("print", ids=[*ids, waiting, "nothing"], params={"kind": "packing-slip"})
    assert (job["state"], job["done"], job["failed"]) == ("completed", 3, 2)
    assert job["reasons"] == {"wrong-state/not-approved": 1, "not-found": 1}
    refused = [one for one in job["results"] if one["outcome"] == "refused"]
    assert [one["order_id"] for one in refused] == [waiting, "nothing"]
    made = written(f"bulk/{job['job_id']}.pdf")
    assert numbers_on(made) == ["P-000001", "P-000002", "P-000003"]
    assert (job["result"]["papers"], job["result"]["size"]) == (3, len(made))
    text = text_of(made)
    assert (text.count("Nota de entrega"), text.count("Packing slip")) == (2, 1)
    assert "$" not in text


@pytest.mark.capability("D31", "D33")
def test_the_file_is_fetched_over_the_api_and_from_its_page(
    call: Call,
    bulk: Bulk,
    functions: Functions,
) -> None:
    stock_product(units=50)
    ids = [paid(call, "k1"), paid(call, "k2")]
    set_section("documents", format="a4")
    job = bulk.run("print", ids=ids, params={"kind": "receipt"})
    assert functions.asked[0]["papers"]["format"] == "a4"
    answer = ask(call, "GET", f"/admin/jobs/{job['job_id']}/file")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert re.search(r'filename="receipt-[\d-]+\.pdf"', answer.headers["content-disposition"])
    staff = staff_at()
    page = staff.get(f"/jobs/{job['job_id']}")
    assert f"/jobs/{job['job_id']}/file" in page.text
    assert staff.get(f"/jobs/{job['job_id']}/file").headers["content-type"] == "application/pdf"


def test_a_selection_of_the_list_is_printed_on_the_paper_that_was_chosen(
    call: Call,
    bulk: Bulk,
    functions: Functions,
) -> None:
    stock_product(units=50)
    order_id = paid(call, "k1")
    staff = staff_at()
    page = staff.submit(staff.get("/orders"), "/orders/bulk", work="slips", id=order_id)
    assert page.says("Print packing slips")
    assert page.says("Selected orders: 1.")
    sent = staff.submit(page, "/orders/bulk/run", format="thermal")
    assert sent.status == 303
    bulk.machine.work()
    assert functions.asked[0]["papers"]["format"] == "thermal"
    assert staff.follow(sent).says("done")


@pytest.mark.parametrize("point", ["bulk.part_printed", "bulk.chunk_listed"])
def test_a_worker_that_dies_prints_nothing_twice(
    point: str,
    call: Call,
    bulk: Bulk,
    functions: Functions,
) -> None:
    stock_product(units=50)
    ids = [paid(call, f"k{n}") for n in range(2)]
    job_id = bulk.start("print", ids=ids, params={"kind": "order"})
    bulk.kill(point, for_good=True)
    with pytest.raises(Killed):
        bulk.machine.work()
    bulk.resume_later(job_id)
    job = bulk.look(job_id)
    assert (job["state"], job["done"]) == ("completed", 2)
    assert numbers_on(written(f"bulk/{job_id}.pdf")) == ["P-000001", "P-000002"]


def test_a_busy_press_is_waited_for_and_a_broken_one_interrupts(
    call: Call,
    bulk: Bulk,
    functions: Functions,
) -> None:
    stock_product(units=50)
    ids = [paid(call, "k1")]
    functions.broken = True
    job = bulk.run("print", ids=ids, params={"kind": "order"})
    assert (job["state"], job["result"]) == ("interrupted", None)
    functions.broken = False
    bulk.tell(job["job_id"], "resume")
    bulk.machine.work()
    assert bulk.look(job["job_id"])["state"] == "completed"


def test_nothing_to_print_makes_no_file(call: Call, bulk: Bulk, functions: Functions) -> None:
    stock_product()
    waiting = str(place(call)["order_id"])
    job = bulk.run("print", ids=[waiting], params={"kind": "receipt"})
    assert (job["state"], job["failed"], job["result"]) == ("completed", 1, None)
    assert functions.asked == []
    assert ask(call, "GET", f"/admin/jobs/{job['job_id']}/file").body["guard"] == "job-without-file"


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"params": {}}, "/params/kind"),
        ({"params": {"kind": "poster"}}, "/params/kind"),
        ({"params": {"kind": "order", "format": "a3"}}, "/params/format"),
        ({"params": {"kind": "order"}, "preview": True}, "/preview"),
    ],
)
def test_what_is_not_understood_prints_nothing(
    more: dict,
    pointer: str,
    call: Call,
    bulk: Bulk,
    functions: Functions,
) -> None:
    answer = bulk.ask("print", ids=["a"], **more)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, pointer)
    assert bulk.machine.waiting == []


def test_more_than_a_thousand_are_too_many_for_one_file(
    call: Call,
    bulk: Bulk,
    functions: Functions,
) -> None:
    job = bulk.run("print", ids=[f"o{n}" for n in range(1_001)], params={"kind": "order"})
    assert job["state"] == "failed"
    assert "1000 orders" in job["problem"]["detail"]


def test_pickers_print_nothing(bulk: Bulk, functions: Functions) -> None:
    answer = bulk.ask("print", role="picker", ids=["a"], params={"kind": "order"})
    assert answer.status == 403
    assert bulk.machine.waiting == []
