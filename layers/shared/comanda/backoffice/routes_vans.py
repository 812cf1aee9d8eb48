"""/admin/vans: ask a carrier to fetch parcels, see what was asked for, settle what nobody knows of."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.bodies_vans import SettleVanBody, VanBody
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.vans import VanDesk, van_answer
from comanda.errors import Invalid
from comanda.runtime.http import answer

NOT_KEPT = {"Cache-Control": "no-store"}
LONGEST_ID = 64


def hang_vans(routes: StaffRoutes, vans: Callable[[], VanDesk]) -> None:
    @routes.put(
        "/admin/vans/<van_id>",
        "orders.write",
        "Ask a carrier for a van, once for each id: the same again answers what came of it.",
    )
    def ask(van_id: str, body: VanBody) -> Response[dict[str, Any]]:
        if not van_id.isascii() or len(van_id) > LONGEST_ID or not van_id.replace("-", "").isalnum():
            raise Invalid.at("/van_id", f"letters, digits and hyphens, {LONGEST_ID} at most: a UUID, say")
        return answer(van_answer(vans().ask(van_id, body.wish(), routes.origin)), headers=NOT_KEPT)

    @routes.get("/admin/vans", "orders.read", "Vans that were asked for, the latest day first.")
    def listed(
        limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: Annotated[str, Query(max_length=200)] = ""
    ) -> Response[dict[str, Any]]:
        found, following = vans().book.listed(limit, cursor)
        items = [van_answer(van.seen(routes.origin.at)) for van in found]
        return answer({"items": items, "next": following or None}, headers=NOT_KEPT)

    @routes.post(
        "/admin/vans/<van_id>/settle",
        "orders.write",
        "Say whether a van comes of which nobody knew, as the carrier's people told.",
    )
    def settle(van_id: str, body: SettleVanBody) -> Response[dict[str, Any]]:
        at = routes.origin.at
        return answer(van_answer(vans().settle(van_id, body.confirmation, comes=body.comes, at=at)))
