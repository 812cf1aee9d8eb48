"""The one piece of work of an export job: a batch for a destination, or a file to download."""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.bulk.bodies import ExportParams
from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.files import file_key
from comanda.backoffice.bulk.model import CHUNK_UNITS, Job, Outcome, Result, State, Tally, Unit
from comanda.backoffice.bulk.prepare import give_up
from comanda.crash import crash_point
from comanda.errors import Problem, RetryLater
from comanda.exports.model import Wanted, slug
from comanda.exports.requests import request_run
from comanda.exports.select import obstacle
from comanda.exports.sheet import Sheet
from comanda.orders.model import Order
from comanda.times import moment

NOT_FOUND = "not-found"
FLUSH_ORDERS = 500


def export(job_id: str, run: int, at: Bulking) -> str:
    """Hand the orders over in one go; what broke off is done again, and is the same batch or file."""
    job = at.jobs.get(job_id)
    if job.run != run or job.state != State.RUNNING:
        return "stop"
    params = ExportParams.model_validate(job.params)
    units = [unit for number in range(job.chunks) for unit in at.jobs.chunk(job_id, number)]
    try:
        told, judged = _handed_over(job, params, units, at)
    except RetryLater:
        raise
    except Problem as problem:  # such as a destination that was switched off meanwhile
        give_up(job, problem, at)
        return "stop"
    crash_point("bulk.exported")
    _note(job, judged, at)
    at.jobs.change(job_id, lambda now: {"result": told} if now.run == run else None)
    return "done"


type Judged = dict[str, str | None]  # order id → what hinders it


def _handed_over(
    job: Job, params: ExportParams, units: list[Unit], at: Bulking
) -> tuple[dict[str, Any], Judged]:
    if not any(unit.order_id for unit in units):
        return {}, {}
    work = _to_destination if params.destination else _to_file
    return work(job, params, units, at)


def _to_destination(
    job: Job, params: ExportParams, units: list[Unit], at: Bulking
) -> tuple[dict[str, Any], Judged]:
    """A batch of this job's own, which judges each order again when it is built."""
    exporting = at.exporting()
    ids = [unit.order_id for unit in units if unit.order_id]
    destination = str(params.destination)
    wanted = Wanted(params.mode, tuple(ids))
    judged = _judged(ids, lambda order: obstacle(order, wanted, destination), at)
    batch_id = request_run(
        destination,
        exporting,
        requested_by=job.actor,
        order_ids=ids,
        profile=params.profile,
        mode=params.mode,
        format=params.format,
        batch_id=job.job_id,
    )
    return {"batch_id": batch_id}, judged


def _to_file(job: Job, params: ExportParams, units: list[Unit], at: Bulking) -> tuple[dict[str, Any], Judged]:
    """All orders that there are, whatever their state, in the order of the job."""
    exporting = at.exporting()
    shop = exporting.shop()
    sheet = Sheet(params.profile or "orders", params.format or "spreadsheet", ",", ZoneInfo(shop.time_zone))
    judged: Judged = {unit.order_id: NOT_FOUND for unit in units}
    progress = _Progress(job, units, at)
    writer = exporting.contents.writer(file_key(job.job_id, "csv"))
    try:
        for count, loaded in enumerate(_stream([u.order_id for u in units if u.order_id], at), start=1):
            sheet.add(loaded, "new")
            judged[loaded.order.order_id] = None
            if count % FLUSH_ORDERS == 0:
                writer.write(sheet.take())
                progress.up_to(loaded.order.order_id)
        writer.write(sheet.take())
        writer.close()
    except BaseException:
        writer.abort()
        raise
    name = f"{slug(shop.name)}_{moment(job.created_at):%Y%m%d_%H%M%S}_{job.job_id}.csv"
    told = {"file_name": name, "sha256": writer.sha256, "size": writer.size, "rows": sheet.rows}
    return told, judged


class _Progress:
    """How far a file is: sums of the chunks that are in it whole, replaced by the true ones at the end."""

    def __init__(self, job: Job, units: list[Unit], at: Bulking) -> None:
        self.job = job
        self.at = at
        self._places = {unit.order_id: place for place, unit in enumerate(units)}
        self._told = 0

    def up_to(self, order_id: str) -> None:
        """Orders are written in the job's order, and an export's chunks are all full but the last."""
        whole = (self._places[order_id] + 1) // CHUNK_UNITS
        for chunk in range(self._told, whole):
            self.at.jobs.put_tally(self.job, chunk, Tally(done=CHUNK_UNITS))
        self._told = max(self._told, whole)


def _stream(order_ids: list[str], at: Bulking) -> Iterator[Any]:
    return at.exporting().reader.stream(order_ids, lambda order: True)


def _judged(order_ids: list[str], hinders: Callable[[Order], str | None], at: Bulking) -> Judged:
    judged: Judged = dict.fromkeys(order_ids, NOT_FOUND)

    def keep(order: Order) -> bool:
        judged[order.order_id] = hinders(order)
        return False  # its texts are not needed

    for _ in at.exporting().reader.stream(order_ids, keep):
        raise AssertionError("nothing was kept")
    return judged


def _note(job: Job, judged: Judged, at: Bulking) -> None:
    """A result for each order, and the sums."""
    for number in range(job.chunks):
        results = [
            _result(job, unit, judged.get(unit.order_id, NOT_FOUND))
            for unit in at.jobs.chunk(job.job_id, number)
        ]
        for place, result in enumerate(results):
            at.jobs.put_result(job, number, place, result)
        at.jobs.put_tally(job, number, Tally.of(results))


def _result(job: Job, unit: Unit, hindrance: str | None) -> Result:
    if hindrance is None:
        return Result(unit.order_id, Outcome.DONE, job.run, unit.number)
    found = hindrance != NOT_FOUND
    problem = {"type": "wrong-state", "guard": hindrance} if found else {"type": NOT_FOUND}
    return Result(
        unit.order_id, Outcome.REFUSED, job.run, unit.number, problem | {"detail": "not to be exported"}
    )
