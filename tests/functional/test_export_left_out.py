"""What a batch says of orders that it was asked for and did not send, and of having sent none."""

import pytest

from comanda import wiring
from comanda.exports.model import State
from comanda.exports.requests import looked_at, request_run
from comanda.orders.vocabulary import Lifecycle
from tests.functional.conftest import Call
from tests.functional.exports_world import World, use_destination
from tests.functional.staff import ask

pytestmark = pytest.mark.capability("A18")


def run(world: World, **asked: object) -> str:
    batch_id = request_run("erp", world.at, requested_by="staff:1", **asked)  # type: ignore[arg-type]
    world.work_off()
    return batch_id


def test_each_named_order_that_stays_behind_says_why(world: World) -> None:
    world.place("had")
    run(world)
    world.place("fine")
    world.place("draft", lifecycle=Lifecycle.DRAFT)
    world.place("waits", lifecycle=Lifecycle.AWAITING_VERIFICATION)
    world.place("late", lifecycle=Lifecycle.EXPIRED)
    world.place("dead", lifecycle=Lifecycle.CANCELLED)
    named = ["nope", "had", "fine", "draft", "waits", "late", "dead"]
    answer = looked_at(run(world, order_ids=named), world.at)
    assert (answer["state"], answer["orders"], answer["left_out_count"]) == (State.DELIVERED, 1, 6)
    assert answer["left_out"] == [
        {"order_id": "nope", "why": "not-found"},
        {"order_id": "had", "why": "already-exported"},
        {"order_id": "draft", "why": "not-placed"},
        {"order_id": "waits", "why": "not-placed"},
        {"order_id": "late", "why": "expired"},
        {"order_id": "dead", "why": "cancelled-before-export"},
    ]
    assert answer["note"] is None


def test_a_long_list_is_cut_and_its_count_is_not(world: World) -> None:
    answer = looked_at(run(world, order_ids=[f"n{number:03d}" for number in range(130)]), world.at)
    assert answer["left_out_count"] == 130
    assert [one["order_id"] for one in answer["left_out"]] == [f"n{number:03d}" for number in range(100)]
    assert answer["note"] == "no order was exported; left_out says why for each order named"


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ({}, "no order was exported: nothing is new or changed for this destination"),
        (
            {"filter": {"label": "to_review"}},
            "no order was exported: none that fits the filter is new or changed for this destination",
        ),
        (
            {"filter": {"label": "error"}, "mode": "all"},
            "no order was exported: none that is for this destination fits the filter",
        ),
        ({"order_ids": ["o1"]}, "no order was exported; left_out says why for each order named"),
    ],
)
def test_a_batch_without_orders_says_so(world: World, asked: dict[str, object], note: str) -> None:
    world.place("o1")
    run(world)
    answer = looked_at(run(world, **asked), world.at)
    assert (answer["state"], answer["orders"], answer["note"]) == (State.DELIVERED, 0, note)


def test_a_shop_without_orders_has_none_to_send(world: World) -> None:
    answer = looked_at(run(world, mode="all"), world.at)
    assert answer["note"] == "no order was exported: the shop has none that is for this destination"
    assert (answer["left_out"], answer["left_out_count"]) == ([], 0)


def test_an_empty_file_says_so_too(world: World) -> None:
    use_destination(skip_empty=False)
    answer = looked_at(run(world), world.at)
    assert answer["file_name"] in world.inbox.files()
    assert answer["note"] == "no order was exported: nothing is new or changed for this destination"


def test_staff_see_it_in_the_batch_and_its_count_in_the_list(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_destination()
    world = World()
    with monkeypatch.context() as while_exporting:  # the staff API keeps what it finds when it is loaded
        while_exporting.setattr(wiring, "exporting", lambda: world.at)
        batch_id = run(world, order_ids=["nope"])
    answer = ask(call, "GET", f"/admin/export-batches/{batch_id}").body
    assert answer["left_out"] == [{"order_id": "nope", "why": "not-found"}]
    (listed,) = ask(call, "GET", "/admin/export-batches").body["items"]
    assert (listed["left_out_count"], listed["note"]) == (1, answer["note"])
    assert "left_out" not in listed
