"""Work on the orders of a chunk, one after the other, each once however often the worker dies."""

from collections.abc import Callable
from typing import Any

from comanda.backoffice.bulk.actions import ACTIONS, parcel_of
from comanda.backoffice.bulk.bodies import ShipParams
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.model import Job, Outcome, Result, State, Tally, Unit
from comanda.backoffice.bulk.standstill import stands_still
from comanda.backoffice.deciding import By
from comanda.crash import crash_point
from comanda.errors import NotFound, Problem, RetryLater
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Origin
from comanda.orders.foresee import Foresight
from comanda.orders.wire import Body
from comanda.runtime.observe import logger
from comanda.times import stamp

ENOUGH = 20.0  # seconds that one order may take at worst
PAUSES = (0.5, 2.0)  # before an order that met a passing fault is tried again


def work_on(job_id: str, run: int, number: int, at: Bulking, left: Callable[[], float]) -> str:
    """`done`, `again` when the time is up, or `stop` when the job was cancelled or is another run's."""
    job = at.jobs.get(job_id)
    units = at.jobs.chunk(job_id, number)
    results = at.jobs.results_of(job_id, number)
    foresight = Foresight(at.commands.desk)
    for place, unit in enumerate(units):
        if place in results and results[place].settled(run):
            continue
        now = at.jobs.get(job_id)
        if now.run != run or now.state != State.RUNNING:
            return "stop"
        if stands_still(job_id, run, at):
            return "stop"
        if left() < ENOUGH:
            return "again"
        results[place] = carried_out(job, unit, at, foresight)
        crash_point("bulk.order_done")
        at.jobs.put_result(job, number, place, results[place])
        crash_point("bulk.result_stored")
        at.jobs.put_tally(job, number, Tally.of(results.values()))
    at.jobs.put_tally(job, number, Tally.of(results.values()))  # the last one may have died before it
    return "done"


def carried_out(job: Job, unit: Unit, at: Bulking, foresight: Foresight) -> Result:
    """Run the unit's command, or foresee it for a preview."""
    action = ACTIONS[job.action]
    params = action.params.model_validate(job.params)

    def tried() -> Result:
        if action.decide is None or not unit.order_id:
            raise NotFound("no such order")
        by = By(Origin(job.actor, f"bulk:{job.job_id}", stamp(at.now())), at.new_id, at.today())
        decide = action.decide(params, unit, by)
        if job.preview:
            changes = foresight.changes(unit.order_id, decide, by.origin)
            return _result(job, unit, Outcome.WOULD_CHANGE if changes else Outcome.UNCHANGED)
        return _run(job, unit, decide, by.origin, params, at)

    return patiently(job, unit, tried, at)


def patiently(job: Job, unit: Unit, tried: Callable[[], Result], at: Bulking) -> Result:
    """The result, or why there is none: a refusal is final, a fault is tried again a few times."""
    for pause in (*PAUSES, None):
        try:
            return tried()
        except RetryLater as problem:
            if pause is None:
                return _result(job, unit, Outcome.FAILED, problem=problem)
            at.pause(pause)
        except Problem as problem:
            return _result(job, unit, Outcome.REFUSED, problem=problem)
        except Exception:
            logger.exception("an order of a bulk job failed", extra={"order_id": unit.order_id})
            told = {"type": "unexpected", "detail": "it was written to the log"}
            return Result(unit.order_id, Outcome.FAILED, job.run, unit.number, told)
    raise AssertionError("the last try answers")


def _run(job: Job, unit: Unit, decide: Decide, origin: Origin, params: Body, at: Bulking) -> Result:
    """The single command's own way, under the identity of this unit, which counts once for ever."""
    identity = f"bulk:{job.job_id}:{unit.key}"
    outcome, told = Outcome.DONE, {}
    try:
        done = at.commands.run(unit.order_id, _once(decide, identity), origin, version=None, request=None)
        told = done.result
        if not done.changed and not at.orders.seen(unit.order_id, identity):
            outcome = Outcome.UNCHANGED
    except RetryLater:
        raise
    except Problem:
        if not at.orders.seen(unit.order_id, identity):  # else it was done, and its result was lost
            raise
    if outcome == Outcome.DONE and isinstance(params, ShipParams):
        number = parcel_of(params, unit).tracking_number
        if number:  # scans may have come before the parcel was known
            at.scanning().catch_up(unit.order_id, number, origin.at)
    return _result(job, unit, outcome, told=told)


def _once(decide: Decide, identity: str) -> Decide:
    def judged(loaded: Loaded) -> Decision:
        decision = decide(loaded)
        return decision + Decision(identities=(identity,)) if decision.facts else decision

    return judged


def _result(
    job: Job,
    unit: Unit,
    outcome: Outcome,
    *,
    problem: Problem | None = None,
    told: dict[str, Any] | None = None,
) -> Result:
    why: dict[str, Any] = {}
    if problem is not None:
        why = {"type": problem.type, "detail": problem.detail} | problem.extra
    return Result(unit.order_id, outcome, job.run, unit.number, why, told or {})
