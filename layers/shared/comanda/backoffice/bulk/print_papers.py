"""The one piece of work of a print job: a paper of each order, one list of all, or their labels."""

from itertools import batched

from comanda.backoffice.bulk.bodies import PrintParams
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.label_piles import LABELS, LabelLines, LabelPages
from comanda.backoffice.bulk.model import Job, Outcome, Result, State, Tally, Unit
from comanda.backoffice.bulk.piles import NotNow, OneList, Papers, Parts, Pile
from comanda.backoffice.bulk.standstill import stands_still
from comanda.documents.kinds import ListKind
from comanda.errors import NotFound, Problem, RetryLater

AT_ONCE = 25  # orders that are set together: Typst's memory grows with them


def print_papers(job_id: str, run: int, at: Bulking) -> str:
    """Set the papers part by part and bind them; what broke off is set again, and is the same file.

    An order that has no such paper is named with the guard in its result, and the others are printed.
    """
    job = at.jobs.get(job_id)
    pile = _pile(PrintParams.model_validate(job.params), Parts(job, at))
    for number in range(job.chunks):
        results: list[Result] = []
        for units in batched(at.jobs.chunk(job_id, number), AT_ONCE, strict=False):
            if at.jobs.get(job_id).state != State.RUNNING or stands_still(job_id, run, at):
                return "stop"
            results += _results(job, units, pile)
        _note(job, number, results, at)
    told = pile.end()
    if told:
        at.jobs.change(job_id, lambda now: {"result": told} if now.run == run else None)
    return "done"


def _pile(params: PrintParams, file: Parts) -> Pile:
    if params.kind == LABELS:
        form = params.format or file.settings(["carriers"])["carriers"].format
        return LabelLines(file) if form == "zpl" else LabelPages(file)
    return OneList(params, file) if params.kind in list(ListKind) else Papers(params, file)


def _results(job: Job, units: tuple[Unit, ...], pile: Pile) -> list[Result]:
    found = [_judged(job, unit, pile) for unit in units]
    off = pile.part()
    return [
        _refused(job, unit, off[unit.order_id]) if unit.order_id in off else result
        for unit, result in zip(units, found, strict=True)
    ]


def _judged(job: Job, unit: Unit, pile: Pile) -> Result:
    """What came of an order: it is on the papers, or why it is not."""
    try:
        if not unit.order_id:
            raise NotFound("no such order")
        pile.add(unit.order_id)
    except RetryLater:
        raise
    except Problem as problem:
        return _refused(job, unit, problem)
    return Result(unit.order_id, Outcome.DONE, job.run, unit.number)


def _refused(job: Job, unit: Unit, problem: Problem) -> Result:
    outcome = Outcome.FAILED if isinstance(problem, NotNow) else Outcome.REFUSED
    why = {"type": problem.type, "detail": problem.detail} | problem.extra
    return Result(unit.order_id, outcome, job.run, unit.number, why)


def _note(job: Job, number: int, results: list[Result], at: Bulking) -> None:
    for place, result in enumerate(results):
        at.jobs.put_result(job, number, place, result)
    at.jobs.put_tally(job, number, Tally.of(results))
