"""The one piece of work of a print job: a paper of each order, all in one PDF."""

from itertools import batched
from typing import Any

from comanda.backoffice.bulk.bodies import PrintParams
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.files import file_key, part_key
from comanda.backoffice.bulk.model import Job, Outcome, Result, State, Tally, Unit
from comanda.backoffice.bulk.standstill import stands_still
from comanda.conversation.view import Sections
from comanda.crash import crash_point
from comanda.documents.printing import Judged, Wish, papers_of, wish_of
from comanda.errors import NotFound, Problem, RetryLater
from comanda.times import moment

AT_ONCE = 25  # orders that are set together: Typst's memory grows with them


def print_papers(job_id: str, run: int, at: Bulking) -> str:
    """Set the papers part by part and bind them; what broke off is set again, and is the same file.

    An order that has no such paper is named with the guard in its result, and the others are printed.
    """
    job = at.jobs.get(job_id)
    params = PrintParams.model_validate(job.params)
    wish = wish_of(params.kind, params.format or "", params.lang or "")
    parts: list[str] = []
    printed = 0
    read = _Settings(at)
    for number in range(job.chunks):
        results: list[Result] = []
        for units in batched(at.jobs.chunk(job_id, number), AT_ONCE, strict=False):
            if at.jobs.get(job_id).state != State.RUNNING or stands_still(job_id, run, at):
                return "stop"
            judged = [_judged(job, unit, wish, read, at) for unit in units]
            orders = [found for found, _ in judged if found is not None]
            if orders:
                parts.append(part_key(job_id, len(parts)))
                at.printing().press().keep(papers_of(orders, wish), parts[-1])
                crash_point("bulk.part_printed")
            printed += len(orders)
            results += [result for _, result in judged]
        _note(job, number, results, at)
    if parts:
        _bind(job, run, wish, parts, printed, at)
    return "done"


def _judged(job: Job, unit: Unit, wish: Wish, read: "_Settings", at: Bulking) -> tuple[Judged | None, Result]:
    """The order with its settings, or why it has no such paper."""
    try:
        if not unit.order_id:
            raise NotFound("no such order")
        found = at.printing().judged(unit.order_id, wish.kind, read)
    except RetryLater:
        raise
    except Problem as problem:
        why = {"type": problem.type, "detail": problem.detail} | problem.extra
        return None, Result(unit.order_id, Outcome.REFUSED, job.run, unit.number, why)
    return found, Result(unit.order_id, Outcome.DONE, job.run, unit.number)


def _note(job: Job, number: int, results: list[Result], at: Bulking) -> None:
    for place, result in enumerate(results):
        at.jobs.put_result(job, number, place, result)
    at.jobs.put_tally(job, number, Tally.of(results))


def _bind(job: Job, run: int, wish: Wish, parts: list[str], printed: int, at: Bulking) -> None:
    made = at.printing().press().bind(parts, file_key(job.job_id, "pdf"))
    name = f"{wish.kind}-{moment(job.created_at):%Y%m%d-%H%M%S}.pdf"
    told = {"file_name": name, "size": made.size, "sha256": made.sha256, "papers": printed}
    at.jobs.change(job.job_id, lambda now: {"result": told} if now.run == run else None)


class _Settings:
    """The shop's settings as they are when a job first asks for them: one file says one thing."""

    def __init__(self, at: Bulking) -> None:
        self._read = at.printing().settings.sections
        self._known: dict[str, Any] = {}

    def __call__(self, names: list[str]) -> Sections:
        missing = [name for name in names if name not in self._known]
        if missing:
            self._known |= self._read(missing)
        return {name: self._known[name] for name in names}
