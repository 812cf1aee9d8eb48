"""/admin/exports/… and /admin/export-batches/…: ask for files, look at them, fetch them, send them again."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from comanda.backoffice.export_once import run_once
from comanda.backoffice.routes import StaffRoutes
from comanda.exports.contents import LARGEST_ANSWER, LINK_SECONDS
from comanda.exports.exporting import Exporting
from comanda.exports.probing import Probing, told
from comanda.exports.requests import MOST_IDS, content_of, looked_at, resend, shown
from comanda.idempotency.store import KeyStore
from comanda.orders.wire import Body, Named
from comanda.runtime.http import answer, answers, download, idempotency_key, see_other


class RunBody(Body):
    order_ids: (
        Annotated[list[Named], Field(max_length=MOST_IDS, json_schema_extra={"minItems": 1})] | None
    ) = None
    filter: dict[str, Any] | None = None
    profile: Literal["orders", "lines"] | None = None
    mode: Literal["new", "all"] = "new"
    format: Literal["machine", "spreadsheet"] | None = None


def hang_exports(
    routes: StaffRoutes,
    exporting: Callable[[], Exporting],
    keys_seen: Callable[[], KeyStore],
    probing: Callable[[], Probing],
) -> None:
    hang_tests(routes, probing)

    @routes.post(
        "/admin/exports/<destination>/run",
        "exports.run",
        "Send selected or new orders to a destination.",
        answers(202, "The batch that was asked for"),
    )
    def run(destination: str, body: RunBody) -> Response[dict[str, Any]]:
        origin, key = routes.origin, idempotency_key(routes.event, required=False)
        asked = body.model_dump(mode="json", exclude_none=True)
        batch_id, replayed = run_once(destination, asked, key, origin, exporting(), keys_seen())
        return answer({"batch_id": batch_id}, 202, {"Idempotent-Replay": "true"} if replayed else {})

    @routes.get("/admin/export-batches", "exports.read", "Batches, newest first.")
    def batches(
        limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: Annotated[str, Query(max_length=200)] = ""
    ) -> Response[dict[str, Any]]:
        found, after = exporting().batches.recent(limit, cursor)
        return answer({"items": [shown(batch) for batch in found], "next": after or None})

    @routes.get("/admin/export-batches/<batch_id>", "exports.read", "How far a batch has come.")
    def batch(batch_id: str) -> Response[dict[str, Any]]:
        return answer(looked_at(batch_id, exporting()))

    @routes.get("/admin/export-batches/<batch_id>/file", "exports.read", "The very bytes of a batch.")
    def file(batch_id: str) -> Response[Any]:
        at = exporting()
        found, pieces = content_of(batch_id, at)
        if found.size > LARGEST_ANSWER:
            return see_other(at.contents.link(found.key, found.file_name, LINK_SECONDS))
        return download(found.file_name, b"".join(pieces))

    @routes.post(
        "/admin/export-batches/<batch_id>/resend",
        "exports.run",
        "Send the same bytes once more.",
        answers(202, "The batch, on its way again"),
    )
    def again(batch_id: str) -> Response[dict[str, Any]]:
        return answer(shown(resend(batch_id, exporting())), 202)


def hang_tests(routes: StaffRoutes, probing: Callable[[], Probing]) -> None:
    @routes.post(
        "/admin/exports/<destination>/test",
        "settings.write",
        "Try a destination out: who answers there, whether we are let in, whether files can be left.",
        answers(202, "The test that was asked for"),
    )
    def test(destination: str) -> Response[dict[str, Any]]:
        return answer(told(probing().ask(destination, routes.origin.actor)), 202)

    @routes.get(
        "/admin/export-tests/<test_id>",
        "settings.read",
        "What a test has shown: the server's key to confirm, or what is wrong. Kept for a day.",
    )
    def tested(test_id: str) -> Response[dict[str, Any]]:
        return answer(told(probing().find(test_id)))
