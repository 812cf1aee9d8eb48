"""/admin/operations/…: what is paused, what failed, and what is done about it."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from comanda.backoffice.operations.pausing import LONGEST_REASON, Pausing
from comanda.backoffice.routes import StaffRoutes
from comanda.orders.wire import Body
from comanda.runtime.http import answer


class PauseBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def hang_switches(routes: StaffRoutes, pausing: Callable[[], Pausing]) -> None:
    @routes.get("/admin/operations/switches", "operations.read", "What can be paused, and what is.")
    def switches() -> Response[dict[str, Any]]:
        found = [switch.to_dict() for switch in pausing().switches()]
        return answer({"items": found, "next": None})

    @routes.post(
        "/admin/operations/switches/<family>/<code>/pause",
        "operations.write",
        "Pause a destination, a provider or a workflow: what is wanted of it waits.",
    )
    def pause(family: str, code: str, body: PauseBody) -> Response[dict[str, Any]]:
        done = pausing().pause(f"{family}:{code}", body.reason.strip(), routes.origin)
        return answer(done.to_dict())

    @routes.post(
        "/admin/operations/switches/<family>/<code>/resume",
        "operations.write",
        "Resume it and take up what waited.",
    )
    def resume(family: str, code: str) -> Response[dict[str, Any]]:
        return answer(pausing().resume(f"{family}:{code}", routes.origin).to_dict())
