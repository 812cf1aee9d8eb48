"""Executions: what each waits for, what failed, and its retry: in the same execution, or in the next run."""

from datetime import timedelta
from typing import Any

import pytest

from comanda import crash, wiring
from functions.order_steps.app import lambda_handler as order_steps
from tests.functional.backbone import Backbone, backbone
from tests.functional.bulk_world import Bulk, Killed, bulk
from tests.functional.conftest import Answer, Call
from tests.functional.shop import place
from tests.functional.staff import ask, show
from tests.functional.tables import contents
from tests.functional.test_bulk_jobs import orders
from tests.functional.test_workflow import approve, deliver, failing, order, pay, placed, ship, verify, waits

__all__ = ["backbone", "bulk"]
PATH = "/admin/operations/executions/order_lifecycle"
pytestmark = pytest.mark.capability("G11")


def listed(call: Call, **query: str) -> list[dict[str, Any]]:
    answer = ask(call, "GET", PATH, query=query)
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def redrive(call: Call, *names: str, path: str = PATH, **more: Any) -> Answer:
    return ask(call, "POST", f"{path}/redrive", {"names": list(names)}, **more)


def broken(times: int = 99) -> Any:
    """order_steps whose wait for approval and whose holding fail: the whole run fails."""
    left = [times]

    def step(event: dict[str, Any], context: Any) -> Any:
        if event["step"] in ("approval", "hold_for_retry") and left[0]:
            left[0] -= 1
            raise RuntimeError("the store is away")
        return order_steps(event, context)

    return step


def goes_through(order_id: str, backbone: Backbone) -> None:
    approve(order_id)
    pay(order_id)
    ship(order_id)
    deliver(order_id)
    backbone.settle()
    assert order(order_id).lifecycle == "closed"


def test_what_runs_says_what_it_waits_for_and_until_when(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    (seen,) = listed(call, state="RUNNING")
    assert (seen["order_id"], seen["order_number"]) == (order_id, order(order_id).number)
    assert (seen["waits_for"], seen["failed"], seen["redrivable"]) == ("verification", None, False)
    assert seen["until"] == order(order_id).terms.verify_by
    assert listed(call, state="FAILED") == []
    one = ask(call, "GET", f"{PATH}/{order_id}-1")
    assert (one.status, one.body) == (200, seen)


def test_a_page_takes_as_many_requests_whatever_lies_beside_it(
    call: Call, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(call, backbone, units=100)
    for number in range(6):
        place(call, f"more-{number}")
    backbone.settle()
    asked: list[str] = []
    for name in ("list_executions", "describe_execution", "get_execution_history"):
        real = getattr(backbone.machine, name)
        monkeypatch.setattr(
            backbone.machine, name, lambda real=real, name=name, **more: asked.append(name) or real(**more)
        )
    first = ask(call, "GET", PATH, query={"state": "RUNNING", "limit": "3"}).body
    assert asked == ["list_executions"]
    second = ask(call, "GET", PATH, query={"state": "RUNNING", "limit": "4", "cursor": first["next"]}).body
    names = [item["name"] for item in first["items"] + second["items"]]
    assert (len(names), len(set(names)), second["next"]) == (7, 7, None)
    assert ask(call, "GET", PATH, query={"cursor": "nonsense"}).status == 400


def test_a_step_that_failed_is_named_and_retried_in_the_same_execution(
    call: Call, backbone: Backbone
) -> None:
    order_id = placed(call, backbone)
    backbone.step = failing(5, "approval", RuntimeError("the store is away"))
    verify(call, order_id)
    backbone.settle()
    (seen,) = listed(call, state="RUNNING")
    assert (seen["waits_for"], seen["redrivable"]) == ("retry", True)
    assert (seen["failed"]["step"], seen["failed"]["cause"]) == ("approval", "the store is away")
    answer = redrive(call, f"{order_id}-1")
    assert answer.body == {"outcomes": {f"{order_id}-1": "retried"}}
    backbone.settle()
    assert waits(order_id) == [("approval", 1)]
    assert redrive(call, f"{order_id}-1").body["outcomes"] == {f"{order_id}-1": "nothing-failed"}
    goes_through(order_id, backbone)
    assert len(backbone.machine.runs) == 1
    (entry,) = wiring.audit().recent(10)[0]
    assert (entry.action, entry.order_id, entry.detail) == ("redriven", order_id, "retried")


def test_an_execution_that_failed_is_redriven_from_its_failed_step(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.step = broken()
    verify(call, order_id)
    backbone.settle()
    (seen,) = listed(call, state="FAILED")
    assert (seen["failed"]["step"], seen["redrivable"]) == ("Hold until someone retries", True)
    assert seen["failed"]["cause"] == "the store is away"
    backbone.step = order_steps
    assert redrive(call, f"{order_id}-1").body["outcomes"] == {f"{order_id}-1": "redriven"}
    backbone.settle()
    assert redrive(call, f"{order_id}-1").body["outcomes"] == {f"{order_id}-1": "retried"}  # now it is held
    backbone.settle()
    assert waits(order_id) == [("approval", 1)]
    goes_through(order_id, backbone)
    assert len(backbone.machine.runs) == 1


def test_where_it_cannot_be_redriven_the_next_run_passes_what_is_settled(
    call: Call, backbone: Backbone
) -> None:
    order_id = placed(call, backbone)
    backbone.machine.redrives = False  # fourteen days are over
    backbone.step = broken()
    verify(call, order_id)
    backbone.settle()
    backbone.step = order_steps
    assert redrive(call, f"{order_id}-1").body["outcomes"] == {f"{order_id}-1": "next_run"}
    backbone.settle()
    assert waits(order_id) == [("approval", 2)]
    assert redrive(call, f"{order_id}-1").body["outcomes"] == {f"{order_id}-1": "next-run"}
    goes_through(order_id, backbone)


def test_the_sweep_and_a_redrive_together_start_one_run(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    backbone.machine.redrives = False
    backbone.step = broken()
    verify(call, order_id)
    backbone.settle()
    backbone.step = order_steps
    assert redrive(call, f"{order_id}-1").body["outcomes"][f"{order_id}-1"] == "next_run"
    backbone.later(minutes=10)
    backbone.sweep()
    backbone.settle()
    assert order(order_id).run == 2
    assert len(backbone.machine.runs) == 2


def test_a_selection_is_redriven_and_each_says_how(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    other = str(place(call, "other")["order_id"])
    backbone.settle()
    backbone.step = failing(5, "approval", RuntimeError("away"))
    verify(call, order_id)
    backbone.settle()
    names = (f"{order_id}-1", f"{other}-1", "nobody-1")
    outcomes = redrive(call, *names).body["outcomes"]
    assert outcomes == {names[0]: "retried", names[1]: "nothing-failed", names[2]: "not-found"}


def test_a_refused_redrive_changes_nothing(call: Call, backbone: Backbone) -> None:
    order_id = placed(call, backbone)
    before = contents()
    assert redrive(call, f"{order_id}-1").body["outcomes"] == {f"{order_id}-1": "nothing-failed"}
    assert redrive(call, f"{order_id}-1", role="picker").status == 403
    assert ask(call, "POST", f"{PATH}/redrive", {"names": []}).status == 422
    assert ask(call, "GET", "/admin/operations/executions/nothing").status == 404
    assert ask(call, "GET", f"{PATH}/nobody-1").status == 404
    assert contents() == before


def test_a_job_whose_execution_failed_goes_on(
    call: Call, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = orders(call, 2)
    job_id = bulk.start("approve", ids=ids)
    bulk.kill("bulk.result_stored", for_good=True)
    with pytest.raises(Killed):
        bulk.machine.work()
    later = wiring.now() + timedelta(minutes=2)
    monkeypatch.setattr(wiring, "now", lambda: later)
    monkeypatch.setattr(crash, "hook", None)
    wiring.bulking.cache_clear()
    path = "/admin/operations/executions/bulk_action"
    assert redrive(call, f"{job_id}-1", path=path).body == {"outcomes": {f"{job_id}-1": "resumed"}}
    bulk.machine.work()
    assert bulk.look(job_id)["state"] == "completed"
    for order_id in ids:
        history = [fact["type"] for fact in show(call, order_id)["history"]]
        assert history.count("OrderApproved") == 1
