"""/admin/customers/{id}/duplicates and …/merge: two profiles of one person become one."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from comanda.backoffice.bodies import LineId
from comanda.backoffice.customers.duplicates import Duplicates
from comanda.backoffice.customers.merge_answer import merge_answer
from comanda.backoffice.customers.merge_preview import Preview
from comanda.backoffice.customers.merging import Merging, Seen
from comanda.backoffice.routes import StaffRoutes
from comanda.idempotency.store import Request
from comanda.orders.wire import Body
from comanda.runtime.http import answer, idempotency_key, if_match, replayed

LEAVE_MS = 6_000  # of the function's time, to answer in


class MergeBody(Body):
    """`into` is the customer who stays; `into_version` that profile's version, as the preview showed it."""

    into: LineId
    into_version: Annotated[int, Field(ge=0, le=10**9, strict=True)] | None = None


def hang_merge(
    routes: StaffRoutes,
    merging: Callable[[], Merging],
    preview: Callable[[], Preview],
    duplicates: Callable[[], Duplicates],
) -> None:
    @routes.get(
        "/admin/customers/<customer_id>/duplicates", "customers.read", "Who else may be the same customer."
    )
    def alike(customer_id: str) -> Response[dict[str, Any]]:
        return answer(duplicates().of(customer_id), headers={"Cache-Control": "no-store"})

    @routes.get("/admin/customers/<customer_id>/merge", "customers.read", "What a merge would do.")
    def show(
        customer_id: str, into: Annotated[str, Query(min_length=1, max_length=80)]
    ) -> Response[dict[str, Any]]:
        return answer(preview().show(customer_id, into), headers={"Cache-Control": "no-store"})

    @routes.post(
        "/admin/customers/<customer_id>/merge",
        "customers.write",
        "Merge a customer into another, for good; a large one goes on by itself.",
    )
    def merge(customer_id: str, body: MergeBody) -> Response[dict[str, Any]]:
        event, origin = routes.event, routes.origin
        seen = Seen(if_match(event), body.into_version)
        scope = f"{origin.actor}#merge#{customer_id}"
        request = Request.of(scope, idempotency_key(event), body.model_dump(mode="json"))
        time_left = routes.time_left(LEAVE_MS)
        found, before = merging().merge(customer_id, body.into, seen, request, origin, time_left)
        return answer(merge_answer(found), headers=replayed(before))
