"""/admin/days: the shop's money day by day, closing a day, opening it again."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from comanda.backoffice.accounts.days import LONGEST_REASON, Count, Days
from comanda.backoffice.routes import StaffRoutes
from comanda.orders.wire import Body
from comanda.runtime.http import answer, download

NOT_KEPT = {"Cache-Control": "no-store"}
MOST = 10**13


class CountBody(Body):
    """What was counted of a way to pay, in minor units."""

    method: Annotated[str, Field(min_length=1, max_length=40)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    amount: Annotated[int, Field(ge=-MOST, le=MOST)]
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class CloseDayBody(Body):
    counted: Annotated[list[CountBody], Field(max_length=40)] = []
    note: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class OpenDayBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def hang_days(routes: StaffRoutes, days: Callable[[], Days]) -> None:
    @routes.get("/admin/days", "accounts.read", "The last days of the shop, and which are closed.")
    def listed() -> Response[dict[str, Any]]:
        return answer({"items": days().listed(routes.now()), "next": None}, headers=NOT_KEPT)

    @routes.get("/admin/days/<day>", "accounts.read", "A day's money, its closing, what changed since.")
    def look(day: str) -> Response[dict[str, Any]]:
        return answer(days().look(day, routes.now()), headers=NOT_KEPT)

    @routes.get("/admin/days/<day>/file", "accounts.read", "The movements of a day as CSV.")
    def file(day: str) -> Response[Any]:
        made = days().table(day, routes.now())
        return download(made.file_name, made.content())

    @routes.post("/admin/days/<day>/close", "accounts.close", "Close a day, with what was counted.")
    def close(day: str, body: CloseDayBody) -> Response[dict[str, Any]]:
        counts = [
            Count(one.method, one.currency, one.amount, one.reason, place)
            for place, one in enumerate(body.counted)
        ]
        return answer(days().close(day, counts, body.note.strip(), routes.origin, routes.now()))

    @routes.post("/admin/days/<day>/open", "accounts.lock", "Open a closed day again; its closing is kept.")
    def reopen(day: str, body: OpenDayBody) -> Response[dict[str, Any]]:
        return answer(days().open(day, body.reason.strip(), routes.origin, routes.now()))
