"""Killed at every step, refused, cut off, two at a time: what is sent is sent once, and nothing is lost."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from comanda import crash, wiring
from comanda.exports.model import DeliveryFailed, State
from comanda.exports.pauses import MOST_ATTEMPTS, PAUSES
from comanda.exports.requests import request_run, resend, scheduled_runs
from comanda.exports.seats import LEASE_SECONDS, Occupied, Seat, SeatLost
from comanda.orders.facts import Happened
from tests.contracts.inbox import CUT
from tests.functional.exports_world import Killed, World, use_destination

pytestmark = pytest.mark.capability("A18")

CRASH_POINTS = (
    "export.seat_taken",
    "export.chunk_stored",
    "export.content_stored",
    "export.built",
    "export.uploaded",
    "export.staged",
    "export.renamed",
    "export.sent",
    "export.order_marked",
    "export.chunk_marked",
    "export.followed_up",
    "export.delivered",
    "export.seat_left",
)
REFUSED = DeliveryFailed("destination-login-refused", "sftp.example.com:22 refuses the login", passing=False)


@pytest.fixture
def world(aws: None, monkeypatch: pytest.MonkeyPatch) -> World:
    use_destination()
    made = World()
    monkeypatch.setattr(wiring, "exporting", lambda: made.at)
    monkeypatch.setattr("comanda.exports.build.CHUNK_ORDERS", 2)
    return made


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """killed_at(name, times) lets the process die there; answers the names that were passed."""

    def arm(name: str, times: int = 1) -> list[str]:
        passed: list[str] = []

        def hook(point: str) -> None:
            passed.append(point)
            if point == name and passed.count(point) <= times:
                raise Killed

        monkeypatch.setattr(crash, "hook", hook)
        return passed

    return arm


def ask(world: World, **asked: Any) -> str:
    return request_run("erp", world.at, requested_by="staff:1", **asked)


def work_off(world: World) -> None:
    """As World.work_off, with processes that may die: their message comes again only much later."""
    while True:
        try:
            world.work_off()
        except Killed:
            continue
        return


def sent(world: World) -> Counter[str]:
    return Counter(
        row["order_id"]
        for content in world.inbox.files().values()
        for row in csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True)
    )


def marks(world: World, order_id: str) -> int:
    return sum(fact.type == "OrderExported" for fact in wiring.orders().facts(order_id))


@pytest.mark.parametrize("point", CRASH_POINTS)
@pytest.mark.parametrize("times", [1, 2])
def test_killed_anywhere_the_next_process_finishes(
    world: World, killed_at: Any, point: str, times: int
) -> None:
    for number in range(5):
        world.place(f"o{number}")
    passed = killed_at(point, times)
    batch_id = ask(world)
    work_off(world)
    assert passed.count(point) >= 1
    assert sent(world) == {f"o{number}": 1 for number in range(5)}
    assert len(world.inbox.files()) == 1
    assert world.batch(batch_id).state == State.DELIVERED
    assert [marks(world, f"o{number}") for number in range(5)] == [1] * 5
    ask(world)
    work_off(world)
    assert len(world.inbox.files()) == 1
    assert world.told == []


@pytest.mark.parametrize("point", CRASH_POINTS)
def test_a_process_that_dies_is_followed_within_minutes(world: World, killed_at: Any, point: str) -> None:
    world.place("o1")
    passed = killed_at(point)
    begin = world.time
    batch_id = ask(world)
    work_off(world)
    assert point in passed
    delivered = world.batch(batch_id).delivered_at
    assert delivered
    assert world.time - begin <= timedelta(seconds=2 * LEASE_SECONDS + 20)


def test_a_cut_connection_sends_the_same_bytes_again(world: World) -> None:
    for number in range(3):
        world.place(f"o{number}")
    world.inbox.cut(after_bytes=100)
    batch_id = ask(world)
    assert world.send({"kind": "run", "batch_id": batch_id}) == []
    batch = world.batch(batch_id)
    assert (batch.state, batch.attempts) == (State.SENDING, 1)
    assert batch.trouble is not None
    assert (batch.trouble.type, batch.trouble.step) == ("destination-cut", "deliver")
    assert world.order("o0").exported == ()
    world.happen("o0", "OrderApproved", {})  # the content does not follow: it was built before
    work_off(world)
    batch = world.batch(batch_id)
    assert (batch.state, batch.attempts, batch.trouble) == (State.DELIVERED, 2, None)
    assert sent(world) == {"o0": 1, "o1": 1, "o2": 1}
    assert b"".join(world.at.contents.read(batch.key)) == world.inbox.files()[batch.file_name]
    assert [mark.version for mark in world.order("o0").exported] == [1]


def test_an_answer_lost_after_the_rename_sends_nothing_twice(world: World) -> None:
    world.place("o1")
    world.inbox.after_rename = CUT
    batch_id = ask(world)
    work_off(world)
    assert (world.batch(batch_id).state, world.batch(batch_id).evidence) == (State.DELIVERED, "found")
    assert sent(world) == {"o1": 1}


def test_a_file_taken_away_at_once_is_not_sent_again(world: World) -> None:
    world.place("o1")
    world.inbox.after_rename = CUT
    batch_id = ask(world)
    world.send({"kind": "run", "batch_id": batch_id})
    (name,) = world.inbox.files()
    world.inbox.remove(name)
    work_off(world)
    assert (world.batch(batch_id).state, world.batch(batch_id).evidence) == (State.DELIVERED, "taken")
    assert world.inbox.files() == {}
    assert marks(world, "o1") == 1


def test_what_can_never_work_fails_at_once_and_is_told_once(world: World) -> None:
    world.place("o1")
    world.inbox.faults = [REFUSED]
    batch_id = ask(world)
    work_off(world)
    batch = world.batch(batch_id)
    assert (batch.state, batch.attempts, batch.told) == (State.FAILED, 1, True)
    assert batch.trouble is not None
    assert (batch.trouble.type, batch.trouble.detail) == (REFUSED.type, REFUSED.detail)
    assert [told.batch_id for told in world.told] == [batch_id]
    assert world.order("o1").exported == ()


def test_what_may_pass_is_tried_again_with_growing_pauses_then_fails(world: World) -> None:
    world.place("o1")
    world.inbox.faults = [CUT] * 20
    batch_id = ask(world)
    begin = world.time
    work_off(world)
    batch = world.batch(batch_id)
    assert (batch.state, batch.attempts, world.inbox.deliveries) == (
        State.FAILED,
        MOST_ATTEMPTS,
        MOST_ATTEMPTS,
    )
    assert world.time - begin >= timedelta(seconds=sum(PAUSES))
    assert len(world.told) == 1


def test_the_orders_of_a_failed_batch_are_in_the_next(world: World) -> None:
    world.place("o1")
    world.inbox.faults = [REFUSED]
    ask(world)
    work_off(world)
    world.place("o2")
    ask(world)
    work_off(world)
    assert sent(world) == {"o1": 1, "o2": 1}
    assert len(world.inbox.files()) == 1


def test_a_failed_batch_is_sent_again_with_its_own_bytes(world: World) -> None:
    world.place("o1")
    world.inbox.faults = [REFUSED]
    batch_id = ask(world)
    work_off(world)
    before = world.batch(batch_id)
    world.happen("o1", "OrderApproved", {})
    resend(batch_id, world.at)
    work_off(world)
    after = world.batch(batch_id)
    assert (after.state, after.sha256, after.file_name) == (State.DELIVERED, before.sha256, before.file_name)
    assert [(mark.batch, mark.version) for mark in world.order("o1").exported] == [(batch_id, 1)]


def test_changed_content_is_never_sent(world: World) -> None:
    world.place("o1")
    world.inbox.faults = [CUT]
    batch_id = ask(world)
    world.send({"kind": "run", "batch_id": batch_id})
    writer = world.at.contents.writer(world.batch(batch_id).key)
    writer.write(b"something else")
    writer.close()
    work_off(world)
    batch = world.batch(batch_id)
    assert batch.trouble is not None
    assert (batch.state, batch.trouble.type) == (State.FAILED, "content-changed")
    assert [name for name in world.inbox.files() if not name.startswith(".")] == []


def test_a_destination_that_was_switched_off_takes_nothing(world: World) -> None:
    world.place("o1")
    batch_id = ask(world)
    use_destination(enabled=False)
    work_off(world)
    batch = world.batch(batch_id)
    assert batch.trouble is not None
    assert (batch.state, batch.trouble.type) == (State.FAILED, "destination-unknown")
    assert world.inbox.deliveries == 0


def test_the_next_run_waits_for_the_one_before(world: World) -> None:
    world.place("o1")
    world.inbox.faults = [CUT]
    first = ask(world)
    world.send({"kind": "run", "batch_id": first})
    world.place("o2")
    second = ask(world)
    work_off(world)
    assert world.batch(first).state == world.batch(second).state == State.DELIVERED
    assert (world.batch(first).orders, world.batch(second).orders) == (1, 1)
    assert sent(world) == {"o1": 1, "o2": 1}


def test_a_batch_of_unknown_fate_is_settled_before_the_next(world: World) -> None:
    """It failed for good after its rename: its orders must not go out a second time."""
    world.place("o1")
    world.inbox.faults = [CUT] * (MOST_ATTEMPTS - 1)
    world.inbox.after_rename = CUT
    first = ask(world)
    work_off(world)
    assert (world.batch(first).state, world.batch(first).uncertain) == (State.FAILED, True)
    second = ask(world)
    work_off(world)
    assert (world.batch(first).state, world.batch(first).evidence) == (State.DELIVERED, "found")
    assert (world.batch(second).state, world.batch(second).orders) == (State.DELIVERED, 0)
    assert sent(world) == {"o1": 1}


def test_a_fate_that_cannot_be_found_out_stops_the_next_batch_and_says_so(world: World) -> None:
    world.place("o1")
    world.inbox.faults = [CUT] * (MOST_ATTEMPTS - 1)
    world.inbox.after_rename = CUT
    first = ask(world)
    work_off(world)
    world.inbox.faults = [CUT] * 50
    second = ask(world)
    work_off(world)
    batch = world.batch(second)
    assert batch.trouble is not None
    assert (batch.state, batch.trouble.type) == (State.FAILED, "destination-unsettled")
    assert first in batch.trouble.detail
    assert world.batch(second).orders == 0


def test_a_process_that_always_dies_is_given_up(world: World, killed_at: Any) -> None:
    world.place("o1")
    killed_at("export.built", times=100)
    killed_at("export.content_stored", times=100)
    batch_id = ask(world)
    work_off(world)
    batch = world.batch(batch_id)
    assert batch.trouble is not None
    assert (batch.state, batch.trouble.type) == (State.FAILED, "broken-off")
    assert len(world.told) == 1


def test_marking_goes_on_in_the_next_process_when_time_is_short(world: World) -> None:
    for number in range(6):
        world.place(f"o{number}")
    batch_id = ask(world)
    world.inbox.faults = [CUT]
    world.send({"kind": "run", "batch_id": batch_id})  # built, with time enough
    world.seconds_left = (30.0,)  # for delivering, not for marking
    world.time += timedelta(seconds=PAUSES[0] + 1)
    world.send({"kind": "run", "batch_id": batch_id})
    batch = world.batch(batch_id)
    assert (batch.state, batch.evidence, batch.marked) == (State.SENDING, "renamed", 0)
    world.seconds_left = (600.0,)
    work_off(world)
    assert world.batch(batch_id).state == State.DELIVERED
    assert [marks(world, f"o{number}") for number in range(6)] == [1] * 6
    assert world.inbox.deliveries == 2


def test_a_mark_that_cannot_be_written_never_fails_a_file_that_arrived(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place("o1")
    from dataclasses import replace

    from comanda.errors import Busy

    class BusyDesk:
        def __init__(self, times: int) -> None:
            self.left = times

        def run(self, order_id: str, decide: Any, origin: Any) -> Any:
            if self.left:
                self.left -= 1
                raise Busy("too many people")
            return wiring.desk().run(order_id, decide, origin)

    world.at = replace(world.at, desk=BusyDesk(MOST_ATTEMPTS + 3))
    batch_id = ask(world)
    work_off(world)
    assert world.batch(batch_id).state == State.DELIVERED
    assert marks(world, "o1") == 1
    assert world.inbox.deliveries == 1
    assert world.told == []


def test_the_seat_goes_to_one_and_back_after_silence(world: World) -> None:
    first = world.at.seats.take("erp", "b1", "worker-1", world.time)
    assert isinstance(first, Seat)
    assert world.at.seats.take("erp", "b1", "worker-2", world.time) == Occupied(
        "b1", "2026-11-21T18:02:00.000Z"
    )
    world.time += timedelta(seconds=LEASE_SECONDS - 60)
    first.renew(world.time)
    world.time += timedelta(seconds=LEASE_SECONDS - 1)
    assert isinstance(world.at.seats.take("erp", "b1", "worker-2", world.time), Occupied)
    world.time += timedelta(seconds=2)
    second = world.at.seats.take("erp", "b1", "worker-2", world.time)
    assert isinstance(second, Seat)
    world.time += timedelta(seconds=LEASE_SECONDS)
    with pytest.raises(SeatLost):
        first.renew(world.time)
    with pytest.raises(SeatLost):
        first.leave(done=True)
    second.leave(done=True, cursor="2026-11-21T18:00:00.000Z")
    third = world.at.seats.take("erp", "b2", "worker-3", world.time)
    assert isinstance(third, Seat)
    assert third.cursor == "2026-11-21T18:00:00.000Z"


def test_a_worker_that_lost_its_seat_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was asleep too long; whoever took over finishes, and the sleeper writes nothing any more."""
    for number in range(3):
        world.place(f"o{number}")
    batch_id = ask(world)
    taken_over: list[str] = []

    def hook(point: str) -> None:
        if point == "export.uploaded" and not taken_over:
            taken_over.append(point)
            world.time += timedelta(seconds=LEASE_SECONDS + 1)
            world.send({"kind": "run", "batch_id": batch_id})

    monkeypatch.setattr(crash, "hook", hook)
    work_off(world)
    assert taken_over
    assert world.batch(batch_id).state == State.DELIVERED
    assert sent(world) == {f"o{number}": 1 for number in range(3)}
    assert [marks(world, f"o{number}") for number in range(3)] == [1] * 3


def test_the_schedule_wakes_what_lost_its_call_and_starts_nothing_beside_it(world: World) -> None:
    world.place("o1", Happened("OrderApproved", {}))
    batch_id = ask(world)
    world.alarm.calls.clear()
    assert scheduled_runs(world.at) == []
    assert world.alarm.calls == []
    world.time += timedelta(hours=1)
    assert scheduled_runs(world.at) == []
    work_off(world)
    assert world.batch(batch_id).state == State.DELIVERED
    assert len(world.at.batches.recent()[0]) == 1


def test_messages_for_unknown_and_finished_batches_are_harmless(world: World) -> None:
    assert world.send({"kind": "run", "batch_id": "nobody"}) == []
    world.place("o1")
    batch_id = ask(world)
    work_off(world)
    before = world.batch(batch_id)
    assert world.send({"kind": "run", "batch_id": batch_id}) == []
    assert world.batch(batch_id) == before
    assert world.alarm.calls == []


def test_a_message_that_makes_no_sense_is_answered_as_failed(world: World) -> None:
    assert world.send({"kind": "run"}) == ["m1"]


def test_the_merchant_is_told_even_if_that_failed_at_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place("o1")
    world.inbox.faults = [REFUSED]
    told = world.export_failed
    calls: list[str] = []

    def broken(batch: Any) -> None:
        calls.append(batch.batch_id)
        if len(calls) == 1:
            raise OSError("no bus")
        told(batch)

    monkeypatch.setattr(world, "export_failed", broken)
    batch_id = ask(world)
    assert world.send({"kind": "run", "batch_id": batch_id}) == ["m1"]
    assert world.send({"kind": "run", "batch_id": batch_id}) == []
    assert [one.batch_id for one in world.told] == [batch_id]
    assert world.batch(batch_id).told
