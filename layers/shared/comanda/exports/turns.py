"""Whose turn it is at a destination: batches get its seat one by one, in the order they were asked for."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from comanda.exports.exporting import Exporting
from comanda.exports.model import Batch, State, Trouble
from comanda.exports.notice import tell
from comanda.exports.pauses import MOST_ATTEMPTS, PAUSES, pause_after, seconds_until
from comanda.exports.seats import LEASE_SECONDS, Occupied, Seat
from comanda.exports.store import Overtaken
from comanda.times import stamp

log = logging.getLogger(__name__)


def seat_for(batch: Batch, at: Exporting, call: int) -> Seat | None:
    """The destination's seat; None when the batch has to wait for another one, and will be woken."""
    found = _take(batch, at)
    if isinstance(found, Occupied) and found.batch_id != batch.batch_id:
        found = _line_up(batch, at)
    if isinstance(found, Seat):
        return _unless_older(found, batch, at, call)
    wait = seconds_until(found.lease_until, at.now())
    if wait > 0:  # woken when the seat is left; this is for a process that dies
        at.runs.wake(batch.batch_id, wait + 1, call)
        return None
    taken = _after(found, batch, at, call)
    return _unless_older(taken, batch, at, call) if taken else None


def call_next(destination: str, waiting: Sequence[str], at: Exporting, *, free: bool = True) -> None:
    """Wake who has waited longest, as the seat was left (`free`: to anybody).

    Failing in it costs time only: who waits has a call of its own as well.
    """
    try:
        following = _oldest(destination, waiting, at)
        if following:
            _call(following, at, free=free)
    except Exception:
        log.exception("the next export batch for %s was not woken; it wakes by itself", destination)


def _call(batch: Batch, at: Exporting, *, free: bool) -> None:
    if free and batch.next_at:  # it rested only because the seat was taken
        try:
            at.batches.save(batch, next_at="")
        except Overtaken:
            log.info("export batch %s is awake already", batch.batch_id)
    at.runs.wake(batch.batch_id)


def _oldest(destination: str, waiting: Sequence[str], at: Exporting) -> Batch | None:
    """Who has waited longest. Entries of batches that came to their end elsewhere are taken away."""
    for entry in sorted(waiting):
        batch = at.batches.find(entry.rpartition("#")[2])
        if batch and not batch.finished:
            return batch
        at.seats.forget(destination, entry)
    return None


def _take(batch: Batch, at: Exporting, over: str = "") -> Seat | Occupied:
    now, holder = at.now(), at.new_id()
    return at.seats.take(batch.destination, batch.batch_id, holder, now, over=over, entry=batch.entry)


def _line_up(batch: Batch, at: Exporting) -> Seat | Occupied:
    """Wait for the seat; take it when it was left just before whoever left could see us waiting."""
    found = at.seats.wait(batch.destination, batch.entry)
    if found.batch_id and found.batch_id != batch.batch_id:
        return found
    return _take(batch, at)


def _unless_older(seat: Seat, batch: Batch, at: Exporting, call: int) -> Seat | None:
    """The seat, unless an older batch waits for it and this one has not begun: then that one gets it."""
    begun = batch.state != State.PENDING and batch.attempts > 0
    earlier = [entry for entry in seat.waiting if entry < batch.entry]
    older = None if begun else _oldest(batch.destination, earlier, at)
    if older is None:
        return seat
    at.runs.wake(batch.batch_id, LEASE_SECONDS + 5, call)
    seat.hand_over(older.batch_id, batch.entry)
    _call(older, at, free=True)
    return None


def _after(found: Occupied, batch: Batch, at: Exporting, call: int) -> Seat | None:
    """Nobody works on the batch that has the seat: wait for it, settle it, or take its place."""
    other = at.batches.find(found.batch_id)
    if other is not None and not other.finished:
        at.runs.wake(batch.batch_id, max(seconds_until(other.next_at, at.now()), PAUSES[0]), call)
        return None
    if other is not None and other.uncertain:
        _settle_first(other, batch, at, call)
        return None
    taken = _take(batch, at, over=found.batch_id)
    if isinstance(taken, Seat):
        return taken
    at.runs.wake(batch.batch_id, PAUSES[0], call)
    return None


def _settle_first(other: Batch, batch: Batch, at: Exporting, call: int) -> None:
    """A failed batch whose file may have arrived gets one more attempt, or its orders could go out twice."""
    if batch.attempts >= MOST_ATTEMPTS:
        detail = f"batch {other.batch_id} before it may or may not have arrived, and that cannot be found out"
        trouble = Trouble("destination-unsettled", detail, "deliver", stamp(at.now()))
        batch = at.batches.save(batch, state=State.FAILED, trouble=trouble)
        waiting = at.seats.forget(batch.destination, batch.entry)
        call_next(batch.destination, waiting, at, free=False)
        tell(batch, at)
        return
    at.batches.save(other, state=State.SENDING, attempts=MOST_ATTEMPTS - 1, next_at="")
    at.runs.wake(other.batch_id)
    attempts = batch.attempts + 1
    pause = pause_after(attempts)
    at.batches.save(batch, attempts=attempts, next_at=stamp(at.now() + timedelta(seconds=pause)))
    at.runs.wake(batch.batch_id, pause, call)
