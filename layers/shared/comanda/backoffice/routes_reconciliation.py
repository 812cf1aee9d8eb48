"""/admin/reconciliation: what payment providers were asked, and asking them at once."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.accounts.ask import AskNow
from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import answer, answers


def hang_reconciliation(routes: StaffRoutes, asking: Callable[[], AskNow]) -> None:
    @routes.post(
        "/admin/reconciliation/<provider>/ask",
        "accounts.ask",
        "Ask a payment provider at once what happened there and what it pays out.",
        answers(202, "It is being asked"),
    )
    def ask(provider: str) -> Response[dict[str, Any]]:
        asking().ask(provider)
        return answer({"provider": provider, "state": "asking"}, 202)
