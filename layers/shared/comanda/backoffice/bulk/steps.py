"""What the tasks of the bulk_action state machine do: prepare, work on a part, finish, note a breakdown."""

import json
from collections.abc import Callable
from typing import Any

from comanda.backoffice.bulk.actions import EXPORT, PRINT
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.export import export
from comanda.backoffice.bulk.model import LIVE, Job, State
from comanda.backoffice.bulk.prepare import WHOLE, prepare
from comanda.backoffice.bulk.print_papers import print_papers
from comanda.backoffice.bulk.standstill import stands_still
from comanda.backoffice.bulk.work import work_on
from comanda.runtime.observe import logger
from comanda.times import stamp

IN_ONE = {EXPORT: export, PRINT: print_papers}  # actions that are one piece of work on all orders


def run_step(event: dict[str, Any], at: Bulking, left: Callable[[], float]) -> dict[str, Any]:
    """One task. `left` says how many seconds the function still has. Raises what Step Functions repeats."""
    step, job_id, run = event["step"], event["job_id"], int(event["run"])
    logger.append_keys(job_id=job_id, step=step, run=run)
    if step == "prepare":
        return {"parts": []} if stands_still(job_id, run, at) else prepare(job_id, run, at)
    if step == "work":
        if stands_still(job_id, run, at):
            return {"next": "stop"}
        part = int(event["part"])
        if part == WHOLE:
            return {"next": IN_ONE[at.jobs.get(job_id).action](job_id, run, at)}
        return {"next": work_on(job_id, run, part, at, left)}
    if step == "finish":
        return {"state": finish(job_id, run, at)}
    return {"state": interrupt(job_id, run, event.get("error") or {}, at)}


def finish(job_id: str, run: int, at: Bulking) -> State:
    """Close the job, unless another run has it by now."""

    def judge(now: Job) -> dict[str, Any] | None:
        if now.run != run or now.state not in LIVE:
            return None
        state = State.CANCELLED if now.state == State.CANCELLING else State.COMPLETED
        return {"state": state, "finished_at": stamp(at.now())}

    return at.jobs.change(job_id, judge).state


def interrupt(job_id: str, run: int, error: dict[str, Any], at: Bulking) -> State:
    """Say that the run broke off; `resume` starts the next."""
    logger.error("a bulk job was interrupted", extra={"cause": json.dumps(error)[:1000]})

    def judge(now: Job) -> dict[str, Any] | None:
        if now.run != run or now.state not in LIVE:
            return None
        state = State.CANCELLED if now.state == State.CANCELLING else State.INTERRUPTED
        return {"state": state, "finished_at": stamp(at.now())}

    return at.jobs.change(job_id, judge).state
