"""/admin/payouts: what providers paid out, line by line, and what is left of each order."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field

from comanda.backoffice.accounts.payouts import Payouts, Wanted
from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import answer, download

DAY = r"^(\d{4}-\d{2}-\d{2})?$"
NOT_KEPT = {"Cache-Control": "no-store"}


class PayoutParameters(BaseModel):
    """`since` and `until` are days on which payouts arrive (`2026-11-22`)."""

    provider: Annotated[str, Field(max_length=40)] = ""
    since: Annotated[str, Field(pattern=DAY)] = ""
    until: Annotated[str, Field(pattern=DAY)] = ""
    differences: bool = False
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=200)] = ""


def hang_payouts(routes: StaffRoutes, payouts: Callable[[], Payouts]) -> None:
    @routes.get("/admin/payouts", "accounts.read", "What providers pay out to the bank, newest first.")
    def listed(wanted: Annotated[PayoutParameters, Query()]) -> Response[dict[str, Any]]:
        found, after = payouts().listed(Wanted(**wanted.model_dump()))
        return answer({"items": found, "next": after or None}, headers=NOT_KEPT)

    @routes.get(
        "/admin/payouts/<provider>/<ref>",
        "accounts.read",
        "A payout with its lines, its differences and what it leaves of each order.",
    )
    def whole(provider: str, ref: str) -> Response[dict[str, Any]]:
        return answer(payouts().whole(provider, ref), headers=NOT_KEPT)

    @routes.get("/admin/payouts/<provider>/<ref>/file", "accounts.read", "The lines of a payout as CSV.")
    def file(provider: str, ref: str) -> Response[Any]:
        made = payouts().table(provider, ref)
        return download(made.file_name, made.content())

    @routes.get(
        "/admin/orders/<order_id>/payouts",
        "accounts.read",
        "What payouts say of an order: fee and net of each of its charges and refunds.",
    )
    def of_order(order_id: str) -> Response[dict[str, Any]]:
        return answer({"items": payouts().of_order(order_id), "next": None}, headers=NOT_KEPT)
