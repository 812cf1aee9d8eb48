"""Carry a batch as far as it gets: build, deliver, mark. Each step is resumed where it broke off."""

import logging
from collections.abc import Callable
from datetime import timedelta

from comanda.crash import crash_point
from comanda.errors import Problem
from comanda.exports.build import build
from comanda.exports.deliver import deliver
from comanda.exports.exporting import Exporting, OutOfTime, Pulse
from comanda.exports.mark import mark
from comanda.exports.model import Batch, DeliveryFailed, State, Trouble
from comanda.exports.notice import tell
from comanda.exports.pauses import MOST_ATTEMPTS, pause_after, seconds_until
from comanda.exports.requests import go_on_with
from comanda.exports.seats import LEASE_SECONDS, Seat, SeatLost
from comanda.exports.store import Overtaken
from comanda.exports.turns import call_next, seat_for
from comanda.settings.pauses import destination
from comanda.times import stamp

log = logging.getLogger(__name__)


def run(batch_id: str, at: Exporting, left: Callable[[], float], call: int = 0) -> None:
    """Work on a batch; `left` says how many seconds this process has. Safe to call at any time, by anyone.

    `call` numbers the wake-up calls of attempts: one that is older than the last attempt is
    answered by that attempt's own, so calls do not pile up. Calls from outside have none.
    """
    batch = at.batches.find(batch_id)
    if batch is None or 0 < call < batch.call:
        return
    if batch.finished:
        tell(batch, at)
        return
    if at.paused(destination(batch.destination)):
        return  # woken when its destination is resumed
    wait = seconds_until(batch.next_at, at.now())
    if wait > 0:
        at.runs.wake(batch_id, wait, call)
        return
    seat = seat_for(batch, at, call)
    if seat is None:
        return
    at.runs.wake(batch_id, LEASE_SECONDS + 5, batch.call + 1)  # should this process die, somebody goes on
    crash_point("export.seat_taken")
    _attempt(batch, seat, at, left)


def _attempt(batch: Batch, seat: Seat, at: Exporting, left: Callable[[], float]) -> None:
    pulse = Pulse(seat, at.now, left)
    try:
        batch = at.batches.save(batch, attempts=batch.attempts + 1, call=batch.call + 1)
        _refuse_endless(batch)
        _advance(batch, seat, at, pulse)
    except (SeatLost, Overtaken):
        log.warning("export batch %s is in other hands", batch.batch_id)
    except OutOfTime:
        current = at.batches.get(batch.batch_id)
        at.batches.save(current, attempts=current.attempts - 1)
        seat.leave(done=False)
        at.runs.wake(batch.batch_id, 0, current.call + 1)
    except DeliveryFailed as failure:
        _stumble(batch.batch_id, seat, at, failure)
    except Problem as problem:
        _stumble(batch.batch_id, seat, at, DeliveryFailed(problem.type, problem.detail, passing=True))
    except Exception as error:
        log.exception("export batch %s stumbled", batch.batch_id)
        unexpected = f"{type(error).__name__}; the log has the rest"
        _stumble(batch.batch_id, seat, at, DeliveryFailed("unexpected", unexpected, passing=True))


def _refuse_endless(batch: Batch) -> None:
    """Attempts that were all killed leave no trouble behind, so they are counted when they begin."""
    if batch.attempts > 2 * MOST_ATTEMPTS and not batch.sent_at:
        detail = f"{batch.attempts - 1} attempts were broken off from outside: memory or time ran out"
        raise DeliveryFailed("broken-off", detail, passing=False)


def _advance(batch: Batch, seat: Seat, at: Exporting, pulse: Pulse) -> None:
    if batch.state in (State.PENDING, State.BUILDING):
        batch = build(batch, at, pulse)
        crash_point("export.built")
    if batch.has_content and not batch.sent_at:
        batch = deliver(batch, at, pulse)
    if batch.has_content:
        batch = mark(batch, at, pulse)
    _finish(batch, seat, at)


def _finish(batch: Batch, seat: Seat, at: Exporting) -> None:
    wanted = at.batches.wanted(batch.batch_id)
    if batch.more:
        go_on_with(batch, wanted, at)
    crash_point("export.followed_up")
    if batch.scheduled and not batch.has_content:
        at.batches.remove(batch)
    else:
        at.batches.save(batch, state=State.DELIVERED, delivered_at=stamp(at.now()), trouble=None, next_at="")
    crash_point("export.delivered")
    forward = wanted.everything_new and batch.covers > seat.cursor
    waiting = seat.leave(done=True, cursor=batch.covers if forward else "")
    crash_point("export.seat_left")
    call_next(batch.destination, waiting, at)


def _stumble(batch_id: str, seat: Seat, at: Exporting, why: DeliveryFailed) -> None:
    """Say what went wrong; try again later if that can help. A file that has arrived is never given up."""
    batch = at.batches.get(batch_id)
    step = "build" if not batch.has_content else "mark" if batch.sent_at else "deliver"
    trouble = Trouble(why.type, why.detail, step, stamp(at.now()))
    log.warning("export batch %s: %s at %s", batch_id, why.type, step)
    if batch.sent_at or (why.passing and batch.attempts < MOST_ATTEMPTS):
        pause = pause_after(batch.attempts)
        due = stamp(at.now() + timedelta(seconds=pause))
        at.batches.save(batch, trouble=trouble, next_at=due)
        seat.leave(done=False)
        at.runs.wake(batch_id, pause, batch.call + 1)
        return
    batch = at.batches.save(batch, state=State.FAILED, trouble=trouble)
    waiting = seat.leave(done=not batch.uncertain)
    call_next(batch.destination, waiting, at, free=not batch.uncertain)
    tell(batch, at)
