"""GET /admin/parcels: parcels over all orders; those that are stuck."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.parcels.stuck import StuckParcels
from comanda.backoffice.routes import StaffRoutes
from comanda.errors import Invalid
from comanda.runtime.http import answer


def hang_parcels(routes: StaffRoutes, stuck_parcels: Callable[[], StuckParcels]) -> None:
    @routes.get("/admin/parcels", "orders.read", "Parcels without a scan for too long, longest first.")
    def parcels(
        stuck: Annotated[str, Query(max_length=10)] = "",
        carrier: Annotated[str, Query(max_length=60)] = "",
        cursor: Annotated[str, Query(max_length=1000)] = "",
    ) -> Response[dict[str, Any]]:
        if stuck != "true":
            raise Invalid.at("/stuck", "true: it is stuck parcels that are listed")
        items, following = stuck_parcels().listed(carrier, cursor)
        return answer({"items": items, "next": following or None}, headers={"Cache-Control": "no-store"})
