"""GET /admin/deliveries: the delivery orders that wait for hands."""

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from comanda.backoffice.deliveries.list import list_deliveries, read_wanted
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import given
from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import answer
from comanda.settings.store import SettingsStore

Code = str | None


class DeliveryParameters(BaseModel):
    """`status` and `location` may be repeated; days as `today` or `3d`; `held` is `false` (what is on hold is
    left out), `true` (marked) or `only`."""

    status: Code = None
    location: Code = None
    promised_from: Code = None
    promised_to: Code = None
    held: Code = None
    limit: Code = None
    cursor: Code = None


def hang_deliveries(
    routes: StaffRoutes, order_list: Callable[[], OrderList], settings: Callable[[], SettingsStore]
) -> None:
    @routes.get("/admin/deliveries", "orders.read", "Delivery orders to pick, pack and ship, oldest first.")
    def deliveries(asked: Annotated[DeliveryParameters, Query()]) -> Response[dict[str, Any]]:
        zone = ZoneInfo(settings().section("shop")[0].time_zone)
        wanted = read_wanted(given(routes.event), routes.now(), zone)
        return answer(list_deliveries(wanted, order_list()), headers={"Cache-Control": "no-store"})
