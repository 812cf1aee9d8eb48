"""Runs of one destination at a time: the next begins when the one before ends, in the order asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from comanda import crash
from comanda.exports.model import DeliveryFailed, State
from comanda.exports.requests import request_run
from tests.contracts.inbox import CUT
from tests.functional.exports_world import Killed, World

pytestmark = pytest.mark.capability("A18")

REFUSED = DeliveryFailed("destination-login-refused", "sftp.example.com:22 refuses the login", passing=False)


def ask(world: World, **asked: Any) -> str:
    world.time += timedelta(milliseconds=60)
    return request_run("erp", world.at, requested_by="staff:1", **asked)


def give(world: World, batch_id: str) -> None:
    """The queue delivers the call of that batch that is due first, whatever else is due."""
    found = min(call for call in world.alarm.calls if call[1] == batch_id)
    world.alarm.calls.remove(found)
    assert world.send({"kind": "run", "batch_id": batch_id, "call": found[2]}) == []


def while_at_work(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None], point: str) -> None:
    """Let something happen once, in the middle of the first run that comes by."""
    came: list[str] = []

    def hook(name: str) -> None:
        if name == point and not came:
            came.append(name)
            act()

    monkeypatch.setattr(crash, "hook", hook)


@pytest.mark.parametrize("fault", [None, REFUSED])
def test_the_end_of_a_run_begins_the_next_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: DeliveryFailed | None
) -> None:
    world.place("o1")
    world.inbox.faults = [fault] if fault else []
    first, second = ask(world), ask(world)

    def second_comes() -> None:
        give(world, second)
        world.time += timedelta(seconds=4)

    while_at_work(monkeypatch, second_comes, "export.seat_taken")
    give(world, first)
    assert world.batch(first).state == (State.FAILED if fault else State.DELIVERED)
    assert world.batch(second).state == State.PENDING
    assert (world.time, second, 0) in world.alarm.calls
    give(world, second)
    assert world.batch(second).state == State.DELIVERED
    assert world.batch(second).orders == (1 if fault else 0)
    world.work_off()
    assert len(world.inbox.files()) == 1


def test_an_empty_run_of_the_schedule_wakes_the_next_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.send({"kind": "schedule"}) == []
    scheduled = world.alarm.calls[0][1]
    second = ask(world)
    while_at_work(monkeypatch, lambda: give(world, second), "export.seat_taken")
    give(world, scheduled)
    assert world.at.batches.find(scheduled) is None
    assert (world.time, second, 0) in world.alarm.calls


def test_runs_begin_in_the_order_they_were_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = ask(world), ask(world), ask(world)
    begun: list[str] = []

    def others_come() -> None:
        give(world, third)
        give(world, second)

    while_at_work(monkeypatch, others_come, "export.seat_taken")
    give(world, first)
    late = ask(world)
    give(world, late)  # its call comes before the one that wakes the second
    assert world.batch(late).state == State.PENDING
    begin = world.time
    while not all(world.batch(one).finished for one in (second, third, late)):
        world.alarm.calls.sort()
        due, batch_id, call = world.alarm.calls.pop(0)
        world.time = max(world.time, due)
        world.send({"kind": "run", "batch_id": batch_id, "call": call})
        if world.batch(batch_id).finished and batch_id not in begun:
            begun.append(batch_id)
    assert begun == [second, third, late]
    assert world.time == begin
    world.work_off()


def test_a_run_asked_for_at_the_moment_the_seat_is_left_is_not_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seat is left between its looking for the seat and its lining up for it."""
    first, second = ask(world), ask(world)
    while_at_work(monkeypatch, lambda: give(world, second), "export.seat_taken")
    wait = world.at.seats.wait

    def too_late(destination: str, entry: str) -> Any:
        monkeypatch.setattr(world.at.seats, "wait", wait)
        holder = world.at.seats.take("erp", first, "unused", world.time + timedelta(seconds=200))
        holder.leave(done=True)  # type: ignore[union-attr]
        return wait(destination, entry)

    monkeypatch.setattr(world.at.seats, "wait", too_late)
    give(world, first)
    assert world.batch(second).state == State.DELIVERED


def test_killed_before_it_wakes_the_next_that_one_wakes_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place("o1")
    first, second = ask(world), ask(world)

    def hook(name: str) -> None:
        if name == "export.seat_taken" and world.batch(second).attempts == 0 and not came:
            came.append(name)
            give(world, second)
        if name == "export.seat_left" and came == ["export.seat_taken"]:
            came.append(name)
            raise Killed

    came: list[str] = []
    monkeypatch.setattr(crash, "hook", hook)
    with pytest.raises(Killed):
        give(world, first)
    world.work_off()
    assert came == ["export.seat_taken", "export.seat_left"]
    assert (world.batch(first).state, world.batch(second).state) == (State.DELIVERED, State.DELIVERED)
    assert len(world.inbox.files()) == 1


def test_who_waited_in_vain_is_passed_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry of a batch that is gone holds up nobody."""
    first, second = ask(world), ask(world)
    world.at.seats.wait("erp", "2026-01-01T00:00:00.000Z#gone")
    while_at_work(monkeypatch, lambda: give(world, second), "export.seat_taken")
    give(world, first)
    give(world, second)
    assert world.batch(second).state == State.DELIVERED
    assert world.at.seats.forget("erp", "nobody") == ()


def test_a_queue_that_fails_the_next_does_not_harm_the_one_that_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ask(world), ask(world)
    while_at_work(monkeypatch, lambda: give(world, second), "export.seat_taken")
    wake = world.alarm.wake

    def broken(batch_id: str, seconds: int = 0, call: int = 0) -> None:
        if batch_id == second and seconds == 0:
            raise CUT
        wake(batch_id, seconds, call)

    monkeypatch.setattr(world.alarm, "wake", broken)
    give(world, first)
    assert (world.batch(first).state, world.batch(first).trouble) == (State.DELIVERED, None)
    world.work_off()
    assert world.batch(second).state == State.DELIVERED
