"""The one piece of work of a print job: a paper of each order, or one list of all, in one PDF."""

from itertools import batched
from typing import Any, Protocol

from comanda.backoffice.bulk.bodies import PrintParams
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.files import file_key, part_key
from comanda.backoffice.bulk.model import Job, Outcome, Result, State, Tally, Unit
from comanda.backoffice.bulk.standstill import stands_still
from comanda.conversation.view import Sections
from comanda.crash import crash_point
from comanda.documents.kinds import Format, ListKind
from comanda.documents.lists import SETTINGS
from comanda.documents.printing import Judged, list_of, papers_of, wish_of
from comanda.errors import NotFound, Problem, RetryLater
from comanda.times import moment

AT_ONCE = 25  # orders that are set together: Typst's memory grows with them


def print_papers(job_id: str, run: int, at: Bulking) -> str:
    """Set the papers part by part and bind them; what broke off is set again, and is the same file.

    An order that has no such paper is named with the guard in its result, and the others are printed.
    """
    job = at.jobs.get(job_id)
    params = PrintParams.model_validate(job.params)
    file = _File(job, at)
    pile = _List(params, file) if params.kind in list(ListKind) else _Pile(params, file)
    for number in range(job.chunks):
        results: list[Result] = []
        for units in batched(at.jobs.chunk(job_id, number), AT_ONCE, strict=False):
            if at.jobs.get(job_id).state != State.RUNNING or stands_still(job_id, run, at):
                return "stop"
            results += [_judged(job, unit, pile) for unit in units]
            pile.part()
        _note(job, number, results, at)
    pile.end()
    if file.parts:
        file.bind(run, f"{params.kind}-{moment(job.created_at):%Y%m%d-%H%M%S}.pdf", pile.printed)
    return "done"


class _Papers(Protocol):
    """What is made of the orders. `printed`: how many papers there are, of a list its sheets."""

    printed: int

    def add(self, order_id: str) -> None:
        """Raises what keeps the order off."""
        ...

    def part(self) -> None:
        """So many orders are set together."""
        ...

    def end(self) -> None: ...


class _Pile:
    """A paper of each order."""

    def __init__(self, params: PrintParams, file: "_File") -> None:
        self._wish = wish_of(params.kind, params.format or "", params.lang or "")
        self._file = file
        self._orders: list[Judged] = []
        self.printed = 0

    def add(self, order_id: str) -> None:
        printing = self._file.at.printing()
        self._orders.append(printing.judged(order_id, self._wish.kind, self._file.settings))

    def part(self) -> None:
        if self._orders:
            self._file.put(papers_of(self._orders, self._wish, self._file.at.printing().keys))
        self.printed += len(self._orders)
        self._orders = []

    def end(self) -> None:
        """Every part was set when it was full."""


class _List:
    """All orders on one list, whose sheets are known at the end."""

    def __init__(self, params: PrintParams, file: "_File") -> None:
        self._params = params
        self._file = file
        made_at = file.job.created_at
        self._list = file.at.printing().listing(ListKind(params.kind), made_at, params.day or "")
        self.printed = 0

    def add(self, order_id: str) -> None:
        self._list.add(self._file.at.printing().loaded(order_id), self._file.settings(SETTINGS))

    def part(self) -> None:
        """A list has no parts: one row sums up many orders."""

    def end(self) -> None:
        format = Format(self._params.format) if self._params.format else None
        sections, made_at = self._file.settings(SETTINGS), self._file.job.created_at
        papers = list_of(self._list, sections, format, self._params.lang or "", made_at)
        self.printed = len(papers["sheets"])
        for sheet in papers["sheets"]:  # one at a time: its rows may be as many as those of many orders
            self._file.put(papers | {"sheets": [sheet]})


def _judged(job: Job, unit: Unit, pile: _Papers) -> Result:
    """What came of an order: it is on the papers, or why it is not."""
    try:
        if not unit.order_id:
            raise NotFound("no such order")
        pile.add(unit.order_id)
    except RetryLater:
        raise
    except Problem as problem:
        why = {"type": problem.type, "detail": problem.detail} | problem.extra
        return Result(unit.order_id, Outcome.REFUSED, job.run, unit.number, why)
    return Result(unit.order_id, Outcome.DONE, job.run, unit.number)


def _note(job: Job, number: int, results: list[Result], at: Bulking) -> None:
    for place, result in enumerate(results):
        at.jobs.put_result(job, number, place, result)
    at.jobs.put_tally(job, number, Tally.of(results))


class _File:
    """The parts of a job's file, and the shop's settings as they are when it first asks for them: one file
    says one thing."""

    def __init__(self, job: Job, at: Bulking) -> None:
        self.job = job
        self.at = at
        self.parts: list[str] = []
        self._read = at.printing().settings.sections
        self._known: dict[str, Any] = {}

    def settings(self, names: list[str]) -> Sections:
        missing = [name for name in names if name not in self._known]
        if missing:
            self._known |= self._read(missing)
        return {name: self._known[name] for name in names}

    def put(self, papers: dict[str, Any]) -> None:
        self.parts.append(part_key(self.job.job_id, len(self.parts)))
        self.at.printing().press().keep(papers, self.parts[-1])
        crash_point("bulk.part_printed")

    def bind(self, run: int, name: str, printed: int) -> None:
        made = self.at.printing().press().bind(self.parts, file_key(self.job.job_id, "pdf"))
        told = {"file_name": name, "size": made.size, "sha256": made.sha256, "papers": printed}
        self.at.jobs.change(self.job.job_id, lambda now: {"result": told} if now.run == run else None)
