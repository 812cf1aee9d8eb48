"""What staff and the schedule ask for: a new run, the same file again, the batch and its content."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from comanda.errors import Invalid, NotFound, WrongState
from comanda.exports.exporting import Exporting
from comanda.exports.model import Batch, State, Wanted
from comanda.exports.profiles import PROFILES
from comanda.exports.sheet import FORMATS
from comanda.ids import same_id
from comanda.settings.pauses import destination as switch
from comanda.settings.sections import Destination
from comanda.times import later, stamp

MODES = ("new", "all")
MOST_IDS = 5_000
STALE_SECONDS = 1_800  # an unfinished batch that old has lost its wake-up call
RECENT = 50
MOST_WOKEN = 500


def request_run(
    destination: str,
    at: Exporting,
    *,
    requested_by: str,
    order_ids: Sequence[str] | None = None,
    filter: dict[str, Any] | None = None,
    profile: str | None = None,
    mode: str = "new",
    format: str | None = None,
    batch_id: str = "",
) -> str:
    """Ask for a batch and answer its id.

    With a `batch_id` of the caller's making a repeated request is the same one. Raises NotFound for
    an unknown destination, WrongState for one that is switched off, Invalid.
    """
    found = at.destinations().get(destination)
    if found is None:
        raise NotFound(f"there is no export destination {destination!r}")
    if not found.enabled:
        raise WrongState("destination-off", f"the destination {destination!r} is switched off")
    if not found.host_key:
        detail = f"the server's key of {destination!r} is not confirmed yet: test the connection"
        raise WrongState("destination-unconfirmed", detail)
    if order_ids is not None and not order_ids:  # "none of them" must not become "all of them"
        raise Invalid.at("/order_ids", "name at least one order, or leave it out")
    if order_ids and filter:
        raise Invalid.at("/filter", "name orders or give a filter, not both")
    if order_ids and len(order_ids) > MOST_IDS:
        raise Invalid.at("/order_ids", f"at most {MOST_IDS} orders by name; use a filter for more")
    _known("/profile", profile, PROFILES)
    _known("/format", format, FORMATS)
    _known("/mode", mode, MODES)
    if filter:
        at.filters(filter, stamp(at.now()))  # refuses what it does not understand
    batch = _new_batch(batch_id or at.new_id(), destination, found, requested_by, at)
    batch = replace(batch, profile=profile or batch.profile, format=format or batch.format)
    at.batches.add(batch, Wanted(mode, tuple(dict.fromkeys(order_ids or ())), filter or {}))
    at.runs.wake(batch.batch_id)
    return batch.batch_id


def resend(batch_id: str, at: Exporting) -> Batch:
    """Deliver the same bytes once more; a batch that failed before it had any is built anew.

    Raises NotFound, or WrongState for a batch that is under way or has nothing to send.
    """
    batch = at.batches.get(batch_id)
    if not batch.finished:
        raise WrongState("batch-under-way", "the batch is still being worked on")
    if batch.state == State.DELIVERED and not batch.has_content:
        raise WrongState("batch-empty", "the batch holds no orders, so there is no file")
    batch = at.batches.save(
        batch,
        state=State.BUILT if batch.has_content else State.PENDING,
        attempts=0,
        next_at="",
        sent_at="",
        evidence="",
        staged=False,
        delivered_at="",
        marked=0,
        trouble=None,
        told=False,
        resent=batch.resent + 1,
    )
    at.runs.wake(batch_id)
    return batch


def scheduled_runs(at: Exporting) -> list[str]:
    """Start a batch for each destination on the schedule, and wake what has been lying still."""
    unfinished = [batch for batch in at.batches.recent(RECENT)[0] if not batch.finished]
    long_ago = later(stamp(at.now()), -STALE_SECONDS)
    for batch in unfinished:
        if max(batch.created_at, batch.next_at) < long_ago:
            at.runs.wake(batch.batch_id)
    busy = {batch.destination for batch in unfinished}
    started = []
    for code, destination in at.destinations().items():
        if destination.ready and destination.scheduled and code not in busy and not at.paused(switch(code)):
            batch = _new_batch(at.new_id(), code, destination, "schedule", at, scheduled=True)
            at.batches.add(batch, Wanted())
            at.runs.wake(batch.batch_id)
            started.append(batch.batch_id)
    return started


def wake_unfinished(destination: str, at: Exporting) -> int:
    """Wake the batches that waited while their destination was paused; answers how many.

    What lies deeper than the last `MOST_WOKEN` batches is woken by the schedule, as whatever lies still.
    """
    woken, before = 0, ""
    for _ in range(MOST_WOKEN // RECENT):
        found, before = at.batches.recent(RECENT, before)
        for batch in found:
            if batch.destination == destination and not batch.finished:
                at.runs.wake(batch.batch_id)
                woken += 1
        if not before:
            break
    return woken


def go_on_with(batch: Batch, wanted: Wanted, at: Exporting) -> str:
    """The batch that takes what this one had no room for. Asked twice, it is the same one."""
    following = Batch(
        batch_id=same_id(f"{batch.batch_id}|next"),
        destination=batch.destination,
        profile=batch.profile,
        format=batch.format,
        delimiter=batch.delimiter,
        created_at=stamp(at.now()),
        requested_by=batch.requested_by,
        scheduled=batch.scheduled,
    )
    after = "" if wanted.everything_new else batch.covers
    at.batches.add(following, Wanted(wanted.mode, (), wanted.filter, after))
    at.runs.wake(following.batch_id)
    return following.batch_id


def content_of(batch_id: str, at: Exporting) -> tuple[Batch, Iterator[bytes]]:
    """A batch and its bytes. Raises NotFound, WrongState when there is no content (yet)."""
    batch = at.batches.get(batch_id)
    if not batch.has_content:
        raise WrongState("batch-without-file", "this batch has no file")
    return batch, at.contents.read(batch.key)


def shown(batch: Batch) -> dict[str, Any]:
    """A batch as the staff API shows it."""
    return {
        "batch_id": batch.batch_id,
        "destination": batch.destination,
        "state": batch.state,
        "file_name": batch.file_name or None,
        "sha256": batch.sha256 or None,
        "size": batch.size,
        "orders": batch.orders,
        "rows": batch.rows,
        "left_out_count": batch.left_out,
        "note": batch.note or None,
        "attempts": batch.attempts,
        "profile": batch.profile,
        "format": batch.format,
        "requested_by": batch.requested_by,
        "created_at": batch.created_at,
        "next_attempt_at": batch.next_at or None,
        "sent_at": batch.sent_at or None,
        "evidence": batch.evidence or None,
        "delivered_at": batch.delivered_at or None,
        "problem": batch.trouble.to_dict() if batch.trouble else None,
    }


def looked_at(batch_id: str, at: Exporting) -> dict[str, Any]:
    """One batch as the staff API shows it: as in the list, and why named orders were left out."""
    batch = at.batches.get(batch_id)
    left_out = at.batches.left_out(batch_id) if batch.left_out else []
    return shown(batch) | {"left_out": [one.to_dict() for one in left_out]}


def _known(pointer: str, value: str | None, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        raise Invalid.at(pointer, f"one of: {', '.join(choices)}")


def _new_batch(
    batch_id: str,
    code: str,
    destination: Destination,
    requested_by: str,
    at: Exporting,
    *,
    scheduled: bool = False,
) -> Batch:
    return Batch(
        batch_id=batch_id,
        destination=code,
        profile=destination.profile,
        format=destination.format,
        delimiter=destination.delimiter,
        created_at=stamp(at.now()),
        requested_by=requested_by,
        scheduled=scheduled,
    )
