"""/admin/reconciliation, /admin/disputes: what payment providers were asked, what is disputed there."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.accounts.ask import AskNow
from comanda.backoffice.accounts.disputes import Disputes
from comanda.backoffice.accounts.reconciliation import Reconciliation
from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import answer, answers

NOT_KEPT = {"Cache-Control": "no-store"}


def hang_reconciliation(
    routes: StaffRoutes, asking: Callable[[], AskNow], reconciliation: Callable[[], Reconciliation]
) -> None:
    @routes.get(
        "/admin/reconciliation",
        "accounts.read",
        "Payment providers: when each was asked, what that repaired, what is open, whether it is paused.",
    )
    def providers() -> Response[dict[str, Any]]:
        return answer({"items": reconciliation().providers(), "next": None}, headers=NOT_KEPT)

    @routes.post(
        "/admin/reconciliation/<provider>/ask",
        "accounts.ask",
        "Ask a payment provider at once what happened there and what it pays out.",
        answers(202, "It is being asked"),
    )
    def ask(provider: str) -> Response[dict[str, Any]]:
        asking().ask(provider)
        return answer({"provider": provider, "state": "asking"}, 202)


def hang_disputes(routes: StaffRoutes, disputes: Callable[[], Disputes]) -> None:
    @routes.get(
        "/admin/disputes",
        "accounts.read",
        "Disputes of the orders that are held for one; `ended=true`: how others ended, as providers told.",
    )
    def listed(
        ended: Annotated[bool, Query()] = False,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        cursor: Annotated[str, Query(max_length=200)] = "",
    ) -> Response[dict[str, Any]]:
        if ended:
            found, after = disputes().ended(limit, cursor)
            return answer({"items": found, "next": after or None}, headers=NOT_KEPT)
        found, more = disputes().open()
        return answer({"items": found, "next": None, "more": more}, headers=NOT_KEPT)
