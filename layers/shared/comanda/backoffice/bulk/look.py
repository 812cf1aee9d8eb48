"""Look at bulk jobs, stop them, go on with them."""

from datetime import timedelta
from typing import Any

from comanda.backoffice.bulk.bulking import Bulking, Runs
from comanda.backoffice.bulk.model import LIVE, Job, Outcome, Result, State, Tally
from comanda.errors import WrongState
from comanda.times import stamp

# A run that was just started may not be known everywhere yet.
GRACE = timedelta(seconds=30)
BAD = (Outcome.REFUSED, Outcome.FAILED)


def shown(job: Job, tally: Tally) -> dict[str, Any]:
    """A job as the staff API shows it."""
    return {
        "job_id": job.job_id,
        "action": job.action,
        "preview": job.preview,
        "state": job.state,
        "total": job.total if job.prepared else None,
        "done": tally.done,
        "failed": tally.failed,
        "reasons": tally.reasons,
        "requested_by": job.actor,
        "created_at": job.created_at,
        "started_at": job.started_at or None,
        "finished_at": job.finished_at or None,
        "run": job.run,
        "filter": job.filter or None,
        "problem": job.problem or None,
        "result": job.result or None,
    }


def looked_at(
    job_id: str, limit: int, cursor: str, *, failed: bool, at: Bulking, runs: Runs
) -> dict[str, Any]:
    """One job with a page of its results, of those that went wrong only if `failed`. Raises NotFound."""
    job = as_it_is(job_id, at, runs)
    results, after = at.jobs.results(job_id, limit, cursor, BAD if failed else ())
    told = {"results": [_told(result) for result in results], "next": after or None}
    return shown(job, at.jobs.tally(job_id)) | told


def listed(limit: int, before: str, *, at: Bulking, runs: Runs) -> dict[str, Any]:
    """Jobs, newest first."""
    found, after = at.jobs.recent(limit, before)
    jobs = [as_it_is(job.job_id, at, runs) if job.state in LIVE else job for job in found]
    return {"items": [shown(job, at.jobs.tally(job.job_id)) for job in jobs], "next": after or None}


def as_it_is(job_id: str, at: Bulking, runs: Runs) -> Job:
    """The job, `interrupted` when nobody works on it although it is not over."""
    job = at.jobs.get(job_id)
    young = job.asked_at > stamp(at.now() - GRACE)
    if job.state not in LIVE or young or runs.lives(job_id, job.run):
        return job

    def judge(now: Job) -> dict[str, Any] | None:
        if now.run != job.run or now.state not in LIVE:
            return None  # its last task has ended it in the meantime
        state = State.CANCELLED if now.state == State.CANCELLING else State.INTERRUPTED
        return {"state": state, "finished_at": stamp(at.now())}

    return at.jobs.change(job_id, judge)


def cancel(job_id: str, *, at: Bulking, runs: Runs) -> dict[str, Any]:
    """Stop after the orders at hand. Raises NotFound, WrongState for a job that is over."""

    def judge(now: Job) -> dict[str, Any] | None:
        if now.state == State.INTERRUPTED:
            return {"state": State.CANCELLED}
        if now.state not in LIVE:
            raise WrongState("job-over", f"the job is {now.state}")
        return {"state": State.CANCELLING} if now.state != State.CANCELLING else None

    at.jobs.change(job_id, judge)
    return shown(as_it_is(job_id, at, runs), at.jobs.tally(job_id))


def resume(job_id: str, *, at: Bulking, runs: Runs) -> dict[str, Any]:
    """Go on with a job that was cancelled or broke off, or try again what met a passing fault.

    Raises NotFound, WrongState while it is being worked on, or when nothing is left to do.
    """
    as_it_is(job_id, at, runs)
    stuck = at.jobs.tally(job_id).stuck

    def judge(now: Job) -> dict[str, Any]:
        if now.state in LIVE:
            raise WrongState("job-under-way", "the job is still being worked on")
        if now.state == State.COMPLETED and not stuck:
            raise WrongState("job-over", "every order has its result")
        fresh: dict[str, Any] = {"asked_at": stamp(at.now()), "finished_at": "", "problem": {}}
        return {"state": State.PENDING, "run": now.run + 1} | fresh

    job = at.jobs.change(job_id, judge)
    runs.start(job_id, job.run)
    return shown(job, at.jobs.tally(job_id))


def _told(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"order_id": result.order_id or None, "outcome": result.outcome}
    told |= {"number": result.number} if result.number else {}
    told |= {"problem": result.problem} if result.problem else {}
    return told | ({"result": result.result} if result.result else {})
