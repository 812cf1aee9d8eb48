"""/admin/webhook-events: what partners have reported, and having it applied once more."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.routes import StaffRoutes
from comanda.inbox.replay import Send, replay, webhook_events
from comanda.inbox.store import InboxStore
from comanda.runtime.http import answer, answers


def hang_webhooks(routes: StaffRoutes, store: Callable[[], InboxStore], send: Send) -> None:
    @routes.get("/admin/webhook-events", "webhooks.read", "Webhooks of partners, newest first.")
    def events(
        state: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        cursor: Annotated[str, Query(max_length=2000)] = "",
    ) -> Response[dict[str, Any]]:
        return answer(webhook_events(store(), limit=limit, cursor=cursor, state=state))

    @routes.post(
        "/admin/webhook-events/<event_id>/replay",
        "webhooks.replay",
        "Apply a stored webhook once more.",
        answers(202, "The event, back in its queue"),
    )
    def again(event_id: str) -> Response[dict[str, Any]]:
        return answer(replay(event_id, store(), send), 202)
