"""/admin/ledger: every movement of money between two days of the shop, with totals, and as a file."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field

from comanda.backoffice.accounts.ledger import MOST_ON_PAGE, Ledger, Wanted
from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import answer, download

DAY = r"^\d{4}-\d{2}-\d{2}$"
NOT_KEPT = {"Cache-Control": "no-store"}


class PeriodParameters(BaseModel):
    """`since` and `until` are days of the shop (`2026-11-22`), both in it; at most 366. Kinds: capture,
    refund, dispute, fee, payout."""

    since: Annotated[str, Field(pattern=DAY)]
    until: Annotated[str, Field(pattern=DAY)]
    kind: Annotated[str, Field(max_length=20)] = ""
    method: Annotated[str, Field(max_length=40)] = ""
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""


class LedgerParameters(PeriodParameters):
    limit: Annotated[int, Field(ge=1, le=MOST_ON_PAGE)] = 50
    cursor: Annotated[str, Field(max_length=200)] = ""


def hang_books(routes: StaffRoutes, ledger: Callable[[], Ledger]) -> None:
    @routes.get("/admin/ledger", "accounts.read", "Movements of money of a period, newest first, and totals.")
    def listed(wanted: Annotated[LedgerParameters, Query()]) -> Response[dict[str, Any]]:
        return answer(ledger().page(Wanted(**wanted.model_dump()), routes.now()), headers=NOT_KEPT)

    @routes.get("/admin/ledger/file", "accounts.read", "The movements of money of a period as CSV.")
    def file(wanted: Annotated[PeriodParameters, Query()]) -> Response[Any]:
        made = ledger().table(Wanted(**wanted.model_dump()), routes.now())
        return download(made.file_name, made.content())
