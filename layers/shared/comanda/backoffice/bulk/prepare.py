"""List a job's orders once and for good, in chunks: what the job changes does not move its goal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from comanda.backoffice.bulk.actions import ACTIONS, EXPORT, PRINT
from comanda.backoffice.bulk.bodies import PrintParams
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.model import CHUNK_UNITS, LIVE, Job, State, Unit
from comanda.crash import crash_point
from comanda.errors import Invalid, NotFound, Problem, RetryLater
from comanda.exports.requests import MOST_IDS as MOST_EXPORTED
from comanda.times import stamp

MOST_UNITS = 20_000
MOST_PRINTED = 1_000  # papers of one file
CHUNK_LINES = 500  # of parcels; an item of the table ends at 400 KB
WHOLE = -1  # the part of a job that is one piece of work


def prepare(job_id: str, run: int, at: Bulking) -> dict[str, Any]:
    """The parts that are to be worked on; none when the job is over before it began.

    A second call, or the next run, finds the chunks as they are.
    """
    job = at.jobs.get(job_id)
    if job.run != run or job.state not in LIVE:
        return {"parts": []}
    if not job.prepared:
        try:
            total, chunks = _listed(job, at)
        except RetryLater:
            raise
        except Problem as problem:
            give_up(job, problem, at)
            return {"parts": []}
        job = at.jobs.change(job_id, lambda now: _ready(now, total, chunks))
    job = at.jobs.change(job_id, lambda now: _begun(now, run, stamp(at.now())))
    if ACTIONS[job.action].decide is None:
        return {"parts": [WHOLE]}
    return {"parts": list(range(job.chunks))}


def _ready(now: Job, total: int, chunks: int) -> dict[str, Any] | None:
    return None if now.prepared else {"prepared": True, "total": total, "chunks": chunks}


def _begun(now: Job, run: int, at: str) -> dict[str, Any] | None:
    if now.run != run or now.state != State.PENDING:
        return None
    return {"state": State.RUNNING, "started_at": at}


def give_up(job: Job, problem: Problem, at: Bulking) -> None:
    """End a job that cannot be done at all."""
    told = {"type": problem.type, "detail": problem.detail}
    done = {"state": State.FAILED, "problem": told, "finished_at": stamp(at.now())}
    at.jobs.change(job.job_id, lambda now: done if now.run == job.run and now.state in LIVE else None)


def _listed(job: Job, at: Bulking) -> tuple[int, int]:
    """Write the chunks; a listing that broke off is written over."""
    most = _most(job)
    total = number = 0
    for number, chunk in enumerate(chunked(_units(job, at)), start=1):
        total += len(chunk)
        if total > most:
            raise Invalid(f"a job takes at most {most} orders: narrow the filter")
        at.jobs.put_chunk(job, number - 1, chunk)
        crash_point("bulk.chunk_listed")
    return total, number


def _most(job: Job) -> int:
    """How many orders the job may be about."""
    if job.action == PRINT:
        return MOST_PRINTED
    return MOST_EXPORTED if job.action == EXPORT and job.params.get("destination") else MOST_UNITS


def chunked(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    """Chunks of at most 100 units, fewer where parcels have many lines."""
    chunk: list[Unit] = []
    lines = 0
    for unit in units:
        own = len(unit.more.get("lines", ()))
        if len(chunk) == CHUNK_UNITS or (chunk and lines + own > CHUNK_LINES):
            yield chunk
            chunk, lines = [], 0
        chunk.append(unit)
        lines += own
    if chunk:
        yield chunk


def _units(job: Job, at: Bulking) -> Iterator[Unit]:
    if job.filter:
        return (Unit(order_id, order_id) for order_id in at.select(job.filter, job.created_at))
    if not job.asked:
        return _left(PrintParams.model_validate(job.params), job, at)
    return iter(folded(list(at.jobs.asked(job)), at))


def _left(params: PrintParams, job: Job, at: Bulking) -> Iterator[Unit]:
    """The orders of a hand-over list that names none: those with parcels of its day. Raises NotFound."""
    wanted = (params.day or "", params.carrier or "", params.location or "")
    found = islice(at.left_on(job.created_at, *wanted), MOST_PRINTED + 1)  # more are refused anyway
    units = [Unit(order_id, order_id) for order_id in found]
    if not units:
        raise NotFound("no parcel left the shop then")
    return iter(units)


def folded(entries: Sequence[dict[str, Any]], at: Bulking) -> list[Unit]:
    """One unit per order, or per parcel of an order: rows with the same carrier and number go together.

    An order that is named twice, also once by its number, is one. Where a parcel is asked for by its lines
    and as the rest of the order, the rest covers both.
    """
    ids = at.ids_of([entry["number"] for entry in entries if "number" in entry])
    units: dict[str, Unit] = {}
    for entry in entries:
        number = entry.get("number", "")
        order_id = entry.get("order_id") or ids.get(number, "")
        parcel = {name: entry[name] for name in ("carrier", "tracking_number") if name in entry}
        key = "/".join((order_id or f"?{number}", *(f"{name}={parcel[name]}" for name in sorted(parcel))))
        line = {name: entry[name] for name in ("sku", "line_id", "quantity") if name in entry}
        lines = [line] if line else []
        if key in units:
            before = units[key].more.get("lines", [])
            lines = [*before, *lines] if before and lines else []
        units[key] = Unit(key, order_id, number, parcel | ({"lines": lines} if lines else {}))
    return list(units.values())
