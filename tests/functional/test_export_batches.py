"""A batch from its request to marked orders: what is in it, once, and never again."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest

from comanda import crash, wiring
from comanda.errors import Invalid, NotFound, WrongState
from comanda.exports.model import State
from comanda.exports.requests import content_of, request_run, resend, scheduled_runs, shown
from comanda.orders.facts import Happened
from comanda.orders.vocabulary import Lifecycle
from tests.functional.exports_world import World, use_destination
from tests.functional.shop import set_section

pytestmark = pytest.mark.capability("A18")


def run(world: World, **asked: object) -> str:
    batch_id = request_run("erp", world.at, requested_by="staff:1", **asked)  # type: ignore[arg-type]
    world.work_off()
    return batch_id


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_new_orders_arrive_as_one_file_and_are_marked(world: World) -> None:
    world.place("o1")
    world.place("o2", Happened("OrderApproved", {}))
    batch = world.batch(run(world))
    name = f"mi-tienda_lines_20261121_180000_{batch.batch_id}.csv"
    assert world.inbox.files().keys() == {name}
    content = world.inbox.files()[name]
    assert [(row["event"], row["order_id"], row["order_version"]) for row in rows(content)] == [
        ("new", "o1", "1"),
        ("new", "o2", "2"),
    ]
    assert rows(content)[0]["customer_name"] == "Ana Muñoz Ibáñez"
    assert (batch.state, batch.orders, batch.rows, batch.attempts) == (State.DELIVERED, 2, 2, 1)
    assert (batch.file_name, batch.size) == (name, len(content))
    assert batch.sha256 == hashlib.sha256(content).hexdigest()
    for order_id, version in (("o1", 1), ("o2", 2)):
        (mark,) = world.order(order_id).exported
        assert (mark.destination, mark.batch, mark.version) == ("erp", batch.batch_id, version)


def test_the_mark_is_in_the_history_and_raises_no_version(world: World) -> None:
    before = world.place("o1")
    batch_id = run(world)
    facts = list(wiring.orders().facts("o1"))
    assert [fact.type for fact in facts] == ["OrderPlaced", "OrderExported"]
    assert (facts[1].actor, facts[1].cause) == ("system", f"export:{batch_id}")
    assert world.order("o1").version == before.version
    assert world.order("o1").revision == before.revision + 1


def test_a_repeated_run_sends_nothing(world: World) -> None:
    world.place("o1")
    run(world)
    files = world.inbox.files()
    again = world.batch(run(world))
    assert (again.state, again.orders, again.file_name) == (State.DELIVERED, 0, "")
    assert world.inbox.files() == files
    assert world.order("o1").exported[0].batch != again.batch_id


def test_a_changed_order_goes_out_again_by_its_version(world: World) -> None:
    world.place("o1")
    world.place("o2")
    run(world)
    world.happen("o1", "OrderApproved", {})
    world.happen("o2", "RunStarted", {"run": 2})  # quiet: staff decided nothing
    batch = world.batch(run(world))
    (row,) = rows(world.inbox.files()[batch.file_name])
    assert (row["event"], row["order_id"], row["approved"]) == ("updated", "o1", "true")
    assert [mark.version for mark in world.order("o1").exported] == [2]


def test_only_placed_orders_go_out_and_cancelled_ones_only_to_who_had_them(world: World) -> None:
    world.place("had")
    run(world)
    world.place("waits", lifecycle=Lifecycle.AWAITING_VERIFICATION)
    world.place("draft", lifecycle=Lifecycle.DRAFT)
    world.place("closed", lifecycle=Lifecycle.CLOSED)
    world.place("dead")
    for order_id in ("had", "dead"):
        world.happen(order_id, "OrderCancelled", {"reason": "customer"})
    batch = world.batch(run(world))
    found = {row["order_id"]: row["event"] for row in rows(world.inbox.files()[batch.file_name])}
    assert found == {"had": "cancelled", "closed": "new"}
    assert world.order("dead").exported == ()


def test_an_order_that_becomes_placed_later_is_not_lost(world: World) -> None:
    world.place("late", lifecycle=Lifecycle.AWAITING_VERIFICATION)
    world.place("o1")
    run(world)
    assert world.order("late").exported == ()
    world.happen("late", "EmailVerified", {})
    batch = world.batch(run(world))
    assert [row["order_id"] for row in rows(world.inbox.files()[batch.file_name])] == ["late"]


def test_selected_orders_go_out_and_the_others_stay_new(world: World) -> None:
    for order_id in ("o1", "o2", "o3"):
        world.place(order_id)
    batch = world.batch(run(world, order_ids=["o3", "o1", "o3", "nobody"]))
    assert [row["order_id"] for row in rows(world.inbox.files()[batch.file_name])] == ["o3", "o1"]
    assert (batch.orders, batch.left_out) == (2, 1)
    rest = world.batch(run(world))
    assert [row["order_id"] for row in rows(world.inbox.files()[rest.file_name])] == ["o2"]


def test_mode_all_sends_again_what_was_sent(world: World) -> None:
    world.place("o1")
    run(world)
    assert world.batch(run(world, order_ids=["o1"])).orders == 0
    batch = world.batch(run(world, order_ids=["o1"], mode="all"))
    (row,) = rows(world.inbox.files()[batch.file_name])
    assert (row["event"], row["order_version"]) == ("updated", "1")
    assert [mark.batch for mark in world.order("o1").exported] == [batch.batch_id]


def test_a_filter_selects_by_the_orders_themselves(world: World) -> None:
    world.place("o1")
    world.place("o2", Happened("OrderApproved", {}))
    batch = world.batch(run(world, filter={"label": "to_review", "created_from": "today"}, mode="all"))
    assert [row["order_id"] for row in rows(world.inbox.files()[batch.file_name])] == ["o1"]


def test_profile_and_format_can_be_asked_for(world: World) -> None:
    world.place("o1")
    batch = world.batch(run(world, profile="orders", format="spreadsheet"))
    content = world.inbox.files()[batch.file_name]
    assert content.startswith(b"\xef\xbb\xbfevent,number,")
    assert b"sku" not in content
    assert "_orders_" in batch.file_name


def test_each_destination_has_its_own_marks(world: World) -> None:
    from tests.functional.exports_world import DESTINATION

    set_section("exports", destinations={"erp": DESTINATION, "wms": DESTINATION | {"profile": "orders"}})
    world.place("o1")
    run(world)
    other = request_run("wms", world.at, requested_by="staff:1")
    world.work_off()
    assert world.batch(other).orders == 1
    assert {mark.destination for mark in world.order("o1").exported} == {"erp", "wms"}


def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("build.CHUNK_ORDERS", "build.CHECK_EVERY", "reader.MOST_KEYS"):
        monkeypatch.setattr(f"comanda.exports.{name}", 2)
    monkeypatch.setattr("comanda.exports.reader.AHEAD", 1)


def test_a_large_run_goes_on_in_following_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    small_steps(monkeypatch)
    monkeypatch.setattr("comanda.exports.build.MOST_ORDERS", 4)
    for number in range(10):
        world.place(f"o{number}")
    run(world)
    batches, _ = world.at.batches.recent()
    assert sorted(batch.orders for batch in batches) == [2, 4, 4]
    assert {batch.state for batch in batches} == {State.DELIVERED}
    sent = [row["order_id"] for content in world.inbox.files().values() for row in rows(content)]
    assert sorted(sent) == [f"o{number}" for number in range(10)]
    run(world, mode="all")
    assert sum(batch.orders for batch in world.at.batches.recent()[0]) == 20


SHORT = (100.0, 60.0, 25.0)  # two looks at the orders, then it is time to finish


def test_a_run_short_of_time_stops_early_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        world.place(f"o{number}")
        world.time += timedelta(seconds=1)
    small_steps(monkeypatch)
    world.seconds_left = SHORT
    run(world)
    assert sorted(batch.orders for batch in world.at.batches.recent()[0] if batch.orders) == [1, 4, 4]
    sent = [row["order_id"] for content in world.inbox.files().values() for row in rows(content)]
    assert sorted(sent) == [f"o{number}" for number in range(9)]


def test_looking_through_much_that_is_known_goes_on_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marking took hours, so the index holds many known orders behind the cursor."""

    def slowly(point: str) -> None:
        if point == "export.chunk_marked":
            world.time += timedelta(minutes=20)

    for number in range(6):
        world.place(f"known{number}")
    small_steps(monkeypatch)
    monkeypatch.setattr(crash, "hook", slowly)
    run(world)
    world.time += timedelta(hours=1)
    world.place("fresh")
    world.seconds_left = SHORT
    run(world)
    assert sorted(batch.orders for batch in world.at.batches.recent()[0]) == [0, 0, 1, 6]  # of one moment
    assert len(world.order("fresh").exported) == 1


def test_content_and_state_can_be_fetched(world: World) -> None:
    world.place("o1")
    batch_id = run(world)
    batch, pieces = content_of(batch_id, world.at)
    assert b"".join(pieces) == world.inbox.files()[batch.file_name]
    assert shown(batch) == {
        "batch_id": batch_id,
        "destination": "erp",
        "state": "delivered",
        "file_name": batch.file_name,
        "sha256": batch.sha256,
        "size": batch.size,
        "orders": 1,
        "rows": 1,
        "left_out_count": 0,
        "note": None,
        "attempts": 1,
        "profile": "lines",
        "format": "machine",
        "requested_by": "staff:1",
        "created_at": "2026-11-21T18:00:00.000Z",
        "next_attempt_at": None,
        "sent_at": "2026-11-21T18:00:00.000Z",
        "evidence": "renamed",
        "delivered_at": "2026-11-21T18:00:00.000Z",
        "problem": None,
    }


def test_resending_takes_the_same_bytes_and_marks_nothing_anew(world: World) -> None:
    world.place("o1")
    batch_id = run(world)
    (name,) = world.inbox.files()
    content = world.inbox.files()[name]
    world.inbox.remove(name)
    history = world.order("o1").facts
    resend(batch_id, world.at)
    world.work_off()
    assert world.inbox.files() == {name: content}
    assert (world.batch(batch_id).state, world.batch(batch_id).resent) == (State.DELIVERED, 1)
    assert world.order("o1").facts == history


def test_an_old_batch_sent_again_does_not_hide_a_newer_version(world: World) -> None:
    world.place("o1")
    first = run(world)
    world.happen("o1", "OrderApproved", {})
    second = run(world)
    resend(first, world.at)
    world.work_off()
    assert [(mark.batch, mark.version) for mark in world.order("o1").exported] == [(second, 2)]


def test_refusals_leave_no_batch_behind(world: World) -> None:
    with pytest.raises(NotFound):
        request_run("nowhere", world.at, requested_by="staff:1")
    with pytest.raises(Invalid):
        request_run("erp", world.at, requested_by="staff:1", order_ids=["o1"], filter={"label": "error"})
    with pytest.raises(Invalid):
        request_run("erp", world.at, requested_by="staff:1", order_ids=[str(n) for n in range(5001)])
    for wrong in ({"mode": "some"}, {"profile": "cells"}, {"format": "excel"}, {"filter": {"colour": "red"}}):
        with pytest.raises(Invalid):
            request_run("erp", world.at, requested_by="staff:1", **wrong)  # type: ignore[arg-type]
    use_destination(enabled=False)
    with pytest.raises(WrongState):
        request_run("erp", world.at, requested_by="staff:1")
    assert world.at.batches.recent() == ([], "")
    assert world.alarm.calls == []


def test_the_same_request_twice_is_one_batch(world: World) -> None:
    world.place("o1")
    for _ in range(2):
        assert request_run("erp", world.at, requested_by="staff:1", batch_id="mine") == "mine"
    world.work_off()
    assert len(world.at.batches.recent()[0]) == 1
    assert len(world.inbox.files()) == 1


def test_resend_is_refused_while_the_batch_is_under_way_or_empty(world: World) -> None:
    waiting = request_run("erp", world.at, requested_by="staff:1")
    with pytest.raises(WrongState, match="being worked on"):
        resend(waiting, world.at)
    world.work_off()
    with pytest.raises(WrongState, match="no orders"):
        resend(waiting, world.at)
    with pytest.raises(WrongState, match="no file"):
        content_of(waiting, world.at)


def test_the_schedule_sends_what_is_new_and_leaves_no_trace_when_nothing_is(world: World) -> None:
    world.place("o1")
    assert world.send({"kind": "schedule"}) == []
    world.work_off()
    (batch,) = world.at.batches.recent()[0]
    assert (batch.orders, batch.scheduled, batch.requested_by) == (1, True, "schedule")
    assert world.send({"kind": "schedule"}) == []
    world.work_off()
    assert world.at.batches.recent()[0] == [batch]
    assert len(world.inbox.files()) == 1


def test_the_schedule_leaves_out_destinations_that_are_off_or_by_hand(world: World) -> None:
    use_destination(scheduled=False)
    assert scheduled_runs(world.at) == []
    use_destination(enabled=False)
    assert scheduled_runs(world.at) == []
    assert world.alarm.calls == []


def test_a_destination_may_want_empty_files(world: World) -> None:
    use_destination(skip_empty=False)
    batch = world.batch(run(world))
    (content,) = world.inbox.files().values()
    assert content.startswith(b"event,number,")
    assert rows(content) == []
    assert (batch.orders, batch.state) == (0, State.DELIVERED)
