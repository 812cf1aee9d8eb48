"""/admin/period-lock: up to which day the books are locked."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from comanda.backoffice.accounts.locking import LONGEST_REASON, Locking
from comanda.backoffice.routes import StaffRoutes
from comanda.orders.wire import Body
from comanda.runtime.http import answer

NOT_KEPT = {"Cache-Control": "no-store"}


class LockBody(Body):
    """`until` is the last day that is locked (`2026-10-31`); none opens the books again."""

    until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def hang_periods(routes: StaffRoutes, locking: Callable[[], Locking]) -> None:
    @routes.get(
        "/admin/period-lock", "accounts.read", "Up to which day the books are locked, and its history."
    )
    def state() -> Response[dict[str, Any]]:
        return answer(locking().state(), headers=NOT_KEPT)

    @routes.put(
        "/admin/period-lock",
        "accounts.lock",
        "Lock the books up to a day: nothing is dated in them any more; an earlier day or none opens them.",
    )
    def move(body: LockBody) -> Response[dict[str, Any]]:
        told = locking().move(body.until or "", body.reason.strip(), routes.origin)
        return answer(told, headers=NOT_KEPT)
