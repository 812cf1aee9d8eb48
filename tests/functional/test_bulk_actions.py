"""What each action of a bulk job does to its orders: the single command, on many."""

import csv
import io
from typing import Any

import pytest

from comanda import wiring
from functions.project_search.app import lambda_handler as project_search
from tests.functional.bulk_world import Bulk, bulk
from tests.functional.conftest import Call
from tests.functional.exports_world import use_destination
from tests.functional.shop import level, place, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.test_search_tokens import item, stream

__all__ = ["bulk"]  # the fixture


def ready(call: Call, count: int, lines: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Orders that are paid and may be shipped, found by their numbers."""
    stock_product(units=100)
    stock_product("TAZA-1", units=100)
    wanted = lines or [{"sku": "CAFE-1", "quantity": 2}]
    placed = [place(call, f"place-{n}", lines=wanted) for n in range(count)]
    for one in placed:
        for name in ("verify", "approve", "mark-paid"):
            assert command(call, one["order_id"], name).status == 200
        found = item(one["order_id"])
        assert project_search({"Records": [stream(one["order_id"], None, found)]}, None) == {
            "batchItemFailures": []
        }
    return placed


def parcels(call: Call, order_id: str) -> list[tuple[str, str, list[tuple[str, int]]]]:
    found = show(call, order_id)["shipments"]
    return sorted(
        (
            one["carrier"],
            one["tracking_number"],
            sorted((line["sku"], line["quantity"]) for line in one["lines"]),
        )
        for one in found
    )


@pytest.mark.capability("D26")
def test_items_are_shipped_by_rows_as_a_warehouse_lists_them(call: Call, bulk: Bulk) -> None:
    both = [{"sku": "CAFE-1", "quantity": 2}, {"sku": "TAZA-1", "quantity": 1}]
    first, second, third = ready(call, 3, both)
    rows = [
        {"number": first["number"], "sku": "CAFE-1", "quantity": 1, "tracking_number": "A1"},
        {"order_id": first["order_id"], "sku": "TAZA-1", "quantity": 1, "tracking_number": "A1"},
        {
            "order_id": first["order_id"],
            "sku": "CAFE-1",
            "quantity": 1,
            "tracking_number": "A2",
            "carrier": "ups",
        },
        {"number": second["number"].lower(), "tracking_number": "B1"},
        {"order_id": third["order_id"], "sku": "CAFE-1", "quantity": 3, "tracking_number": "C1"},
        {"number": "P-999999", "tracking_number": "D1"},
    ]
    job = bulk.run("ship", params={"carrier": "estafeta", "rows": rows})
    assert (job["total"], job["done"], job["failed"]) == (5, 3, 2)
    assert job["reasons"] == {"wrong-state/not-enough-to-ship": 1, "not-found": 1}
    lost = next(one for one in job["results"] if one.get("number") == "P-999999")
    assert (lost["order_id"], lost["problem"]["type"]) == (None, "not-found")
    assert parcels(call, first["order_id"]) == [
        ("estafeta", "A1", [("CAFE-1", 1), ("TAZA-1", 1)]),
        ("ups", "A2", [("CAFE-1", 1)]),
    ]
    assert parcels(call, second["order_id"]) == [("estafeta", "B1", [("CAFE-1", 2), ("TAZA-1", 1)])]
    assert parcels(call, third["order_id"]) == []
    assert level()["on_hand"] == 96


@pytest.mark.capability("D26")
def test_whole_orders_are_shipped_and_their_own_number_stands_for_a_missing_one(
    call: Call, bulk: Bulk
) -> None:
    placed = ready(call, 2)
    ids = [one["order_id"] for one in placed]
    job = bulk.run("ship", filter={"payment": "paid"}, params={"carrier": "estafeta", "notify": False})
    assert (job["total"], job["done"]) == (2, 2)
    for one in placed:
        assert parcels(call, one["order_id"]) == [("estafeta", one["number"], [("CAFE-1", 2)])]
        assert "shipped" not in {mail["event"] for mail in show(call, one["order_id"])["conversation"]}
    again = bulk.run("ship", ids=ids, params={"carrier": "estafeta"})
    assert again["reasons"] == {"wrong-state/nothing-to-ship": 2}
    assert level()["on_hand"] == 96


@pytest.mark.capability("C02", "A14")
def test_holds_labels_tags_and_assignments_are_the_single_commands(call: Call, bulk: Bulk) -> None:
    stock_product()
    ids = [place(call, f"p{n}")["order_id"] for n in range(2)]
    for one in ids:
        assert command(call, one, "verify").status == 200

    def told(job: dict[str, Any]) -> set[str]:
        assert job["state"] == "completed"
        return {one["outcome"] for one in job["results"]}

    def seen(field: str) -> list[Any]:
        return [show(call, one)[field] for one in ids]

    assert told(bulk.run("label", ids=ids, params={"label": "pending"})) == {"done"}
    assert (seen("label"), seen("approved")) == (["pending"] * 2, [True] * 2)
    assert told(bulk.run("hold", ids=ids, params={"reason": "fraud", "note": "mismo teléfono"})) == {"done"}
    assert [[hold["note"] for hold in holds] for holds in seen("holds")] == [["mismo teléfono"]] * 2
    assert told(bulk.run("release-hold", ids=ids, params={"reason": "manual"})) == {"refused"}
    assert told(bulk.run("release-hold", ids=ids, params={"reason": "fraud"})) == {"done"}
    assert seen("label") == ["pending"] * 2
    assert told(bulk.run("tag", ids=ids, params={"add": ["navidad"]})) == {"done"}
    assert seen("tags") == [["navidad"]] * 2
    assert told(bulk.run("tag", ids=ids, params={"add": ["navidad"]})) == {"unchanged"}
    assert told(bulk.run("assign", ids=ids[:1], params={"to": "me"})) == {"done"}
    assert seen("assigned") == ["staff:user-staff", None]
    assert told(bulk.run("assign", filter={"assigned": "me"}, params={"to": None})) == {"done"}
    assert seen("assigned") == [None, None]


@pytest.mark.capability("D26")
def test_cancelling_many_gives_back_all_units(call: Call, bulk: Bulk) -> None:
    stock_product()
    ids = [place(call, f"p{n}")["order_id"] for n in range(4)]
    assert level()["available"] == 2
    job = bulk.run("cancel", ids=ids, params={"reason": "Se acabó el café de Ana"})
    assert (job["done"], level()["available"], level()["reserved"]) == (4, 10, 0)
    seen = show(call, ids[0])
    assert (seen["cancel_reason"], seen["cancel_note"]) == ("other", "Se acabó el café de Ana")


@pytest.mark.capability("A15")
def test_selected_orders_are_downloaded_as_one_file(call: Call, bulk: Bulk) -> None:
    stock_product()
    placed = [place(call, f"p{n}") for n in range(3)]
    ids = [one["order_id"] for one in placed[:2]]
    job = bulk.run("export", ids=[*ids, "nobody"], params={"profile": "orders", "format": "machine"})
    assert (job["state"], job["done"], job["failed"], job["reasons"]) == ("completed", 2, 1, {"not-found": 1})
    answer = ask(call, "GET", f"/admin/jobs/{job['job_id']}/file")
    assert answer.headers["content-disposition"] == f'attachment; filename="{job["result"]["file_name"]}"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) == 3
    assert all(any(one["number"] in cell for row in rows for cell in row) for one in placed[:2])
    none = bulk.run("approve", ids=ids)
    assert ask(call, "GET", f"/admin/jobs/{none['job_id']}/file").body["guard"] == "job-without-file"


@pytest.mark.capability("A18")
def test_selected_orders_are_sent_to_a_destination_as_one_batch(call: Call, bulk: Bulk) -> None:
    use_destination()
    first, second = ready(call, 2)
    assert command(call, second["order_id"], "cancel", {"reason": "customer"}).status == 200
    ids = [first["order_id"], second["order_id"]]
    job = bulk.run("export", ids=ids, params={"destination": "erp"})
    assert (job["done"], job["failed"]) == (1, 1)
    assert job["reasons"] == {"wrong-state/cancelled-before-export": 1}
    batch = ask(call, "GET", f"/admin/export-batches/{job['result']['batch_id']}").body
    assert (batch["destination"], batch["requested_by"]) == ("erp", "staff:user-staff")
    assert wiring.exporting().batches.wanted(batch["batch_id"]).order_ids == tuple(ids)
    nowhere = bulk.ask("export", ids=ids, params={"destination": "nowhere"})
    assert (nowhere.status, nowhere.body["errors"][0]["pointer"]) == (422, "/params/destination")
    job_id = bulk.start("export", ids=ids, params={"destination": "erp"})
    use_destination(enabled=False)
    wiring.settings.cache_clear()
    bulk.machine.work()
    off = bulk.look(job_id)
    assert (off["state"], off["problem"]["type"], off["done"]) == ("failed", "wrong-state", 0)


@pytest.mark.capability("A18")
def test_an_export_of_nothing_is_nothing(call: Call, bulk: Bulk) -> None:
    use_destination()
    for params in ({"destination": "erp"}, {}):
        job = bulk.run("export", filter={"label": "pending"}, params=params)
        assert (job["state"], job["total"], job["result"]) == ("completed", 0, None)
