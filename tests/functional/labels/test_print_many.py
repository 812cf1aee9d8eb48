"""The labels of many orders as one file, by a job."""

import re
from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.fulfilment.carriers.port import Format, LabelFile
from local.peers.label_files import label_file
from tests.functional.bulk_world import Bulk, Killed, bulk
from tests.functional.labels_world import BOX, WISH, LabelWorld
from tests.functional.papers_world import Functions, printing_here
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import set_section
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_print_jobs import written
from tests.unit.documents.papers import text_of

__all__ = ["bulk"]  # the fixture

pytestmark = pytest.mark.capability("D12", "D33")


@pytest.fixture
def functions(shop: LabelWorld, bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> Functions:
    return printing_here(monkeypatch)


ONLY = "only a hand-over list is of a day, a carrier or a location"


def drawn(number: str, form: str = "pdf") -> bytes:
    """A label as the stand-in for EasyPost makes it."""
    shipment: dict[str, Any] = {"to_address": {"name": number}, "selected_rate": None, "options": {}}
    return label_file(shipment | {"tracking_code": None}, form)[0]


@pytest.fixture(autouse=True)
def _real_files(shop: LabelWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def file(ref: str, tracking_number: str, wanted: Format) -> LabelFile:
        shop.carrier._reached()
        return LabelFile(drawn(tracking_number, wanted), wanted)

    monkeypatch.setattr(shop.carrier, "file", file)


def labelled(shop: LabelWorld, key: str, **wish: Any) -> str:
    order_id = shop.ready(key=key)
    shop.does(order_id, "buy-label", WISH | wish, key=f"buy-{key}")
    shop.work(order_id)
    return order_id


def replace_file(order_id: str, content: bytes, form: Format = "pdf") -> None:
    wiring.label_files().keep(order_id, "l1", LabelFile(content, form))


def forget_files() -> None:
    """As the bucket does in time."""
    bucket = boto3.resource("s3").Bucket(wiring.label_files().bucket)
    bucket.objects.filter(Prefix="labels/").delete()


def guards(job: dict[str, Any]) -> dict[str, str]:
    """Order → why it is not printed."""
    bad = [one for one in job["results"] if one["outcome"] != "done"]
    return {one["order_id"]: one["problem"].get("guard") or one["problem"]["type"] for one in bad}


def printed(job: dict[str, Any]) -> list[str]:
    return re.findall(r"TRK\d+", text_of(written(f"bulk/{job['job_id']}.pdf")))


def test_labels_of_many_orders_are_one_file_and_what_has_none_is_named(
    shop: LabelWorld, bulk: Bulk, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comanda.backoffice.bulk.print_papers.AT_ONCE", 2)
    sent = labelled(shop, "k1")
    later = labelled(shop, "k2", ship=False)
    none = shop.ready(key="k3")
    asked = shop.ready(key="k4")
    shop.does(asked, "buy-label", WISH, key="buy-k4")
    given_back = labelled(shop, "k5", ship=False)
    shop.does(given_back, "void-label", {"label_id": "l1"}, key="void")
    shop.work(given_back)
    held = labelled(shop, "k6", ship=False)
    shop.does(held, "hold", {"reason": "manual"})
    ids = [sent, none, later, asked, given_back, held, "nothing"]
    before = [shop.order(one) for one in ids[:-1]]
    job = bulk.run("print", ids=ids, params={"kind": "labels"})
    assert (job["state"], job["done"], job["failed"]) == ("completed", 2, 5)
    assert guards(job) == {
        none: "no-label",
        asked: "label-being-bought",
        given_back: "no-label",
        held: "on-hold",
        "nothing": "not-found",
    }
    assert printed(job) == ["TRK1", "TRK2"]
    assert job["result"]["papers"] == 2
    assert re.fullmatch(r"labels-[\d-]+\.pdf", job["result"]["file_name"])
    assert [shop.order(one) for one in ids[:-1]] == before


def test_all_labels_of_an_order_are_printed_but_not_one_that_its_carrier_kept(
    shop: LabelWorld, bulk: Bulk, functions: Functions
) -> None:
    halves = [{"lines": [{"sku": sku, "quantity": n}], **BOX} for sku, n in (("CAFE-1", 3), ("TAZA", 2))]
    two = labelled(shop, "k1", parcels=halves, ship=False)
    kept = labelled(shop, "k2", ship=False)
    shop.carrier.keeping = "it was used"
    shop.does(kept, "void-label", {"label_id": "l1"}, key="void")
    shop.work(kept)
    (hold,) = shop.order(kept).open_holds
    shop.does(kept, "release-hold", {"hold_id": hold.hold_id})
    job = bulk.run("print", ids=[two, kept], params={"kind": "labels"})
    assert guards(job) == {kept: "no-label"}
    assert (printed(job), job["result"]["papers"]) == (["TRK1", "TRK2"], 2)


def test_pictures_stand_among_pages_and_what_is_no_label_keeps_nobody_else_off(
    shop: LabelWorld, bulk: Bulk, functions: Functions
) -> None:
    first, picture, broken, locked, last = (labelled(shop, f"k{n}") for n in range(5))
    forget_files()
    for order_id, content, form in (
        (first, drawn("TRK1"), "pdf"),
        (picture, drawn("", "png"), "png"),
        (broken, drawn("", "png")[:40], "png"),
        (locked, b"<html>Service Unavailable</html>", "pdf"),
        (last, drawn("TRK5"), "pdf"),
    ):
        replace_file(order_id, content, form)
    ids = [first, picture, broken, locked, last]
    job = bulk.run("print", ids=ids, params={"kind": "labels"})
    assert guards(job) == {broken: "label-unreadable", locked: "label-unreadable"}
    assert printed(job) == ["TRK1", "TRK5"]
    assert job["result"]["papers"] == 3
    assert text_of(written(f"bulk/{job['job_id']}.pdf")).count("\f") == 3


def test_a_file_with_a_page_that_cannot_be_put_among_others_is_named(
    shop: LabelWorld, bulk: Bulk, functions: Functions
) -> None:
    first, broken, last = (labelled(shop, f"k{n}") for n in range(3))
    replace_file(broken, drawn("TRK2").replace(b"/Type /Page /Parent", b"/Parent"))
    job = bulk.run("print", ids=[first, broken, last], params={"kind": "labels"})
    assert (job["state"], guards(job)) == ("completed", {broken: "label-unreadable"})
    assert printed(job) == ["TRK1", "TRK3"]


def test_what_sets_the_printer_may_stand_before_a_label_in_zpl(
    shop: LabelWorld, bulk: Bulk, functions: Functions
) -> None:
    set_section("carriers", format="zpl")
    ready, cut = labelled(shop, "k1"), labelled(shop, "k2")
    replace_file(ready, b"CT~~CD,~CC^~CT~\n^XA^FDone^FS^XZ\n", "zpl")
    replace_file(cut, b"CT~~CD,~CC^~CT~\n^FDnone^FS^XZ", "zpl")
    job = bulk.run("print", ids=[ready, cut], params={"kind": "labels"})
    assert guards(job) == {cut: "label-unreadable"}
    assert written(f"bulk/{job['job_id']}.zpl") == b"CT~~CD,~CC^~CT~\n^XA^FDone^FS^XZ\n"


def test_a_shop_that_buys_zpl_gets_one_file_for_its_printer(
    shop: LabelWorld, bulk: Bulk, functions: Functions
) -> None:
    pdf = labelled(shop, "k1")
    set_section("carriers", format="zpl")
    zpl = [labelled(shop, "k2"), labelled(shop, "k3")]
    broken = labelled(shop, "k4")
    replace_file(broken, b"^XA cut off", "zpl")
    job = bulk.run("print", ids=[zpl[1], pdf, broken, zpl[0]], params={"kind": "labels"})
    assert guards(job) == {pdf: "other-label-format", broken: "label-unreadable"}
    made = written(f"bulk/{job['job_id']}.zpl")
    assert made == b"\n".join((drawn("TRK3", "zpl"), drawn("TRK2", "zpl"), b""))
    assert (job["result"]["papers"], job["result"]["size"]) == (2, len(made))
    answer = ask(shop.call, "GET", f"/admin/jobs/{job['job_id']}/file")
    assert answer.headers["content-type"] == "application/zpl"
    assert re.search(r'filename="labels-[\d-]+\.zpl"', answer.headers["content-disposition"])
    other = bulk.run("print", ids=[pdf, *zpl], params={"kind": "labels", "format": "pdf"})
    assert guards(other) == dict.fromkeys(zpl, "other-label-format")
    assert printed(other) == ["TRK1"]


def test_files_that_are_not_kept_any_longer_are_fetched_and_a_silent_carrier_is_asked_once(
    shop: LabelWorld, bulk: Bulk, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [labelled(shop, f"k{n}") for n in range(3)]
    forget_files()
    replace_file(ids[1], drawn("TRK2"))
    asked = []
    reached = shop.carrier._reached
    monkeypatch.setattr(shop.carrier, "_reached", lambda: (asked.append(1), reached()))
    shop.carrier.down = True
    job = bulk.run("print", ids=ids, params={"kind": "labels"})
    assert (job["state"], guards(job)) == ("completed", {ids[0]: "busy", ids[2]: "busy"})
    assert {one["outcome"] for one in job["results"]} == {"done", "failed"}
    assert (printed(job), len(asked)) == (["TRK2"], 1)
    shop.carrier.down = False
    bulk.tell(job["job_id"], "resume")
    bulk.machine.work()
    job = bulk.look(job["job_id"])
    assert (job["done"], job["failed"]) == (3, 0)
    assert printed(job) == ["TRK1", "TRK2", "TRK3"]


def test_a_worker_that_dies_prints_nothing_twice(
    shop: LabelWorld, bulk: Bulk, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comanda.backoffice.bulk.print_papers.AT_ONCE", 1)
    ids = [labelled(shop, f"k{n}") for n in range(2)]
    job_id = bulk.start("print", ids=ids, params={"kind": "labels"})
    bulk.kill("bulk.part_printed", for_good=True)
    with pytest.raises(Killed):
        bulk.machine.work()
    bulk.resume_later(job_id)
    job = bulk.look(job_id)
    assert (job["state"], job["done"], printed(job)) == ("completed", 2, ["TRK1", "TRK2"])


def test_none_at_all_make_no_file(shop: LabelWorld, bulk: Bulk, functions: Functions) -> None:
    order_id = shop.ready()
    for form in ("pdf", "zpl"):
        job = bulk.run("print", ids=[order_id], params={"kind": "labels", "format": form})
        assert (job["state"], job["result"], guards(job)) == ("completed", None, {order_id: "no-label"})


@pytest.mark.parametrize(
    ("params", "pointer", "detail"),
    [
        ({"kind": "labels", "format": "thermal"}, "/params/format", "labels are printed as pdf or zpl"),
        ({"kind": "order", "format": "zpl"}, "/params/format", "papers are printed as letter, a4 or thermal"),
        (
            {"kind": "labels", "day": "2026-11-22"},
            "/params",
            ONLY,
        ),
    ],
)
def test_what_labels_cannot_be_is_refused(
    params: dict, pointer: str, detail: str, shop: LabelWorld, bulk: Bulk, functions: Functions
) -> None:
    before = contents()
    answer = bulk.ask("print", ids=["a"], params=params)
    assert answer.status == 422
    assert [(one["pointer"], one["detail"]) for one in answer.body["errors"]] == [(pointer, detail)]
    assert (bulk.machine.waiting, contents()) == ([], before)


def test_labels_are_printed_from_the_orders_list(shop: LabelWorld, bulk: Bulk, functions: Functions) -> None:
    order_id, none = labelled(shop, "k1"), shop.ready(key="k2")
    staff = staff_at()
    page = staff.submit(staff.get("/orders"), "/orders/bulk", work="labels", id=order_id)
    assert page.says("Print shipping labels")
    assert page.says("ZPL, for label printers")
    assert not page.says("80 mm roll")
    sent = staff.submit(page, "/orders/bulk/run", format="")
    assert sent.status == 303
    bulk.machine.work()
    done = staff.follow(sent)
    assert done.says("Download labels-")
    job = bulk.run("print", ids=[none], params={"kind": "labels"})
    assert staff.get(f"/jobs/{job['job_id']}").says("this order has no shipping label")
