"""/admin/bulk and /admin/jobs: one command on many orders, its progress and its results."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.bulk import ask as asking
from comanda.backoffice.bulk import look
from comanda.backoffice.bulk.actions import ACTIONS
from comanda.backoffice.bulk.bodies import BulkBody
from comanda.backoffice.bulk.bulking import Bulking, Runs
from comanda.backoffice.bulk.files import KINDS, file_key, kind_of
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.staff import require
from comanda.errors import WrongState
from comanda.exports.contents import LARGEST_ANSWER, LINK_SECONDS
from comanda.idempotency.store import KeyStore
from comanda.runtime.http import answer, answers, download, idempotency_key, see_other


def hang_bulk(
    routes: StaffRoutes,
    bulking: Callable[[], Bulking],
    runs: Callable[[], Runs],
    keys_seen: Callable[[], KeyStore],
    understand: asking.Understand,
    names: asking.Names,
    whom: asking.Whom,
) -> None:
    """Asking for jobs, and all that becomes of them."""

    @routes.post(
        "/admin/bulk",
        "orders.write",
        "One command on many orders, as a job.",
        answers(202, "The job that was asked for"),
    )
    def bulk(body: BulkBody) -> Response[dict[str, Any]]:
        action = ACTIONS.get(body.action)
        if action:
            require(routes.staff, action.permission)
        key = idempotency_key(routes.event)
        job_id, replayed = asking.ask(
            body,
            key,
            routes.origin,
            at=bulking(),
            runs=runs(),
            keys_seen=keys_seen(),
            understand=understand,
            names=names,
            whom=whom,
        )
        return answer({"job_id": job_id}, 202, {"Idempotent-Replay": "true"} if replayed else {})

    hang_jobs(routes, bulking, runs)


def hang_jobs(routes: StaffRoutes, bulking: Callable[[], Bulking], runs: Callable[[], Runs]) -> None:
    @routes.get("/admin/jobs", "orders.read", "Bulk jobs, newest first.")
    def jobs(
        limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Annotated[str, Query(max_length=200)] = ""
    ) -> Response[dict[str, Any]]:
        return answer(look.listed(limit, cursor, at=bulking(), runs=runs()))

    @routes.get("/admin/jobs/<job_id>", "orders.read", "How far a job has come, and a page of its results.")
    def job(
        job_id: str,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        cursor: Annotated[str, Query(max_length=40)] = "",
        failed: Annotated[bool, Query()] = False,
    ) -> Response[dict[str, Any]]:
        seen = look.looked_at(job_id, limit, cursor, failed=failed, at=bulking(), runs=runs())
        return answer(seen, headers={"Cache-Control": "no-store"})

    @routes.get("/admin/jobs/<job_id>/file", "exports.read", "The file that a job wrote.")
    def file(job_id: str) -> Response[Any]:
        at = bulking()
        made = at.jobs.get(job_id).result
        if not made.get("file_name"):
            raise WrongState("job-without-file", "this job has no file")
        contents = at.exporting().contents
        kind = kind_of(made["file_name"])
        key = file_key(job_id, kind)
        if made["size"] > LARGEST_ANSWER:
            return see_other(contents.link(key, made["file_name"], LINK_SECONDS))
        return download(made["file_name"], b"".join(contents.read(key)), KINDS[kind])

    @routes.post("/admin/jobs/<job_id>/cancel", "orders.write", "Stop a job after the orders at hand.")
    def cancel(job_id: str) -> Response[dict[str, Any]]:
        return answer(look.cancel(job_id, at=bulking(), runs=runs()))

    @routes.post(
        "/admin/jobs/<job_id>/resume", "orders.write", "Go on with a job that was cancelled or interrupted."
    )
    def resume(job_id: str) -> Response[dict[str, Any]]:
        return answer(look.resume(job_id, at=bulking(), runs=runs()))
