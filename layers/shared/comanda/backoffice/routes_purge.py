"""/admin/orders/{order_id}/purge, /admin/audit/purged: deleting an order for good, and what was deleted."""

import base64
from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.routes import StaffRoutes
from comanda.errors import Malformed
from comanda.idempotency.store import Request
from comanda.orders.purge import Purging, told
from comanda.orders.wire import Body
from comanda.runtime.http import answer, idempotency_key, if_match


class PurgeBody(Body):
    """`reason` is a code: what stays of the order holds no words of anybody."""

    reason: Literal["test", "duplicate", "mistake", "spam", "request"]


def hang_purge(routes: StaffRoutes, purging: Callable[[], Purging]) -> None:
    @routes.post(
        "/admin/orders/<order_id>/purge",
        "orders.purge",
        "Delete an order that has ended and was never invoiced; a tombstone stays.",
    )
    def purge(order_id: str, body: PurgeBody) -> Response[dict[str, Any]]:
        event, origin = routes.event, routes.origin
        version, key = if_match(event), idempotency_key(event, required=False)
        asked = body.model_dump(mode="json")
        request = Request.of(f"{origin.actor}#purge#{order_id}", key, asked) if key else None
        stone, replayed = purging().purge(order_id, body.reason, origin, version=version, request=request)
        return answer(told(stone), headers={"Idempotent-Replay": "true"} if replayed else None)

    @routes.get("/admin/audit/purged", "audit.read", "Purged orders: which, by whom, when and why.")
    def purged(
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        cursor: Annotated[str, Query(max_length=200)] = "",
    ) -> Response[dict[str, Any]]:
        stones, after = purging().tombstones.latest(limit, _position(cursor))
        following = base64.urlsafe_b64encode(after.encode()).decode() if after else None
        return answer({"items": [told(stone) for stone in stones], "next": following})


def _position(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise Malformed("this cursor is not one of ours") from None
