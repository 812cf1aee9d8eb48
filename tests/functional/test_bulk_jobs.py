"""Bulk jobs: each order once, with its result, whatever is killed; stopped and gone on with at will."""

import os
from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.dynamo.packed import body_of
from comanda.errors import Busy
from comanda.orders.decision import Decision
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from tests.examples import an_order
from tests.functional.bulk_world import Bulk, Killed, bulk
from tests.functional.conftest import Call
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import ask, command, show

__all__ = ["bulk"]  # the fixture


def orders(call: Call, count: int, *, approve: bool = False, **changes: Any) -> list[str]:
    """Verified orders of two units each."""
    stock_product(units=1000)
    ids = [str(place(call, f"place-{n}", **changes)["order_id"]) for n in range(count)]
    for order_id in ids:
        assert command(call, order_id, "verify").status == 200
        if approve:
            assert command(call, order_id, "approve").status == 200
    return ids


def facts(call: Call, order_id: str, kind: str) -> int:
    return [fact["type"] for fact in show(call, order_id)["history"]].count(kind)


def mails(call: Call, order_id: str, event: str) -> int:
    return [mail["event"] for mail in show(call, order_id)["conversation"]].count(event)


def stored() -> list[dict[str, Any]]:
    """All of the shop's tables; the caller's key is no part of it."""
    tables = (wiring.orders().table, wiring.stock().table, wiring.bulking().jobs.table)
    items = [item for name in tables for item in boto3.client("dynamodb").scan(TableName=name)["Items"]]
    return sorted(items, key=str)


@pytest.mark.capability("C02", "D26")
def test_orders_named_by_id_are_changed_and_each_has_its_result(call: Call, bulk: Bulk) -> None:
    ids = orders(call, 3)
    assert command(call, ids[1], "cancel", {"reason": "customer"}).status == 200
    job = bulk.run("approve", ids=[*ids, ids[0], "nobody"])
    assert (job["state"], job["total"], job["done"], job["failed"]) == ("completed", 4, 2, 2)
    told = {one["order_id"]: (one["outcome"], one.get("problem", {}).get("type")) for one in job["results"]}
    assert told == {
        ids[0]: ("done", None),
        ids[1]: ("refused", "wrong-state"),
        ids[2]: ("done", None),
        "nobody": ("refused", "not-found"),
    }
    assert job["reasons"] == {"wrong-state/order-ended": 1, "not-found": 1}
    assert [show(call, one)["approved"] for one in ids] == [True, False, True]
    origin = show(call, ids[0])["history"][-1]
    assert (origin["actor"], origin["cause"]) == ("staff:user-staff", f"bulk:{job['job_id']}")
    failed = list(bulk.all_results(job["job_id"], failed="true", limit="1"))
    assert {one["order_id"] for one in failed} == {ids[1], "nobody"}


@pytest.mark.capability("C02")
def test_a_filter_is_listed_once_so_that_the_goal_stands_still(call: Call, bulk: Bulk) -> None:
    """Approving takes orders out of the very filter that chose them; a later order is not taken in."""
    ids = orders(call, 5)
    job_id = bulk.start(
        "approve", filter={"label": "to_review", "not.payment": ["paid"], "created_to": "today"}
    )
    bulk.kill("bulk.order_done", 2, for_good=True)
    with pytest.raises(Killed):
        bulk.machine.work()
    late = str(place(call, "late")["order_id"])
    assert command(call, late, "verify").status == 200
    bulk.resume_later(job_id)
    job = bulk.look(job_id)
    assert (job["state"], job["total"], job["done"]) == ("completed", 5, 5)
    assert [show(call, one)["approved"] for one in ids] == [True] * 5
    assert show(call, late)["approved"] is False


POINTS = ("bulk.chunk_listed", "bulk.order_done", "bulk.result_stored")


@pytest.mark.capability("G10")
@pytest.mark.parametrize("for_good", [False, True], ids=["retried", "resumed"])
@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_anywhere_does_nothing_twice(
    call: Call, bulk: Bulk, point: str, for_good: bool
) -> None:
    ids = orders(call, 4, approve=True)
    job_id = bulk.start("mark-paid", ids=ids, params={"reference": "SPEI 1"})
    bulk.kill(point, 1 if point == "bulk.chunk_listed" else 2, for_good=for_good)
    if for_good:
        with pytest.raises(Killed):
            bulk.machine.work()
        bulk.resume_later(job_id)
    else:
        bulk.machine.work()
    job = bulk.look(job_id)
    assert (job["state"], job["done"], job["failed"]) == ("completed", 4, 0)
    assert {one["outcome"] for one in job["results"]} == {"done"}
    assert [facts(call, one, "PaymentCaptured") for one in ids] == [1] * 4
    assert [facts(call, one, "PaymentConfirmedAgain") for one in ids] == [0] * 4
    assert [mails(call, one, "payment_received") for one in ids] == [1] * 4


@pytest.mark.capability("G10")
def test_half_of_several_chunks_is_done_when_all_is_killed(
    call: Call, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run does the rest; each order is cancelled once and told so once."""
    monkeypatch.setattr("comanda.backoffice.bulk.prepare.CHUNK_UNITS", 10)
    ids = orders_at_once(36)
    job_id = bulk.start("cancel", filter={"lifecycle": "placed"}, params={"reason": "out_of_stock"})
    bulk.kill("bulk.order_done", 18, for_good=True)
    with pytest.raises(Killed):
        bulk.machine.work()
    half = bulk.look(job_id)
    assert (half["total"], half["done"]) == (36, 17)
    bulk.resume_later(job_id)
    job = bulk.look(job_id)
    assert (job["state"], job["done"], job["failed"], job["run"]) == ("completed", 36, 0, 2)
    assert sorted(one["order_id"] for one in bulk.all_results(job_id)) == sorted(ids)
    for kind, sk in (("OrderCancelled", "FACT#"), ("order_cancelled", "OUT#")):
        assert said(kind, sk) == dict.fromkeys(ids, 1)


def orders_at_once(count: int) -> list[str]:
    """Many orders, written without the checkout."""
    found = [
        an_order(order_id=f"many{n:05d}", number=f"P-{n:06d}", run=0, announced=True) for n in range(count)
    ]
    for order in found:
        placed = Happened("OrderPlaced", {"order": order.to_dict()})
        origin = Origin("customer", "test", order.created_at)
        wiring.orders().commit(None, Decision(facts=(placed,)), origin)
    return [order.order_id for order in found]


def said(word: str, beginning: str) -> dict[str, int]:
    """How often a word stands in each order's facts or effects."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=wiring.orders().table)
    counts: dict[str, int] = {}
    for item in (item for page in pages for item in page["Items"]):
        if item["sk"]["S"].startswith(beginning):
            body = body_of(item)
            entries = body if isinstance(body, list) else [body]
            found = sum(word in (one.get("type"), one.get("event")) for one in entries)
            counts[item["pk"]["S"]] = counts.get(item["pk"]["S"], 0) + found
    return {order_id: number for order_id, number in counts.items() if number}


@pytest.mark.capability("G10")
def test_a_job_is_stopped_between_orders_and_gone_on_with(call: Call, bulk: Bulk) -> None:
    ids = orders(call, 4)
    job_id = bulk.start("approve", ids=ids)
    calls = iter([lambda: None, lambda: bulk.tell(job_id, "cancel"), lambda: None, lambda: None])

    def hook(name: str) -> None:
        if name == "bulk.result_stored":
            next(calls)()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("comanda.crash.hook", hook)
        bulk.machine.work()
    job = bulk.look(job_id)
    assert (job["state"], job["done"]) == ("cancelled", 2)
    assert [show(call, one)["approved"] for one in ids] == [True, True, False, False]
    assert bulk.tell(job_id, "cancel").body["guard"] == "job-over"
    assert bulk.tell(job_id, "resume").status == 200
    assert bulk.tell(job_id, "resume").body["guard"] == "job-under-way"
    bulk.machine.work()
    job = bulk.look(job_id)
    assert (job["state"], job["done"], job["run"]) == ("completed", 4, 2)
    assert [facts(call, one, "OrderApproved") for one in ids] == [1] * 4
    assert bulk.tell(job_id, "resume").body["guard"] == "job-over"


def test_a_chunk_is_left_and_entered_again_when_the_time_is_up(call: Call, bulk: Bulk) -> None:
    ids = orders(call, 3)
    bulk.machine.context.left_ms = [300_000, 5_000, 300_000]
    job = bulk.run("approve", ids=ids)
    assert (job["state"], job["done"]) == ("completed", 3)
    assert [payload["step"] for payload in bulk.machine.calls] == ["prepare", "work", "work", "finish"]


@pytest.mark.capability("G10")
def test_a_preview_says_what_would_be_and_changes_nothing(call: Call, bulk: Bulk) -> None:
    ids = orders(call, 3)
    assert command(call, ids[0], "approve").status == 200
    before = [show(call, one) for one in ids]
    job = bulk.run("approve", ids=ids, preview=True)
    assert (job["state"], job["preview"], job["done"], job["failed"]) == ("completed", True, 2, 1)
    assert job["reasons"] == {"wrong-state/already-approved": 1}
    assert [one["outcome"] for one in job["results"]] == ["refused", "would_change", "would_change"]
    assert [show(call, one) for one in ids] == before


def test_a_preview_counts_the_units_that_earlier_orders_would_take(call: Call, bulk: Bulk) -> None:
    set_section("payments.bank_transfer", enabled=True, reserve_on="confirmed")
    ids = orders(call, 3)
    left = 5 - level()["on_hand"]
    adjusted = {"delta": left, "reason": "conteo", "location": "main"}
    headers = {"Idempotency-Key": "five"}
    assert ask(call, "POST", "/admin/stock/CAFE-1/adjust", adjusted, headers=headers).status == 200
    before = level()
    job = bulk.run("approve", ids=ids, preview=True)
    assert [one["outcome"] for one in job["results"]] == ["would_change", "would_change", "refused"]
    assert job["reasons"] == {"out-of-stock": 1}
    assert job["results"][2]["problem"]["lines"] == [{"sku": "CAFE-1", "requested": 2, "available": 1}]
    assert level() == before
    earnest = bulk.run("approve", ids=ids)
    assert [one["outcome"] for one in earnest["results"]] == ["done", "done", "refused"]


def test_a_job_is_forgotten_with_all_it_was_told(call: Call, bulk: Bulk) -> None:
    bulk.run("hold", ids=orders(call, 2), params={"reason": "Llamó la señora Ana"})
    rows = boto3.client("dynamodb").scan(TableName=os.environ["JOBS_TABLE"])["Items"]
    ours = [row for row in rows if row["pk"]["S"].startswith("BULK#")]
    kinds = {row["sk"]["S"].partition("#")[0] for row in ours}
    assert kinds == {"JOB", "ASKED", "CHUNK", "RESULT", "TALLY"}
    until = {int(row["expires_at"]["N"]) for row in ours}
    days = (min(until) - wiring.now().timestamp()) / 86_400
    assert len(until) == 1
    assert 89 < days <= 90


def test_a_passing_fault_is_tried_again_and_waits_for_a_resume(
    call: Call, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = orders(call, 2)
    real = Desk.run
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def busy(desk: Desk, order_id: str, *rest: Any, **more: Any) -> Any:
        if order_id == ids[0]:
            raise Busy("too many at once")
        return real(desk, order_id, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "run", busy)
        job = bulk.run("approve", ids=ids)
    assert (job["state"], job["done"], job["reasons"]) == ("completed", 1, {"busy": 1})
    assert bulk.tell(job["job_id"], "resume").status == 200
    bulk.machine.work()
    job = bulk.look(job["job_id"])
    assert (job["state"], job["done"], job["failed"], job["reasons"]) == ("completed", 2, 0, {})


def test_the_same_key_is_the_same_job_and_another_body_is_refused(call: Call, bulk: Bulk) -> None:
    ids = orders(call, 2)
    first = bulk.ask("approve", key="once", ids=ids)
    again = bulk.ask("approve", key="once", ids=ids)
    assert (again.status, again.body, again.headers["idempotent-replay"]) == (202, first.body, "true")
    other = bulk.ask("approve", key="once", ids=ids[:1])
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")
    bulk.machine.work()
    assert len(ask(call, "GET", "/admin/jobs").body["items"]) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"action": "explode", "ids": ["a"]}, "/action"),
        ({"action": "approve"}, "/ids"),
        ({"action": "approve", "ids": ["a"], "filter": {"label": "pending"}}, "/ids"),
        ({"action": "approve", "ids": []}, "/ids"),
        ({"action": "approve", "filter": {}}, "/filter"),
        ({"action": "approve", "filter": {"colour": "red"}}, "/filter/colour"),
        ({"action": "approve", "filter": {"sort": "created"}}, "/filter/sort"),
        ({"action": "approve", "ids": ["a"], "params": {"x": 1}}, "/params/x"),
        ({"action": "cancel", "ids": ["a"]}, "/params/reason"),
        ({"action": "ship", "ids": ["a"]}, "/params/carrier"),
        ({"action": "ship", "params": {"rows": [{"order_id": "a"}]}}, "/params/rows/0/carrier"),
        ({"action": "ship", "params": {"carrier": "dhl", "rows": [{"sku": "A"}]}}, "/params/rows/0"),
        ({"action": "label", "ids": ["a"], "params": {"label": "sold"}}, "/params/label"),
        ({"action": "export", "ids": ["a"], "preview": True}, "/preview"),
        ({"action": "export", "ids": ["a"], "params": {"mode": "new"}}, "/params/mode"),
        ({"action": "approve", "ids": ["a"] * 5001}, "/ids"),
    ],
)
def test_what_is_not_understood_is_named_and_begins_nothing(
    call: Call, bulk: Bulk, body: dict[str, Any], pointer: str
) -> None:
    before = stored()
    answer = ask(call, "POST", "/admin/bulk", body, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert answer.body["errors"][0]["pointer"] == pointer
    assert stored() == before
    assert bulk.machine.waiting == []


def test_a_key_is_required_and_roles_are_those_of_the_single_commands(call: Call, bulk: Bulk) -> None:
    body = {"action": "approve", "ids": ["a"]}
    assert ask(call, "POST", "/admin/bulk", body).body["type"] == "idempotency-key-missing"
    assert bulk.ask("approve", role="picker", ids=["a"]).status == 403


def test_jobs_are_listed_newest_first(call: Call, bulk: Bulk) -> None:
    made = [bulk.start("approve", ids=[name]) for name in ("a", "b", "c")]
    first = ask(call, "GET", "/admin/jobs", query={"limit": "2"}).body
    rest = ask(call, "GET", "/admin/jobs", query={"limit": "2", "cursor": first["next"]}).body
    listed = [job["job_id"] for job in (*first["items"], *rest["items"])]
    assert sorted(listed) == sorted(made)
    created = [job["created_at"] for job in (*first["items"], *rest["items"])]
    assert created == sorted(created, reverse=True)
    assert ask(call, "GET", "/admin/jobs/none").status == 404


@pytest.mark.parametrize("where", ["params", "filter"])
def test_a_fraction_anywhere_in_a_job_is_refused_by_name(call: Call, where: str) -> None:
    body = {"action": "approve", where: {"amount": [{"deep": 6.5}]}, "preview": True}
    refused = ask(call, "POST", "/admin/bulk", body, headers={"Idempotency-Key": "k"})
    assert refused.status == 422
    assert {"pointer": f"/{where}", "detail": "numbers are whole"} in refused.body["errors"]
