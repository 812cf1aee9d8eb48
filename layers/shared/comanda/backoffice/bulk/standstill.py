"""Bulk jobs while they are paused: each stops after the order at hand, and goes on when they are resumed."""

from typing import Any

from comanda.backoffice.bulk.bulking import Bulking, Runs
from comanda.backoffice.bulk.look import resume
from comanda.backoffice.bulk.model import Job, State
from comanda.errors import WrongState
from comanda.settings.pauses import BULK
from comanda.times import stamp

PAUSED = "paused"
PAGE = 50
MOST_LOOKED_AT = 500


def stands_still(job_id: str, run: int, at: Bulking) -> bool:
    """Whether bulk jobs are paused; the job is stopped then, and marked as to be gone on with."""
    if not at.paused(BULK):
        return False

    def judge(now: Job) -> dict[str, Any] | None:
        if now.run != run or now.state not in (State.PENDING, State.RUNNING):
            return None
        told = {"type": PAUSED, "detail": "bulk jobs are paused; it goes on when they are resumed"}
        return {"state": State.CANCELLED, "problem": told, "finished_at": stamp(at.now())}

    at.jobs.change(job_id, judge)
    return True


def go_on(*, at: Bulking, runs: Runs) -> int:
    """Go on with the jobs that the pause has stopped, not with those that somebody stopped."""
    resumed, before = 0, ""
    for _ in range(MOST_LOOKED_AT // PAGE):
        found, before = at.jobs.recent(PAGE, before)
        for job in found:
            if job.state == State.CANCELLED and job.problem.get("type") == PAUSED:
                resumed += _resumed(job, at, runs)
        if not before:
            break
    return resumed


def _resumed(job: Job, at: Bulking, runs: Runs) -> int:
    try:
        resume(job.job_id, at=at, runs=runs)
    except WrongState:
        return 0  # somebody went on with it meanwhile
    return 1
